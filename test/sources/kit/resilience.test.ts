import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { HubError, type HubErrorCode } from '../../../schema/errors.ts';
import type { CallScope } from '../../../schema/ports.ts';
import { Resilience, type GuardedCall, type ResilienceSettings } from '../../../sources/kit/resilience.ts';

const guard = (settings: Partial<ResilienceSettings> = {}): Resilience =>
  new Resilience({ departmentName: 'Ecology', timeoutMs: 1_000, concurrency: 2, ...settings });

/** An operation that waits this long for its answers, and whose caller can leave before. */
function caller(timeoutMs = 5_000): { readonly scope: CallScope; readonly leave: () => void } {
  const controller = new AbortController();
  const scope = { requestId: 'r1', signal: controller.signal, deadlineAt: Date.now() + timeoutMs };
  return { scope, leave: () => controller.abort() };
}

const fails = (code: HubErrorCode) => (): Promise<never> => Promise.reject(new HubError(code, `told to: ${code}`));
const answers =
  <T>(value: T) =>
  (): Promise<T> =>
    Promise.resolve(value);
/** The worst neighbour: never answers, and does not care that nobody waits any more. */
const hangs = (): Promise<never> => new Promise<never>(() => undefined);

/** How a read ended: its value, or the code of its error. */
const outcome = (read: Promise<unknown>): Promise<unknown> =>
  read.catch((error: unknown) => (error instanceof HubError ? error.code : error));

async function failInARow(department: Resilience, times: number): Promise<void> {
  for (let count = 0; count < times; count++) {
    await outcome(department.read(caller().scope, fails('SOURCE_MALFORMED')));
  }
}

describe('the deadline of a call', () => {
  it('holds although the attempt never ends and ignores its signal', async () => {
    const department = guard({ timeoutMs: 40 });
    const begun = Date.now();
    await expect(department.read(caller().scope, hangs)).rejects.toMatchObject({
      code: 'SOURCE_TIMEOUT',
      message: 'Ecology did not answer within 40 ms; its records are missing from this result.',
    });
    expect(Date.now() - begun).toBeLessThan(400);
  });

  it('is the time that the operation has left, where that is less', async () => {
    const begun = Date.now();
    expect(await outcome(guard().read(caller(40).scope, hangs))).toBe('SOURCE_TIMEOUT');
    expect(Date.now() - begun).toBeLessThan(400);
  });

  it('can be longer for a single call', async () => {
    const department = guard({ timeoutMs: 10 });
    const slow = (): Promise<string> => delay(50, 'directory');
    expect(await outcome(department.read(caller().scope, slow))).toBe('SOURCE_TIMEOUT');
    expect(await outcome(department.read(caller().scope, slow, 1_000))).toBe('directory');
  });

  it('tells the attempt to stop', async () => {
    let stopped = false;
    const attempt = ({ signal }: GuardedCall): Promise<never> => {
      signal.addEventListener('abort', () => (stopped = true));
      return hangs();
    };
    await outcome(guard({ timeoutMs: 20 }).read(caller().scope, attempt));
    expect(stopped).toBe(true);
  });

  it('may be far away: a call of the background has none of its own', async () => {
    const background: CallScope = { ...caller().scope, deadlineAt: Number.POSITIVE_INFINITY };
    expect(await outcome(guard().read(background, answers('directory')))).toBe('directory');
    expect(await outcome(guard({ timeoutMs: 20 }).read(background, hangs))).toBe('SOURCE_TIMEOUT');
  });

  it('counts while the call waits in line', async () => {
    const department = guard({ concurrency: 1, timeoutMs: 150 });
    const first = outcome(department.read(caller().scope, hangs));
    const begun = Date.now();
    const second = await outcome(department.read(caller(40).scope, answers('too late')));
    expect([second, Date.now() - begun < 120]).toEqual(['SOURCE_TIMEOUT', true]);
    expect(await first).toBe('SOURCE_TIMEOUT');
  });
});

describe('a caller that has gone', () => {
  it('is let go at once', async () => {
    const { scope, leave } = caller();
    const read = outcome(guard().read(scope, hangs));
    leave();
    expect(await read).toBe('SOURCE_TIMEOUT');
  });

  it('does not have the department asked any more when its turn comes', async () => {
    const department = guard({ concurrency: 1 });
    const late = jest.fn(answers('unwanted'));
    let release = (): void => undefined;
    const first = department.read(caller().scope, () => new Promise<void>((resolve) => (release = resolve)));
    const { scope, leave } = caller();
    const second = outcome(department.read(scope, late));
    leave();
    expect(await second).toBe('SOURCE_TIMEOUT');
    release();
    await first;
    await department.read(caller().scope, answers('next in line'));
    expect(late).not.toHaveBeenCalled();
  });

  it('is no failure of the department: neither health nor circuit change', async () => {
    const department = guard({ failuresToOpen: 2 });
    for (let count = 0; count < 4; count++) {
      const { scope, leave } = caller();
      const read = outcome(department.read(scope, hangs));
      leave();
      await read;
    }
    expect(department.health()).toEqual({ state: 'UP', circuit: 'CLOSED', lastSuccessAt: null, lastErrorCode: null });
    expect(await outcome(department.read(caller().scope, answers('served')))).toBe('served');
  });

  it('had hardly any time: that is no failure of the department either', async () => {
    const department = guard({ failuresToOpen: 2 });
    for (let count = 0; count < 4; count++) await outcome(department.read(caller(10).scope, hangs));
    expect(department.health()).toMatchObject({ state: 'UP', circuit: 'CLOSED' });
  });
});

