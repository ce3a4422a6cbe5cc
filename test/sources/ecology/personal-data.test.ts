import { describe, expect, it } from '@jest/globals';
import ecology from '../../../sources/ecology/index.ts';
import { callScope, startSource } from '../../support/source-under-test.ts';
import { inspectionsOf, reportsOf, stationsIn, subjectOf } from './support.ts';

describe('personal data that ecology sends', () => {
  it('is in no record', async () => {
    const hub = await startSource(ecology, { worldSize: 60, environment: { ECOLOGY_TIMEOUT_MS: '20000' } });
    const { source, world } = hub;
    const stations = stationsIn(world);
    const subjects = world.institutions.map(subjectOf);
    const ids = stations.flatMap((station) =>
      world
        .visitsOf(station)
        .slice(0, 1)
        .flatMap(({ emission }) => emission?.id ?? []),
    );
    const scope = () => callScope(20_000);
    const answers = [
      await source.directory?.(scope()),
      ...(await Promise.all([
        source.read('institutions', subjects, scope()),
        source.read('qualifications', subjects, scope()),
        source.read('facilities', subjects, scope()),
        source.read(
          'inspections',
          subjects.map((subject) => inspectionsOf(subject)),
          scope(),
        ),
        source.read('processSeries', ids, scope()),
        source.read(
          'reports',
          subjects.map((subject) => reportsOf(subject)),
          scope(),
        ),
        source.read('penalties', subjects, scope()),
      ])),
    ];
    for (const answer of answers.slice(1)) expect(answer).toMatchObject({ status: 'LIVE' });
    // A firm may bear the name of its owner; that name is public.
    const firms = new Set(world.institutions.flatMap(({ name, nameAt }) => [name, nameAt.ecology ?? name]));
    await hub.close();
    const text = JSON.stringify(answers, (_, value: unknown) =>
      typeof value === 'string' && firms.has(value) ? 'a firm' : value,
    );
    const people = world.institutions.flatMap((institution) => [
      institution.legalRepresentative,
      institution.contactPhone,
      ...world.laboratoryTestsOf(institution).map(({ sampling }) => sampling.sampler),
    ]);
    expect(people.length).toBeGreaterThan(100);
    expect([...new Set(people)].filter((person) => text.includes(person))).toEqual([]);
  });
});
