import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { AttemptOutcome } from '../delivery/message.ts';
import { Department } from '../department/department.type.ts';
import { bilingual } from '../description.ts';
import { AttemptOutcomeEnum, DeliveryStateEnum, FeedbackResultEnum } from '../enums.ts';
import type { DepartmentDescriptor } from '../ports.ts';
import { connectionTypes } from '../relay/connection.ts';
import { DateTimeScalar } from '../scalars/scalars.ts';
import { NoticeType } from './notice.type.ts';
import type { DeliveryState, FeedbackResult, Notice } from './notice.ts';

@ObjectType({ simpleResolvers: true, ...bilingual('One call to a department’s system.', '一次送达尝试') })
export class DeliveryAttempt {
  @Field(() => DateTimeScalar, bilingual('When it began.', '时间'))
  readonly at!: Date;

  @Field(() => AttemptOutcomeEnum, bilingual('What came of it.', '结果'))
  readonly outcome!: AttemptOutcome;

  @Field(() => Int, { nullable: true, ...bilingual('Status, where the protocol is HTTP.', 'HTTP 状态码') })
  readonly httpStatus!: number | null;

  @Field(() => Int, bilingual('How long it took, in milliseconds.', '耗时(毫秒)'))
  readonly durationMs!: number;

  @Field(() => String, { nullable: true, ...bilingual('In words.', '说明') })
  readonly detail!: string | null;

  @Field(() => String, bilingual('By which way: webhook, exchange-row, soap.', '通道'))
  readonly channel!: string;

  @Field(() => String, bilingual('What was sent: NOTICE, LIFT or WITHDRAWAL.', '消息类型'))
  readonly message!: string;

  @Field(() => String, { nullable: true, ...bilingual('The department’s own receipt number.', '回执编号') })
  readonly receiptNumber!: string | null;
}

@ObjectType({ simpleResolvers: true, ...bilingual('What a recipient reports of one measure.', '措施执行反馈') })
export class MeasureFeedback {
  @Field(() => String, bilingual('Which measure.', '措施编号'))
  readonly measureId!: string;

  @Field(() => FeedbackResultEnum, bilingual('How it was carried out.', '执行结果'))
  readonly result!: FeedbackResult;

  @Field(() => Int, bilingual('In how many cases.', '件数'))
  readonly caseCount!: number;

  @Field(() => DateTimeScalar, { nullable: true, ...bilingual('When.', '执行时间') })
  readonly executedAt!: Date | null;

  @Field(() => String, { nullable: true, ...bilingual('In words.', '说明') })
  readonly description!: string | null;
}

@ObjectType('Delivery', {
  simpleResolvers: true,
  ...bilingual('One version of a notice to one recipient.', '通知送达'),
})
export class DeliveryType {
  @Field(() => ID, bilingual('Id by which the recipient answers.', '送达标识'))
  readonly id?: string;

  @Field(() => NoticeType, bilingual('Which notice.', '通知'))
  readonly notice?: Notice;

  @Field(() => Int, bilingual('Which version of it.', '版本'))
  readonly version?: number;

  @Field(() => Department, bilingual('To whom.', '接收部门'))
  readonly department?: DepartmentDescriptor;

  @Field(() => Boolean, bilingual('Whether the case waits for this recipient.', '是否必须'))
  readonly mandatory?: boolean;

  @Field(() => [String], bilingual('Measures that this recipient carries out.', '应执行措施'))
  readonly measureIds?: readonly string[];

  @Field(() => DeliveryStateEnum, bilingual('How far it has come.', '状态'))
  readonly state?: DeliveryState;

  @Field(() => Boolean, bilingual('Whether a later version took its place.', '是否被新版本取代'))
  readonly superseded?: boolean;

  @Field(() => DateTimeScalar, bilingual('By when it is to be signed for.', '签收期限'))
  readonly signBy?: Date;

  @Field(() => DateTimeScalar, bilingual('By when the next feedback is due.', '反馈期限'))
  readonly feedbackBy?: Date;

  @Field(() => DateTimeScalar, { nullable: true, ...bilingual('By when its end is to be confirmed.', '解除确认期限') })
  readonly liftBy?: Date | null;

  @Field(() => Boolean, bilingual('Whether the recipient has let its time pass.', '是否逾期'))
  readonly overdue?: boolean;

  @Field(() => DateTimeScalar, { nullable: true, ...bilingual('When it reached the department.', '送达时间') })
  readonly sentAt?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, ...bilingual('When it was signed for.', '签收时间') })
  readonly signedAt?: Date | null;

  @Field(() => String, { nullable: true, ...bilingual('Why it was sent back.', '退回理由') })
  readonly returnReason?: string | null;

  @Field(() => [DeliveryAttempt], bilingual('Every call, oldest first.', '送达尝试'))
  readonly attempts?: readonly DeliveryAttempt[];

  @Field(() => [MeasureFeedback], bilingual('The latest report on each measure.', '执行反馈'))
  readonly feedback?: readonly MeasureFeedback[];

  @Field(() => DateTimeScalar, { nullable: true, ...bilingual('When its end was confirmed.', '解除确认时间') })
  readonly liftConfirmedAt?: Date | null;
}

const connection = connectionTypes('Delivery', () => DeliveryType);

@ObjectType({ simpleResolvers: true, ...bilingual('A page of deliveries.', '送达列表') })
export class DeliveryConnection extends connection.ConnectionType {}
