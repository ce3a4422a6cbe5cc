import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { IdentityDirectory } from '../../../schema/identity/identity-directory.ts';
import type { SubjectFacts } from '../../../schema/identity/subject-facts.ts';
import type { CallScope, DepartmentSource, DirectoryEntry } from '../../../schema/ports.ts';
import { ANSWERED_AT, fakeDepartment, operation, registryOf } from '../support/fake-departments.ts';
import { A, B, institution, NAME_OF_A, station } from '../support/records.ts';

const SUBJECT: SubjectFacts = { creditCode: A, name: NAME_OF_A, regionCode: '520115', cmaNumbers: [] };
const FIVE_MINUTES = 300_000;

const directories: IdentityDirectory[] = [];
function directoryOver(...sources: DepartmentSource[]): IdentityDirectory {
  const directory = new IdentityDirectory({ registry: registryOf(sources) });
  directories.push(directory);
  return directory;
}

/** A directory that answers when it is told to. */
function slowDirectory() {
  let release: (entries: readonly DirectoryEntry[]) => void = () => undefined;
  const scopes: CallScope[] = [];
  const read = (scope: CallScope): Promise<readonly DirectoryEntry[]> => {
    scopes.push(scope);
    return new Promise((resolve) => (release = resolve));
  };
  return { read, scopes, release: (entries: readonly DirectoryEntry[]): void => release(entries) };
}

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  for (const directory of directories.splice(0)) directory.stop();
  jest.useRealTimers();
});

describe('directories of local numbers', () => {
  it('are read in the background, of those departments that use such numbers', async () => {
    const ecology = fakeDepartment('ecology', { directory: [station('7')] });
    const transport = fakeDepartment('transport', { directory: [] });
    const identity = directoryOver(ecology, transport);
    expect(identity.ready()).toBe(false);
    identity.start();
    await identity.settled();
    expect(identity.ready()).toBe(true);
    expect([ecology.directoryCalls, transport.directoryCalls]).toEqual([1, 0]);
    expect(identity.entryOf('ecology', '7')).toEqual(station('7'));
    expect(identity.entryOf('transport', '7')).toBeUndefined();
  });

  it('are not needed where no department uses local numbers', () => {
    expect(directoryOver(fakeDepartment('transport')).ready()).toBe(true);
  });

  it('are read again every five minutes', async () => {
    let entries = [station('7')];
    const ecology = fakeDepartment('ecology', { directory: () => Promise.resolve(entries) });
    const identity = directoryOver(ecology);
    identity.start();
    await identity.settled();
    entries = [station('8')];
    await jest.advanceTimersByTimeAsync(FIVE_MINUTES - 1);
    expect(ecology.directoryCalls).toBe(1);
    await jest.advanceTimersByTimeAsync(1);
    expect(ecology.directoryCalls).toBe(2);
    expect([identity.entryOf('ecology', '7'), identity.entryOf('ecology', '8')]).toEqual([undefined, station('8')]);
  });

  it('that fail at first are tried again after seconds, and then as usual', async () => {
    const ecology = fakeDepartment('ecology', { directory: [station('7')] });
    ecology.failure = 'SOURCE_UNAVAILABLE';
    const identity = directoryOver(ecology);
    identity.start();
    await identity.settled();
    expect(identity.ready()).toBe(false);
    await jest.advanceTimersByTimeAsync(5_000);
    expect([ecology.directoryCalls, identity.ready()]).toEqual([2, false]);
    ecology.failure = null;
    await jest.advanceTimersByTimeAsync(5_000);
    expect([ecology.directoryCalls, identity.ready()]).toEqual([3, true]);
    await jest.advanceTimersByTimeAsync(FIVE_MINUTES - 1);
    expect(ecology.directoryCalls).toBe(3);
  });

  it('that fail later stay as they were last read', async () => {
    const ecology = fakeDepartment('ecology', { directory: [station('7')] });
    const identity = directoryOver(ecology);
    identity.start();
    await identity.settled();
    ecology.failure = 'SOURCE_TIMEOUT';
    await jest.advanceTimersByTimeAsync(FIVE_MINUTES);
    expect(ecology.directoryCalls).toBe(2);
    expect(await identity.stationsOf(ecology, SUBJECT, operation().scope)).toMatchObject({
      known: true,
      asOf: ANSWERED_AT,
      stations: { matches: [{ entry: { localId: '7' } }] },
    });
  });

  it('are not read any more after the end, and a reading in progress is broken off', async () => {
    const slow = slowDirectory();
    const ecology = fakeDepartment('ecology', { directory: slow.read });
    const identity = directoryOver(ecology);
    identity.start();
    identity.stop();
    expect(slow.scopes[0]?.signal.aborted).toBe(true);
    slow.release([]);
    await jest.advanceTimersByTimeAsync(FIVE_MINUTES);
    expect(ecology.directoryCalls).toBe(1);
  });
});