describe('a second attempt', () => {
  it('is made when the department could not be reached, and its answer counts', async () => {
    const attempt = jest.fn(answers('second')).mockImplementationOnce(fails('SOURCE_UNAVAILABLE'));
    const department = guard();
    expect(await department.read(caller().scope, attempt)).toBe('second');
    expect(attempt).toHaveBeenCalledTimes(2);
    expect(department.health()).toMatchObject({ state: 'UP', lastErrorCode: null });
  });

  it('is the last one', async () => {
    const attempt = jest.fn(fails('SOURCE_UNAVAILABLE'));
    expect(await outcome(guard().read(caller().scope, attempt))).toBe('SOURCE_UNAVAILABLE');
    expect(attempt).toHaveBeenCalledTimes(2);
  });

  it.each<HubErrorCode>(['SOURCE_TIMEOUT', 'SOURCE_REFUSED', 'SOURCE_MALFORMED', 'UNSUPPORTED', 'INTERNAL'])(
    'is not made after %s',
    async (code) => {
      const attempt = jest.fn(fails(code));
      expect(await outcome(guard().read(caller().scope, attempt))).toBe(code);
      expect(attempt).toHaveBeenCalledTimes(1);
    },
  );

  it('is not made after the deadline', async () => {
    const attempt = jest.fn(hangs);
    await outcome(guard({ timeoutMs: 20 }).read(caller().scope, attempt));
    expect(attempt).toHaveBeenCalledTimes(1);
  });

  it('is not made when the operation has no time left for its answer', async () => {
    const attempt = jest.fn(fails('SOURCE_UNAVAILABLE'));
    expect(await outcome(guard().read(caller(120).scope, attempt))).toBe('SOURCE_UNAVAILABLE');
    expect(attempt).toHaveBeenCalledTimes(1);
  });

  it('is not made for a caller that leaves before it', async () => {
    const { scope, leave } = caller();
    const attempt = jest.fn(fails('SOURCE_UNAVAILABLE'));
    const read = outcome(guard().read(scope, attempt));
    await delay(5);
    leave();
    expect(await read).toBe('SOURCE_UNAVAILABLE');
    expect(attempt).toHaveBeenCalledTimes(1);
  });
});

