/** Clues and results of proficiency tests, which the hub keeps itself until a department's interface gives them. */
import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { CreditCode } from '../codes/credit-code.ts';
import type { HubContext } from '../context.ts';
import { bilingual } from '../description.ts';
import { departmentOf } from '../notice/department-of.ts';
import type { DepartmentDescriptor } from '../ports.ts';
import { CreditCodeScalar } from '../scalars/scalars.ts';
import type { Finding } from './finding.ts';
import { ProficiencyResultInput, ReportClueInput } from './recognition.input.ts';
import { recognitionsOf } from './recognition.resolver.ts';
import { RecognitionFindingType } from './recognition.type.ts';

type FindingNode = ReturnType<typeof findingNode>;

const findingNode = (finding: Finding) => ({
  id: finding._id,
  departmentId: finding.departmentId,
  kind: finding.kind,
  creditCode: finding.creditCode,
  state: finding.kind === 'CLUE' ? finding.state : finding.grade,
  note: finding.note,
  recordedAt: finding.recordedAt,
  recordedBy: finding.recordedBy,
});

@Resolver(() => RecognitionFindingType)
export class FindingResolver {
  @Query(
    () => [RecognitionFindingType],
    bilingual(
      'What the hub itself keeps of an institution: clues and results of proficiency tests.',
      '登记的线索与能力验证结果',
    ),
  )
  async recognitionFindings(
    @Ctx() context: HubContext,
    @Arg('institution', () => CreditCodeScalar, bilingual('Whose.', '机构代码')) institution: CreditCode,
  ): Promise<readonly FindingNode[]> {
    const { findings } = recognitionsOf(context);
    return (await findings.ofInstitution(context.caller, institution)).map(findingNode);
  }

  @Mutation(
    () => RecognitionFindingType,
    bilingual(
      'Records a clue that reports may be false, or what has become of it. Sent again, it changes nothing.',
      '登记疑点线索',
    ),
  )
  async recordReportClue(
    @Ctx() context: HubContext,
    @Arg('input', () => ReportClueInput, bilingual('The clue.', '线索')) input: ReportClueInput,
  ): Promise<FindingNode> {
    const { number, institution, reportNumber, concernsFrom, state, note } = input;
    const clue = { ...{ number, state, note }, creditCode: institution, reportNumber: reportNumber ?? null };
    const { findings } = recognitionsOf(context);
    return findingNode(await findings.recordClue(context.caller, { ...clue, concernsFrom: concernsFrom ?? null }));
  }

  @Mutation(
    () => RecognitionFindingType,
    bilingual('Records a result of proficiency testing. Sent again, it changes nothing.', '登记能力验证结果'),
  )
  async recordProficiencyResult(
    @Ctx() context: HubContext,
    @Arg('input', () => ProficiencyResultInput, bilingual('The result.', '结果')) input: ProficiencyResultInput,
  ): Promise<FindingNode> {
    const { number, institution, parameter, standard, grade, evaluatedOn, closedOn, note } = input;
    const { findings } = recognitionsOf(context);
    return findingNode(
      await findings.recordProficiency(context.caller, {
        ...{ number, parameter, grade, evaluatedOn, note },
        creditCode: institution,
        standard: standard ?? null,
        closedOn: closedOn ?? null,
      }),
    );
  }

  @FieldResolver()
  department(@Root() { departmentId }: FindingNode, @Ctx() context: HubContext): DepartmentDescriptor {
    return departmentOf(departmentId, context);
  }
}
