import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { demand } from '../access/policy.ts';
import type { HubContext } from '../context.ts';
import { bilingual } from '../description.ts';
import { HubError } from '../errors.ts';
import type { InstitutionNode } from '../institution/institution-node.ts';
import { Institution } from '../institution/institution.type.ts';
import type { Feed } from '../replica/facts.ts';
import type { FeedState } from '../replica/feed-states.ts';
import { calendarDateOf } from '../time/calendar-date.ts';
import { withEmptyThresholds } from './count-thresholds.ts';
import { CREDIT_PROFILES } from './credit-consumer.ts';
import { creditCoverage } from './credit-coverage.ts';
import { creditOf, repairNode, thresholdNode } from './credit-nodes.ts';
import { CreditProfileType } from './credit-profile.type.ts';

@Resolver(() => Institution)
export class CreditResolver {
  @FieldResolver(
    () => CreditProfileType,
    bilingual('Its credit risk, explained; for staff and departments only.', '信用风险画像(仅限部门与工作人员)'),
  )
  async credit(@Root() institution: InstitutionNode, @Ctx() context: HubContext): Promise<CreditProfileType> {
    const { creditCode, regionCode, asOf } = institution;
    const { caller, replica, registry } = context;
    demand(caller, 'credit:read', { regionCode });
    const credit = creditOf(context);
    if (asOf !== null) throw new HubError('UNSUPPORTED', 'Credit profiles are kept as they are now only.');
    const [profile] = await credit.profiles.of([creditCode]);
    if (profile === null || profile === undefined)
      throw new HubError(
        'SOURCE_UNAVAILABLE',
        'No profile has been computed yet; the register has not been read in full.',
      );
    const [projected, states, repairs] = await Promise.all([
      credit.states.known(CREDIT_PROFILES),
      replica?.knownStates() ?? new Map<Feed, FeedState>(),
      credit.repairs.store.of([creditCode]),
    ]);
    const { riskClass, riskScore, factors, modelVersion, ruleset, computedAt, computedFrom } = profile;
    return {
      ...{ riskClass, riskScore, factors, modelVersion, ruleset, computedAt, computedFrom },
      seriousThresholds: withEmptyThresholds(profile.thresholds, calendarDateOf(computedAt)).map(thresholdNode),
      repairs: repairs.map((repair) => repairNode(repair, context)),
      coverage: creditCoverage(registry.all(), projected, states),
    };
  }
}
