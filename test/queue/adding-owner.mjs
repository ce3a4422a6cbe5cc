// Owns the embedded queue and adds jobs without end, telling of each that was acknowledged; the test kills it.
import { startEmbeddedQueue } from '../../dist/jobs/embedded/queue/start-queue-store.js';
import { openQueueBackend } from '../../dist/jobs/queue/queue-backend.js';

const [folder, round] = process.argv.slice(2);
const server = await startEmbeddedQueue({ folder });
const queue = openQueueBackend({ kind: 'postgres', url: server.url }).queue('replica-sync');
for (let number = 0; ; number++) {
  const jobId = `job-${round}-${number}`;
  await queue.add({ v: 1, departmentId: 'transport', read: 'penalties', full: false }, { jobId });
  process.send(jobId);
}
