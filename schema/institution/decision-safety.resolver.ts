import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { contextOf, type HubContext } from '../context.ts';
import type { DecisionSafety } from '../coverage/coverage.type.ts';
import type { CoverageEntry } from '../department-answer.ts';
import { bilingual } from '../description.ts';
import { FacetEnum, type CoverageStatus } from '../enums.ts';
import { HubError } from '../errors.ts';
import type { Loaders } from '../loaders.ts';
import type { Facet } from '../records.ts';
import { checkMaxAge } from '../replica/max-age.ts';
import type { InstitutionNode } from './institution-node.ts';
import { Institution } from './institution.type.ts';

const UNSAFE: ReadonlySet<CoverageStatus> = new Set(['PARTIAL', 'UNAVAILABLE', 'DENIED']);
/** As many as the fields of the graph show by default, so that the same question is not put twice. */
const DEFAULT_LIMIT = 21;

/** Puts the question of a facet for an institution, so that its coverage can be judged. */
const ASK: Readonly<
  Record<Facet, ((loaders: Loaders, code: InstitutionNode['creditCode']) => Promise<unknown>) | null>
> = {
  INSTITUTIONS: (loaders, code) => loaders.institutions(code),
  QUALIFICATIONS: (loaders, code) => loaders.facet('qualifications', code, {}),
  FACILITIES: (loaders, code) => loaders.facet('facilities', code, {}),
  INSPECTIONS: (loaders, code) =>
    loaders.facet('inspections', code, { from: null, to: null, vin: null, result: null, limit: DEFAULT_LIMIT }),
  REPORTS: (loaders, code) =>
    loaders.facet('reports', code, { from: null, to: null, number: null, limit: DEFAULT_LIMIT }),
  PENALTIES: (loaders, code) => loaders.facet('penalties', code, {}),
  LIST_ENTRIES: (loaders, code) => loaders.facet('listEntries', code, {}),
  RECOGNITION: null,
  NOTICE_DELIVERY: null,
};

function standsAgainst(entry: CoverageEntry, oldest: Date): boolean {
  return UNSAFE.has(entry.status) || (entry.asOf !== null && entry.asOf < oldest);
}

@Resolver(() => Institution)
export class DecisionSafetyResolver {
  @FieldResolver()
  async decisionSafety(
    @Root() institution: InstitutionNode,
    @Ctx() context: HubContext,
    @Arg('maxAgeSeconds', () => Int, bilingual('How old an answer may be.', '可接受的数据时龄(秒)'))
    maxAgeSeconds: number,
    @Arg('facets', () => [FacetEnum], {
      nullable: true,
      ...bilingual('What the decision needs; what this operation shows when not given.', '所需信息类别'),
    })
    facets?: Facet[] | null,
  ): Promise<DecisionSafety> {
    checkMaxAge(maxAgeSeconds);
    const { creditCode } = institution;
    const { loaders } = contextOf(institution, context);
    const needed = facets === undefined || facets === null || facets.length === 0 ? null : facets;
    for (const facet of needed ?? []) {
      const ask = ASK[facet];
      if (ask === null) throw new HubError('UNSUPPORTED', `No department holds facts of the kind ${facet} yet.`);
      void ask(loaders, creditCode);
    }
    const coverage = await loaders.coverage.of(creditCode);
    // A decision is taken now, also on what was known at another time.
    const oldest = new Date(context.clock.now().getTime() - maxAgeSeconds * 1000);
    const reasons = coverage.filter(
      (entry) => (needed === null || needed.includes(entry.facet)) && standsAgainst(entry, oldest),
    );
    return { safe: reasons.length === 0, reasons };
  }
}
