// Puts operations on record without end, as a gateway does, and tells of each that is on record.
import mongoose from 'mongoose';
import { AuditStore } from '../../dist/schema/audit/audit-store.js';
import { AuditTrail } from '../../dist/schema/audit/audit-trail.js';

const [uri, dbName, entry] = process.argv.slice(2);
const connection = await mongoose.createConnection(uri, { dbName, bufferCommands: false }).asPromise();
const fail = (error) => {
  throw error;
};
const trail = new AuditTrail({ store: new AuditStore(connection), onFailure: fail, patienceMs: 60_000 });
const write = async (writer) => {
  for (let number = 0; ; number++) {
    const operationId = `${trail.chain}-${writer}-${number}`;
    await trail.open({ ...JSON.parse(entry), operationId });
    process.send({ operationId });
  }
};
await Promise.all([0, 1, 2, 3].map(write));
