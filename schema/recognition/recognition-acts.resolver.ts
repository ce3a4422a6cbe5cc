/** What departments do with recognitions: asking, deciding, revoking, confirming. */
import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import type { HubContext } from '../context.ts';
import { bilingual } from '../description.ts';
import { RecognitionDecisionEnum, RecognitionStateEnum } from '../enums.ts';
import { HubError } from '../errors.ts';
import { heardFrom } from '../notice/recipient-acts.resolver.ts';
import { DepartmentIdScalar } from '../scalars/scalars.ts';
import type { Outcome } from './decide.ts';
import type { RecognitionNode } from './nodes.ts';
import { shownRecognition } from './shown-recognition.ts';
import { RecognitionInput } from './recognition.input.ts';
import { recognitionsOf } from './recognition.resolver.ts';
import { TOLD_STATES, type RecognitionState } from './recognition.ts';
import { RecognitionType } from './recognition.type.ts';

const ID_OF_RECOGNITION = bilingual('Which recognition.', '互认记录标识');
const REASON = bilingual('Why; part of the record, no personal data.', '理由');
const OUTCOME_OF: Readonly<Record<keyof typeof RecognitionDecisionEnum, Outcome>> = {
  RECOGNIZE: 'RECOGNIZED',
  REJECT: 'REJECTED',
  NEED_MORE: 'NEED_MORE',
};

@Resolver()
export class RecognitionActsResolver {
  @Mutation(
    () => RecognitionType,
    bilingual('Asks for a result to be recognised for the caller’s department; it is checked at once.', '提交采信申请'),
  )
  async submitRecognition(
    @Ctx() context: HubContext,
    @Arg('input', () => RecognitionInput, bilingual('Which result, and for what.', '内容')) input: RecognitionInput,
  ): Promise<RecognitionNode> {
    const { idempotencyKey, kind, number, institution, purpose, digest, relyingDepartments } = input;
    const request = {
      ...{ idempotencyKey, kind, number, purpose },
      institutionCode: institution,
      presentedDigest: digest ?? null,
      relyingIds: relyingDepartments,
    };
    return shownRecognition(await recognitionsOf(context).service.submit(context.caller, request, context), context);
  }

  @Mutation(
    () => RecognitionType,
    bilingual('Hands in what was missing, or has the checks made again now that a silent source may answer.', '补正'),
  )
  async supplementRecognition(
    @Ctx() context: HubContext,
    @Arg('id', () => ID, ID_OF_RECOGNITION) id: string,
    @Arg('digest', () => String, { nullable: true, ...bilingual('SM3 of the document in hand, hex.', '报告SM3摘要') })
    digest?: string | null,
  ): Promise<RecognitionNode> {
    const { service } = recognitionsOf(context);
    return shownRecognition(await service.supplement(context.caller, id, digest ?? null, context), context);
  }

  @Mutation(() => RecognitionType, bilingual('A person settles what the checks could not.', '人工决定'))
  async decideRecognition(
    @Ctx() context: HubContext,
    @Arg('id', () => ID, ID_OF_RECOGNITION) id: string,
    @Arg('decision', () => RecognitionDecisionEnum, bilingual('How.', '决定'))
    decision: keyof typeof RecognitionDecisionEnum,
    @Arg('reason', () => String, { nullable: true, ...bilingual('Why; always needed.', '理由(必填)') })
    reason?: string | null,
  ): Promise<RecognitionNode> {
    const { service } = recognitionsOf(context);
    return shownRecognition(await service.decide(context.caller, id, OUTCOME_OF[decision], reason ?? ''), context);
  }

  @Mutation(
    () => RecognitionType,
    bilingual('Revokes it for good; every relying department is told and confirms.', '撤销采信'),
  )
  async revokeRecognition(
    @Ctx() context: HubContext,
    @Arg('id', () => ID, ID_OF_RECOGNITION) id: string,
    @Arg('reason', () => String, REASON) reason: string,
  ): Promise<RecognitionNode> {
    return shownRecognition(await recognitionsOf(context).service.revoke(context.caller, id, reason), context);
  }

  @Mutation(
    () => RecognitionType,
    bilingual(
      'The caller’s department now goes by what it was told: relies on the result, or no longer does. Repeated, it changes nothing.',
      '确认互认',
    ),
  )
  async confirmRecognition(
    @Ctx() context: HubContext,
    @Arg('id', () => ID, ID_OF_RECOGNITION) id: string,
    @Arg('state', () => RecognitionStateEnum, bilingual('What it was told: RECOGNIZED, SUSPENDED or REVOKED.', '状态'))
    state: RecognitionState,
  ): Promise<RecognitionNode> {
    const told = TOLD_STATES.find((each) => each === state);
    if (told === undefined) {
      throw new HubError('INPUT_INVALID', `Departments confirm ${TOLD_STATES.join(', ')}; they are not told ${state}.`);
    }
    const hearing = heardFrom(context, { act: 'confirmRecognition', id, state });
    return shownRecognition(await recognitionsOf(context).service.confirm(context.caller, id, told, hearing), context);
  }

  @Mutation(
    () => RecognitionType,
    bilingual('Has a dead message to a relying department sent again, under the caller’s name.', '重新同步'),
  )
  async resendRecognition(
    @Ctx() context: HubContext,
    @Arg('id', () => ID, ID_OF_RECOGNITION) id: string,
    @Arg('department', () => DepartmentIdScalar, bilingual('To whom.', '部门')) department: string,
    @Arg('reason', () => String, REASON) reason: string,
  ): Promise<RecognitionNode> {
    return shownRecognition(
      await recognitionsOf(context).service.resend(context.caller, id, department, reason),
      context,
    );
  }
}
