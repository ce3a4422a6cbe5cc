import { describe, expect, it } from '@jest/globals';
import { findCycle, readImportGraph, type ImportEdge } from './import-graph.ts';

const edges = readImportGraph(['schema', 'sources', 'jobs', 'gateway']);

/** May import anything and are imported by nobody (or by another composition root only). */
const COMPOSITION_ROOTS = [
  'gateway/main.ts',
  'gateway/assemble.ts',
  'gateway/hub.ts',
  'sources/reference-upstreams.ts',
];
/** The parts of the hub's processes. */
const COMPOSITION_FOLDER = 'gateway/process/';
const isRoot = (file: string): boolean => COMPOSITION_ROOTS.includes(file) || file.startsWith(COMPOSITION_FOLDER);
/** Shared by the departments' folders. */
const SHARED = ['kit', 'world'];

const top = (file: string): string => file.split('/')[0] ?? '';
const departmentOf = (file: string): string | null => {
  const [folder, name, rest] = file.split('/');
  return folder === 'sources' && rest !== undefined && name !== undefined && !SHARED.includes(name) ? name : null;
};
const offending = (rule: (edge: ImportEdge) => boolean): string[] =>
  edges.filter(rule).map(({ from, to }) => `${from} -> ${to}`);

describe('imports run towards schema', () => {
  it('reads a graph of some size, so that the rules below have something to say', () => {
    expect(edges.length).toBeGreaterThan(200);
  });

  it('lets schema import no sibling', () => {
    expect(offending(({ from, to }) => top(from) === 'schema' && top(to) !== 'schema')).toEqual([]);
  });

  it('lets sources import schema only', () => {
    expect(offending(({ from, to }) => top(from) === 'sources' && !['sources', 'schema'].includes(top(to)))).toEqual(
      [],
    );
  });

  it('lets jobs and gateway reach departments through the port only, but for the composition roots', () => {
    expect(
      offending(
        ({ from, to }) =>
          ['gateway', 'jobs'].includes(top(from)) &&
          !isRoot(from) &&
          (departmentOf(to) !== null || (top(to) !== top(from) && ['gateway', 'jobs'].includes(top(to)))),
      ),
    ).toEqual([]);
  });

  it('lets no department import another', () => {
    expect(
      offending(({ from, to }) => {
        const [own, other] = [departmentOf(from), departmentOf(to)];
        return own !== null && other !== null && own !== other;
      }),
    ).toEqual([]);
  });

  it('keeps the source kit ignorant of every department', () => {
    expect(offending(({ from, to }) => from.startsWith('sources/kit/') && departmentOf(to) !== null)).toEqual([]);
  });

  it('lets nobody import a composition root but another one', () => {
    expect(offending(({ from, to }) => isRoot(to) && !isRoot(from))).toEqual([]);
  });

  it('keeps the world of the reference upstreams out of the adapters', () => {
    expect(
      offending(
        ({ from, to, runtime }) =>
          runtime && departmentOf(from) !== null && !from.includes('/upstream/') && to.startsWith('sources/world/'),
      ),
    ).toEqual([]);
  });

  it('keeps Mesh behind one file', () => {
    expect(readImportGraph(['schema', 'gateway', 'jobs']).filter(({ to }) => to.includes('mesh-handlers'))).toEqual([]);
  });

  it('has no circle of run-time imports', () => {
    expect(findCycle(edges)).toBeNull();
  });

  it('would find a circle', () => {
    const edge = (from: string, to: string, runtime = true): ImportEdge => ({ from, to, runtime });
    expect(findCycle([edge('a', 'b'), edge('b', 'c'), edge('c', 'b')])).toEqual(['b', 'c', 'b']);
    expect(findCycle([edge('a', 'b'), edge('b', 'a', false)])).toBeNull();
  });
});