describe('the circuit', () => {
  it('opens after the given number of failures in a row, and then nobody asks the department', async () => {
    const department = guard({ failuresToOpen: 3 });
    await failInARow(department, 2);
    expect(department.health()).toMatchObject({ state: 'DEGRADED', circuit: 'CLOSED' });
    await failInARow(department, 1);
    expect(department.health()).toMatchObject({ state: 'DOWN', circuit: 'OPEN', lastErrorCode: 'SOURCE_MALFORMED' });
    const attempt = jest.fn(answers('not asked'));
    await expect(department.read(caller().scope, attempt)).rejects.toMatchObject({
      code: 'SOURCE_UNAVAILABLE',
      message: expect.stringContaining('Ecology has failed several times in a row'),
    });
    expect(attempt).not.toHaveBeenCalled();
  });

  it('counts a read with its second attempt as one failure', async () => {
    const department = guard({ failuresToOpen: 2 });
    await outcome(department.read(caller().scope, fails('SOURCE_UNAVAILABLE')));
    expect(department.health().circuit).toBe('CLOSED');
  });

  it('counts a department that does not answer in its time', async () => {
    const department = guard({ failuresToOpen: 2, timeoutMs: 15 });
    await outcome(department.read(caller().scope, hangs));
    await outcome(department.read(caller().scope, hangs));
    expect(department.health()).toMatchObject({ circuit: 'OPEN', lastErrorCode: 'SOURCE_TIMEOUT' });
  });

  it('starts to count anew after an answer', async () => {
    const department = guard({ failuresToOpen: 2 });
    for (let round = 0; round < 3; round++) {
      await failInARow(department, 1);
      await department.read(caller().scope, answers('well'));
    }
    expect(department.health()).toMatchObject({ state: 'UP', circuit: 'CLOSED' });
  });

  it.each<HubErrorCode>(['SOURCE_REFUSED', 'INPUT_INVALID', 'INTERNAL'])(
    'is not opened by %s: the department is there',
    async (code) => {
      const department = guard({ failuresToOpen: 2 });
      for (let count = 0; count < 4; count++) await outcome(department.read(caller().scope, fails(code)));
      expect(department.health()).toMatchObject({ state: 'DEGRADED', circuit: 'CLOSED', lastErrorCode: code });
    },
  );

  it('lets one call try after a while and closes when it is answered', async () => {
    const department = guard({ failuresToOpen: 1, halfOpenAfterMs: 30 });
    await failInARow(department, 1);
    await delay(40);
    let release = (): void => undefined;
    const trial = department.read(caller().scope, () => new Promise<void>((resolve) => (release = resolve)));
    expect(department.health()).toMatchObject({ state: 'DEGRADED', circuit: 'HALF_OPEN' });
    const meanwhile = jest.fn(answers('after the trial'));
    const second = department.read(caller().scope, meanwhile);
    await delay(5);
    expect(meanwhile).not.toHaveBeenCalled();
    release();
    await trial;
    expect(await second).toBe('after the trial');
    expect(department.health()).toMatchObject({ state: 'UP', circuit: 'CLOSED' });
  });

  it('opens again when the trial fails', async () => {
    const department = guard({ failuresToOpen: 1, halfOpenAfterMs: 30 });
    await failInARow(department, 1);
    await delay(40);
    await failInARow(department, 1);
    expect(department.health().circuit).toBe('OPEN');
  });

  it('stays open when the caller of the trial leaves before the department has answered', async () => {
    const department = guard({ failuresToOpen: 1, halfOpenAfterMs: 30 });
    await failInARow(department, 1);
    await delay(40);
    const { scope, leave } = caller();
    const trial = outcome(department.read(scope, hangs));
    leave();
    await trial;
    expect(department.health().circuit).toBe('OPEN');
  });

  it('keeps nobody waiting for the trial of another beyond his own time', async () => {
    const department = guard({ failuresToOpen: 1, halfOpenAfterMs: 30, timeoutMs: 150 });
    await failInARow(department, 1);
    await delay(40);
    const trial = outcome(department.read(caller().scope, hangs));
    const begun = Date.now();
    expect(await outcome(department.read(caller(30).scope, answers('too late')))).toBe('SOURCE_TIMEOUT');
    expect(Date.now() - begun).toBeLessThan(120);
    await trial;
  });
});

describe('calls at the same time', () => {
  it('are at most as many as the department bears; the others wait and are answered', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 36 }), async (concurrency, wanted) => {
        const calls = Math.min(wanted, concurrency * 9);
        const department = guard({ concurrency });
        let running = 0;
        let most = 0;
        const attempt = async (): Promise<void> => {
          most = Math.max(most, ++running);
          await new Promise((resolve) => setImmediate(resolve));
          running--;
        };
        await Promise.all(Array.from({ length: calls }, () => department.read(caller().scope, attempt)));
        expect(most).toBe(Math.min(concurrency, calls));
      }),
      { numRuns: 30 },
    );
  });

  it('are refused when the line is too long, without harm to the circuit', async () => {
    const department = guard({ concurrency: 1, failuresToOpen: 1, timeoutMs: 30 });
    const { scope, leave } = caller();
    const inLine = Array.from({ length: 9 }, () => outcome(department.read(scope, hangs)));
    await expect(department.read(caller().scope, answers('one too many'))).rejects.toMatchObject({
      code: 'SOURCE_UNAVAILABLE',
      message: 'Too many calls to Ecology are in progress; try again.',
    });
    expect(department.health().circuit).toBe('CLOSED');
    leave();
    await Promise.all(inLine);
  });
});

describe('health', () => {
  it('is up before the first call and after an answer, degraded after a failure', async () => {
    const department = guard();
    expect(department.health()).toEqual({ state: 'UP', circuit: 'CLOSED', lastSuccessAt: null, lastErrorCode: null });
    await failInARow(department, 1);
    expect(department.health()).toMatchObject({ state: 'DEGRADED', lastErrorCode: 'SOURCE_MALFORMED' });
    const before = Date.now();
    await department.read(caller().scope, answers('well'));
    expect(department.health().state).toBe('UP');
    expect(department.health().lastSuccessAt?.getTime()).toBeGreaterThanOrEqual(before);
  });

  it('is degraded while the last reply was not wholly readable', async () => {
    const department = guard();
    await department.read(caller().scope, answers('half of it'));
    department.noteMalformed();
    expect(department.health()).toMatchObject({ state: 'DEGRADED', lastErrorCode: 'SOURCE_MALFORMED' });
    await department.read(caller().scope, answers('all of it'));
    expect(department.health().state).toBe('UP');
  });
});

describe('an unexpected error', () => {
  it('becomes INTERNAL and keeps its own words for the log', async () => {
    const cause = new TypeError('rows[0].secret is undefined');
    await expect(guard().read(caller().scope, () => Promise.reject(cause))).rejects.toMatchObject({
      name: 'HubError',
      code: 'INTERNAL',
      message: 'The answer of Ecology could not be processed.',
      cause,
    });
  });
});
