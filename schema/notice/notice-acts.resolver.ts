/** What the determining department does. */
import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import type { HubContext } from '../context.ts';
import { bilingual } from '../description.ts';
import type { IssueRequest, NoticeRequest } from './issue.ts';
import type { NoticeNode } from './nodes.ts';
import { shownNotice } from './shown-notice.ts';
import { IssueNoticeInput, NoticeContentInput } from './notice.input.ts';
import { noticesOf } from './notice.resolver.ts';
import { NoticeType } from './notice.type.ts';
import { findSubject } from './subject.ts';

const ID_OF_NOTICE = bilingual('Which notice.', '通知标识');
const REASON = bilingual('Why; part of the record, no personal data.', '理由');

const requestOf = (input: NoticeContentInput): NoticeRequest => ({
  decisionNumber: input.decisionNumber,
  decidedOn: input.decidedOn,
  listType: input.listType ?? null,
  severity: input.severity,
  factsSummary: input.factsSummary,
  measures: input.measures.map(({ measureId, basis }) => ({ measureId, basis: basis ?? null })),
  startDate: input.startDate,
  endDate: input.endDate,
  recipients: input.recipients.map(({ department, mandatory }) => ({ departmentId: department, mandatory })),
});

@Resolver()
export class NoticeActsResolver {
  @Mutation(() => NoticeType, bilingual('Issues a notice for the caller’s department.', '签发联合惩戒通知'))
  async issueNotice(
    @Ctx() context: HubContext,
    @Arg('input', () => IssueNoticeInput, bilingual('What is decided.', '内容')) input: IssueNoticeInput,
  ): Promise<NoticeNode> {
    const { idempotencyKey, subjectCode, stage } = input;
    const request: IssueRequest = { ...requestOf(input), idempotencyKey, subjectCode, stage };
    const { service } = noticesOf(context);
    return shownNotice(await service.issue(context.caller, request, (code) => findSubject(code, context)), context);
  }

  @Mutation(() => NoticeType, bilingual('Puts a new version in the place of the one that stands.', '修订通知'))
  async reviseNotice(
    @Ctx() context: HubContext,
    @Arg('noticeId', () => ID, ID_OF_NOTICE) noticeId: string,
    @Arg('input', () => NoticeContentInput, bilingual('What is decided now.', '新内容')) input: NoticeContentInput,
    @Arg('reason', () => String, REASON) reason: string,
  ): Promise<NoticeNode> {
    return shownNotice(
      await noticesOf(context).service.revise(context.caller, noticeId, requestOf(input), reason),
      context,
    );
  }

  @Mutation(() => NoticeType, bilingual('A draft is determined.', '认定'))
  async determineNotice(
    @Ctx() context: HubContext,
    @Arg('noticeId', () => ID, ID_OF_NOTICE) noticeId: string,
  ): Promise<NoticeNode> {
    return shownNotice(await noticesOf(context).service.advance(context.caller, noticeId, 'determine'), context);
  }

  @Mutation(() => NoticeType, bilingual('The party has been told of facts, grounds and rights.', '告知当事人'))
  async recordPartyNotified(
    @Ctx() context: HubContext,
    @Arg('noticeId', () => ID, ID_OF_NOTICE) noticeId: string,
  ): Promise<NoticeNode> {
    return shownNotice(await noticesOf(context).service.advance(context.caller, noticeId, 'notifyParty'), context);
  }

  @Mutation(() => NoticeType, bilingual('Publishes it; it goes to its recipients.', '公示并推送'))
  async publishNotice(
    @Ctx() context: HubContext,
    @Arg('noticeId', () => ID, ID_OF_NOTICE) noticeId: string,
  ): Promise<NoticeNode> {
    return shownNotice(await noticesOf(context).service.advance(context.caller, noticeId, 'publish'), context);
  }

