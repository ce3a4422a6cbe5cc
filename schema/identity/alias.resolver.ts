import { Arg, Ctx, Int, Mutation, Query, Resolver } from 'type-graphql';
import type { CreditCode } from '../codes/credit-code.ts';
import type { HubContext } from '../context.ts';
import { bilingual } from '../description.ts';
import { AliasCandidateKindEnum } from '../enums.ts';
import { HubError } from '../errors.ts';
import { aliasOf } from '../institution/aliases.ts';
import { InstitutionAlias } from '../institution/institution.type.ts';
import type { DepartmentSource } from '../ports.ts';
import type { Connection } from '../relay/connection.ts';
import { CreditCodeScalar, CursorScalar, DepartmentIdScalar } from '../scalars/scalars.ts';
import { decisionOn, putOnRecord, takeBack } from './alias-acts.ts';
import { AliasCandidateConnection, type AliasCandidate } from './alias-candidate.type.ts';
import { candidatesPage } from './alias-candidates-page.ts';
import type { AliasDecision } from './alias-decision.ts';
import { AliasDecisionType } from './alias-decision.type.ts';

const DEFAULT_FIRST = 20;
const CREDIT_CODE = bilingual('The institution.', '统一社会信用代码');
const DEPARTMENT = bilingual('Whose number.', '部门');
const LOCAL_ID = bilingual('The number, as the department’s directory has it.', '内部编号');
const REASON = bilingual('Why, for those who read it later; no personal data.', '理由');

const shown = ({ department }: DepartmentSource, decision: AliasDecision): AliasDecisionType => ({
  ...decision,
  department,
});

@Resolver()
export class AliasResolver {
  @Mutation(
    () => InstitutionAlias,
    bilingual(
      'Says that a department’s local number is this institution’s, and nobody else’s; repeating it changes nothing.',
      '确认部门内部编号归属',
    ),
  )
  async confirmAlias(
    @Arg('creditCode', () => CreditCodeScalar, CREDIT_CODE) creditCode: CreditCode,
    @Arg('department', () => DepartmentIdScalar, DEPARTMENT) departmentId: string,
    @Arg('localId', () => String, LOCAL_ID) localId: string,
    @Ctx() context: HubContext,
    @Arg('note', () => String, { nullable: true, ...REASON }) note?: string | null,
  ): Promise<InstitutionAlias> {
    const pair = { creditCode, departmentId, localId };
    const { source, decision, subject, entry } = await putOnRecord('CONFIRM', pair, note ?? null, context);
    const confirmation = decision.confirmed;
    if (confirmation === null) throw new HubError('INTERNAL', 'A confirmation was not put on record.');
    return aliasOf(source.department, subject, { entry, matchedBy: 'MANUAL', confidence: 1, confirmation });
  }

  @Mutation(
    () => AliasDecisionType,
    bilingual(
      'Says that a local number is not this institution’s: no rule matches the two again, and the pair no longer waits.',
      '否定部门内部编号归属',
    ),
  )
  async rejectAlias(
    @Arg('creditCode', () => CreditCodeScalar, CREDIT_CODE) creditCode: CreditCode,
    @Arg('department', () => DepartmentIdScalar, DEPARTMENT) departmentId: string,
    @Arg('localId', () => String, LOCAL_ID) localId: string,
    @Arg('reason', () => String, REASON) reason: string,
    @Ctx() context: HubContext,
  ): Promise<AliasDecisionType> {
    const { source, decision } = await putOnRecord('REJECT', { creditCode, departmentId, localId }, reason, context);
    return shown(source, decision);
  }

  @Mutation(
    () => AliasDecisionType,
    bilingual(
      'Takes back what was decided on a local number; the rules stand again, and all it fed follows.',
      '撤销对内部编号的结论',
    ),
  )
  async undoAlias(
    @Arg('department', () => DepartmentIdScalar, DEPARTMENT) departmentId: string,
    @Arg('localId', () => String, LOCAL_ID) localId: string,
    @Arg('reason', () => String, REASON) reason: string,
    @Ctx() context: HubContext,
    @Arg('creditCode', () => CreditCodeScalar, {
      nullable: true,
      ...bilingual('Only what was said of this institution; everything when not given.', '仅撤销与该机构有关的结论'),
    })
    creditCode?: CreditCode | null,
  ): Promise<AliasDecisionType> {
    const { source, decision } = await takeBack({ departmentId, localId }, creditCode ?? null, reason, context);
    return shown(source, decision);
  }

  @Query(() => AliasDecisionType, {
    nullable: true,
    ...bilingual('What was decided on a local number; null when nothing ever was.', '查询对内部编号的结论'),
  })
  async aliasDecision(
    @Arg('department', () => DepartmentIdScalar, DEPARTMENT) departmentId: string,
    @Arg('localId', () => String, LOCAL_ID) localId: string,
    @Ctx() context: HubContext,
  ): Promise<AliasDecisionType | null> {
    const found = await decisionOn({ departmentId, localId }, context);
    return found && shown(found.source, found.decision);
  }

  @Query(
    () => AliasCandidateConnection,
    bilingual('Local numbers that wait for a person, those that wait longest first.', '待人工确认的内部编号'),
  )
  async uncertainAliases(
    @Ctx() context: HubContext,
    @Arg('department', () => DepartmentIdScalar, {
      nullable: true,
      ...bilingual('Of this department only.', '部门'),
    })
    departmentId: string | null | undefined,
    @Arg('kind', () => AliasCandidateKindEnum, { nullable: true, ...bilingual('Of this kind only.', '类别') })
    kind: keyof typeof AliasCandidateKindEnum | null | undefined,
    @Arg('first', () => Int, {
      defaultValue: DEFAULT_FIRST,
      nullable: true,
      ...bilingual('Size of the page, 1 to 100.', '每页条数'),
    })
    first: number | null,
    @Arg('after', () => CursorScalar, { nullable: true, ...bilingual('Continue after this cursor.', '起始游标') })
    after?: string | null,
  ): Promise<Connection<AliasCandidate>> {
    const scope = { departmentId: departmentId ?? null, kind: kind ?? null };
    return await candidatesPage({ ...scope, first: first ?? DEFAULT_FIRST, after: after ?? null }, context);
  }
}
