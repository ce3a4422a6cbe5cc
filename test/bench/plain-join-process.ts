/** The plain peer in a process of its own; told environment and crosswalk by its parent. */
import { answerCpuTime } from './cpu-time.ts';
import { startPlainJoin, type Crosswalk } from './plain-join.ts';

process.once('message', (message) => {
  const { environment, crosswalk } = message as { environment: Record<string, string>; crosswalk: Crosswalk };
  void startPlainJoin(environment, crosswalk).then(({ address }) => {
    answerCpuTime();
    process.send?.({ address });
  });
});
process.once('disconnect', () => process.exit(0));
