// Owns a data folder and its store; writes documents without end and tells of each that was acknowledged.
import { setInterval } from 'node:timers';
import mongoose from 'mongoose';
import { claimDataFolder } from '../../dist/jobs/embedded/data-folder.js';
import { startEmbeddedStore } from '../../dist/jobs/embedded/store/start-store.js';

const [folder, round, mode] = process.argv.slice(2);
try {
  await claimDataFolder(folder);
} catch (error) {
  process.send({ refused: error.name });
  process.exit(3);
}
process.send({ claimed: true });
if (mode === 'claim') setInterval(() => undefined, 1_000);
else {
  const store = await startEmbeddedStore({ folder: `${folder}/store` });
  const connection = await mongoose.createConnection(store.uri).asPromise();
  const ledger = connection.collection('ledger');
  await ledger.createIndex({ entry: 1 }, { unique: true });
  const write = async (writer) => {
    for (let number = 0; ; number++) {
      const entry = `${round}-${writer}-${number}`;
      await ledger.insertOne({ entry });
      process.send({ entry });
    }
  };
  await Promise.all([0, 1, 2, 3].map(write));
}
