import { describe, expect, it } from '@jest/globals';
import { ProjectionRunner } from '../../../jobs/projection/projection-runner.ts';
import type { Projector } from '../../../schema/replica/projector.ts';

/** A projector whose runs end when they are let. */
function heldProjector() {
  const runs: (() => void)[] = [];
  let began = 0;
  const projector: Pick<Projector, 'run'> = {
    run: () => {
      began += 1;
      return new Promise((resolve) => runs.push(() => resolve({ records: 0, institutions: 0 })));
    },
  };
  return { projector: projector as Projector, began: () => began, endOne: () => runs.shift()?.() };
}
const nobodyFails = (error: unknown): never => {
  throw error;
};

describe('runs of the projector', () => {
  it('are one at a time, and one more does for all who ask while one is under way', async () => {
    const { projector, began, endOne } = heldProjector();
    const runner = new ProjectionRunner(projector, nobodyFails);
    const first = runner.run();
    const second = runner.run();
    const third = runner.run();
    expect(began()).toBe(1);
    endOne();
    await first;
    expect(began()).toBe(2);
    endOne();
    await Promise.all([second, third]);
    const fourth = runner.run();
    expect(began()).toBe(3);
    endOne();
    await fourth;
  });

  it('that fail are reported, and the next one tries again', async () => {
    const failures: unknown[] = [];
    let runs = 0;
    const failing = { run: () => Promise.reject(new Error(`run ${++runs}`)) } as unknown as Projector;
    const runner = new ProjectionRunner(failing, (error) => failures.push(error));
    await runner.run();
    await runner.run();
    expect(failures).toEqual([new Error('run 1'), new Error('run 2')]);
  });

  it('that are asked for soon come once, a little later', async () => {
    let begin: () => void;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    let runs = 0;
    const projector = {
      run: () => {
        runs += 1;
        begin();
        return Promise.resolve({ records: 0, institutions: 0 });
      },
    } as unknown as Projector;
    const runner = new ProjectionRunner(projector, nobodyFails);
    runner.soon();
    runner.soon();
    expect(runs).toBe(0);
    // Keeps the process alive for the runner, which does not.
    const alive = setTimeout(() => undefined, 30_000);
    await begun;
    clearTimeout(alive);
    await runner.close();
    expect(runs).toBe(1);
  });

  it('end with their process: the one under way is waited for, and no other begins', async () => {
    const { projector, began, endOne } = heldProjector();
    const runner = new ProjectionRunner(projector, nobodyFails);
    const first = runner.run();
    const second = runner.run();
    runner.soon();
    const closed = runner.close();
    let isClosed = false;
    void closed.then(() => (isClosed = true));
    await Promise.resolve();
    expect(isClosed).toBe(false);
    endOne();
    await Promise.all([first, second, closed]);
    await runner.run();
    expect(began()).toBe(1);
  });
});
