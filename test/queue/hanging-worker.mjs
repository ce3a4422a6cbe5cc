// A worker that takes a job and never ends it; the test kills it.
import { openQueueBackend } from '../../dist/jobs/queue/queue-backend.js';

const backend = openQueueBackend(JSON.parse(process.env.QUEUE_ADDRESS), process.env.QUEUE_PREFIX);
backend.worker(
  'replica-sync',
  ({ departmentId }) => {
    process.send(departmentId);
    return new Promise(() => undefined);
  },
  { lockDurationMs: 1_000 },
);