describe('a question for local numbers', () => {
  it('does not take a name for proof when the register gives the station’s CMA certificate to somebody else', async () => {
    const cma = '232405340017';
    const ecology = fakeDepartment('ecology', { directory: [station('7', { name: NAME_OF_A, cmaNumbers: [cma] })] });
    const identity = directoryOver(ecology);
    identity.start();
    await identity.settled();
    const stations = async () => {
      const answer = await identity.stationsOf(ecology, SUBJECT, operation().scope);
      return answer.known ? answer.stations : null;
    };
    expect(await stations()).toMatchObject({ matches: [{ matchedBy: 'NAME_AND_REGION' }], uncertain: [] });
    identity.subjects.remember(institution('market-regulation', { creditCode: B, name: '别家', cmaNumbers: [cma] }));
    expect(await stations()).toEqual({ matches: [], uncertain: [] });
  });

  it('needs no call once the directory is there', async () => {
    const ecology = fakeDepartment('ecology', { directory: [station('7')] });
    const identity = directoryOver(ecology);
    identity.start();
    await identity.settled();
    for (let count = 0; count < 3; count++) await identity.stationsOf(ecology, SUBJECT, operation().scope);
    expect([ecology.directoryCalls, ecology.calls]).toEqual([1, []]);
  });

  it('waits for the first reading, which all askers share', async () => {
    const slow = slowDirectory();
    const ecology = fakeDepartment('ecology', { directory: slow.read });
    const identity = directoryOver(ecology);
    const answers = Promise.all([1, 2, 3].map(() => identity.stationsOf(ecology, SUBJECT, operation().scope)));
    slow.release([station('7')]);
    expect((await answers).map(({ known }) => known)).toEqual([true, true, true]);
    expect(ecology.directoryCalls).toBe(1);
  });

  it('waits no longer than its own operation: that gets SOURCE_TIMEOUT, and the reading goes on for others', async () => {
    const slow = slowDirectory();
    const ecology = fakeDepartment('ecology', { directory: slow.read });
    const identity = directoryOver(ecology);
    const hurried = operation();
    const patient = identity.stationsOf(ecology, SUBJECT, operation().scope);
    const answer = identity.stationsOf(ecology, SUBJECT, hurried.scope);
    hurried.leave();
    expect(await answer).toMatchObject({
      known: false,
      error: { code: 'SOURCE_TIMEOUT', message: 'Ecology has not yet given its directory of local numbers.' },
    });
    expect(slow.scopes.map(({ signal }) => signal.aborted)).toEqual([false]);
    slow.release([station('7')]);
    expect(await patient).toMatchObject({ known: true });
  });

  it('of an operation that is over does not wait at all', async () => {
    const ecology = fakeDepartment('ecology', { directory: slowDirectory().read });
    const { scope, leave } = operation();
    leave();
    expect(await directoryOver(ecology).stationsOf(ecology, SUBJECT, scope)).toMatchObject({
      known: false,
      error: { code: 'SOURCE_TIMEOUT' },
    });
  });

  it('gets the department’s failure, and the next one has the directory tried again', async () => {
    const ecology = fakeDepartment('ecology', { directory: [station('7')] });
    ecology.failure = 'SOURCE_REFUSED';
    const identity = directoryOver(ecology);
    expect(await identity.stationsOf(ecology, SUBJECT, operation().scope)).toMatchObject({
      known: false,
      error: { code: 'SOURCE_REFUSED' },
    });
    ecology.failure = null;
    expect(await identity.stationsOf(ecology, SUBJECT, operation().scope)).toMatchObject({ known: true });
    expect(ecology.directoryCalls).toBe(2);
  });

  it('cannot be answered by a department that uses local numbers and has no directory', async () => {
    const ecology = fakeDepartment('ecology');
    expect(await directoryOver(ecology).stationsOf(ecology, SUBJECT, operation().scope)).toMatchObject({
      known: false,
      error: { code: 'UNSUPPORTED' },
    });
  });

  it('does not use an entry that has the CMA numbers of two institutions', async () => {
    const [ofA, ofB] = ['232405340017', '222405340202'];
    const ecology = fakeDepartment('ecology', { directory: [station('7', { cmaNumbers: [ofA, ofB] })] });
    const identity = directoryOver(ecology);
    identity.start();
    await identity.settled();
    identity.subjects.remember(institution('market-regulation', { cmaNumbers: [ofA] }));
    identity.subjects.remember(institution('market-regulation', { creditCode: B, name: '别家', cmaNumbers: [ofB] }));
    const answer = await identity.stationsOf(ecology, { ...SUBJECT, cmaNumbers: [ofA] }, operation().scope);
    expect(answer).toMatchObject({
      stations: { matches: [], uncertain: [{ entry: { localId: '7' }, doubt: 'SHARED_NUMBER' }] },
    });
  });

  it('is uncertain by name when the register knows another institution of that name and region', async () => {
    const ecology = fakeDepartment('ecology', { directory: [station('7')] });
    const identity = directoryOver(ecology);
    identity.subjects.remember(institution('market-regulation', { creditCode: B }));
    const answer = await identity.stationsOf(ecology, SUBJECT, operation().scope);
    expect(answer).toMatchObject({
      known: true,
      stations: { matches: [], uncertain: [{ entry: { localId: '7' }, doubt: 'SHARED_NAME' }] },
    });
  });
});
