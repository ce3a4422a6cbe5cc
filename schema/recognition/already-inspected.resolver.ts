import { Arg, Ctx, Int, Query, Resolver } from 'type-graphql';
import { demandEver } from '../access/policy.ts';
import type { CreditCode } from '../codes/credit-code.ts';
import type { HubContext } from '../context.ts';
import { bilingual } from '../description.ts';
import { InspectionKindEnum, RecognitionPurposeEnum } from '../enums.ts';
import { departmentOf } from '../notice/department-of.ts';
import { subjectNode } from '../notice/subject.ts';
import { CreditCodeScalar } from '../scalars/scalars.ts';
import { alreadyInspected, verdictOf, type InspectedCandidate } from './already-inspected.ts';
import { AlreadyInspected, type InspectedResult } from './already-inspected.type.ts';
import { checkNode } from './check-node.ts';
import { recognitionsOf } from './recognition.resolver.ts';
import type { InspectionKind, Purpose } from './rules.ts';

async function resultNode(
  { inspection, institution, judgement }: InspectedCandidate,
  context: HubContext,
): Promise<InspectedResult> {
  const { kind, startedAt, result, report, provenance } = inspection;
  const unnamed = { name: institution ?? '', regionCode: null, kinds: [], registeredAsOf: startedAt };
  return {
    ...{ kind, startedAt, result },
    department: departmentOf(provenance.departmentId, context),
    recordId: provenance.sourceRecordId,
    reportNumber: report?.number ?? null,
    institution: institution === null ? null : await subjectNode({ ...unnamed, creditCode: institution }, context),
    counts: judgement?.outcome === 'RECOGNIZED',
    reasonCodes: judgement?.reasonCodes ?? [],
    checks: judgement?.checks.map((check) => checkNode(check, context)) ?? [],
  };
}

@Resolver()
export class AlreadyInspectedResolver {
  @Query(
    () => AlreadyInspected,
    bilingual(
      'Whether a vehicle, or whatever an institution inspected, has been inspected already, so that the result can be relied on.',
      '是否已检(避免重复检验)',
    ),
  )
  async alreadyInspected(
    @Ctx() context: HubContext,
    @Arg('kind', () => InspectionKindEnum, bilingual('What inspection is needed.', '所需检验类别'))
    kind: InspectionKind,
    @Arg('withinDays', () => Int, bilingual('How long ago at most, 1 to 3650.', '期限(天)')) withinDays: number,
    @Arg('purpose', () => RecognitionPurposeEnum, bilingual('For what.', '用途')) purpose: Purpose,
    @Arg('subject', () => CreditCodeScalar, {
      nullable: true,
      ...bilingual('The institution that inspected.', '检验机构'),
    })
    subject?: CreditCode | null,
    @Arg('vin', () => String, {
      nullable: true,
      ...bilingual('The vehicle, wherever it was inspected.', '车辆识别代号'),
    })
    vin?: string | null,
  ): Promise<AlreadyInspected> {
    demandEver(context.caller, 'recognition:ask');
    const question = { kind, withinDays, purpose, institution: subject ?? null, vin: vin ?? null };
    const answer = await alreadyInspected(question, context, recognitionsOf(context).service.findings);
    return {
      verdict: verdictOf(answer),
      results: await Promise.all(answer.candidates.map((candidate) => resultNode(candidate, context))),
      coverage: answer.coverage,
    };
  }
}