  @Mutation(() => NoticeType, bilingual('The party objects.', '登记异议'))
  async recordObjection(
    @Ctx() context: HubContext,
    @Arg('noticeId', () => ID, ID_OF_NOTICE) noticeId: string,
    @Arg('summary', () => String, bilingual('What it says, in short; no personal data.', '异议摘要')) summary: string,
  ): Promise<NoticeNode> {
    const { service } = noticesOf(context);
    return shownNotice(await service.advanceWithReason(context.caller, noticeId, 'raiseObjection', summary), context);
  }

  @Mutation(
    () => NoticeType,
    bilingual(
      'Answers an objection: allowed, the case is determined anew; dismissed, it is published. To drop the case, withdraw it.',
      '答复异议',
    ),
  )
  async answerObjection(
    @Ctx() context: HubContext,
    @Arg('noticeId', () => ID, ID_OF_NOTICE) noticeId: string,
    @Arg('allowed', () => Boolean, bilingual('Whether it holds.', '是否成立')) allowed: boolean,
    @Arg('reason', () => String, REASON) reason: string,
  ): Promise<NoticeNode> {
    const { service } = noticesOf(context);
    return shownNotice(
      allowed
        ? await service.advanceWithReason(context.caller, noticeId, 'allowObjection', reason)
        : await service.dismissObjection(context.caller, noticeId, reason),
      context,
    );
  }

  @Mutation(() => NoticeType, bilingual('Drops a draft.', '作废草稿'))
  async cancelNotice(
    @Ctx() context: HubContext,
    @Arg('noticeId', () => ID, ID_OF_NOTICE) noticeId: string,
    @Arg('reason', () => String, REASON) reason: string,
  ): Promise<NoticeNode> {
    return shownNotice(
      await noticesOf(context).service.advanceWithReason(context.caller, noticeId, 'cancel', reason),
      context,
    );
  }

  @Mutation(
    () => NoticeType,
    bilingual('The party has applied for repair; the measures stand meanwhile.', '进入修复审核'),
  )
  async requestNoticeRepair(
    @Ctx() context: HubContext,
    @Arg('noticeId', () => ID, ID_OF_NOTICE) noticeId: string,
    @Arg('reason', () => String, REASON) reason: string,
  ): Promise<NoticeNode> {
    const { service } = noticesOf(context);
    return shownNotice(await service.advanceWithReason(context.caller, noticeId, 'requestRepair', reason), context);
  }

  @Mutation(() => NoticeType, bilingual('The repair is refused; an approved one is lifted.', '不予修复'))
  async refuseNoticeRepair(
    @Ctx() context: HubContext,
    @Arg('noticeId', () => ID, ID_OF_NOTICE) noticeId: string,
    @Arg('reason', () => String, REASON) reason: string,
  ): Promise<NoticeNode> {
    const { service } = noticesOf(context);
    return shownNotice(await service.advanceWithReason(context.caller, noticeId, 'refuseRepair', reason), context);
  }

  @Mutation(() => NoticeType, bilingual('Lifts it, from now on; every recipient is told and confirms.', '解除'))
  async liftNotice(
    @Ctx() context: HubContext,
    @Arg('noticeId', () => ID, ID_OF_NOTICE) noticeId: string,
    @Arg('reason', () => String, REASON) reason: string,
  ): Promise<NoticeNode> {
    return shownNotice(await noticesOf(context).service.lift(context.caller, noticeId, reason), context);
  }

  @Mutation(
    () => NoticeType,
    bilingual('Withdraws it, as if it had never been; every recipient undoes it and confirms.', '撤回'),
  )
  async withdrawNotice(
    @Ctx() context: HubContext,
    @Arg('noticeId', () => ID, ID_OF_NOTICE) noticeId: string,
    @Arg('reason', () => String, REASON) reason: string,
  ): Promise<NoticeNode> {
    return shownNotice(await noticesOf(context).service.withdraw(context.caller, noticeId, reason), context);
  }
}
