import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Department } from '../department/department.type.ts';
import { bilingual } from '../description.ts';
import { ListTypeEnum, NoticeStateEnum, SeverityEnum } from '../enums.ts';
import { Institution } from '../institution/institution.type.ts';
import type { DepartmentDescriptor } from '../ports.ts';
import type { ListType, Severity } from '../records.ts';
import { connectionTypes } from '../relay/connection.ts';
import { CreditCodeScalar, CursorScalar, DateScalar, DateTimeScalar } from '../scalars/scalars.ts';
import type { Notice, NoticeState } from './notice.ts';

@ObjectType({
  simpleResolvers: true,
  ...bilingual('A measure of the catalogue in the hands of one recipient.', '惩戒措施'),
})
export class NoticeMeasure {
  @Field(() => String, bilingual('Id in the catalogue.', '措施编号'))
  readonly measureId!: string;

  @Field(() => String, bilingual('Name in English.', '英文名称'))
  readonly name!: string;

  @Field(() => String, bilingual('Name in Chinese.', '中文名称'))
  readonly nameZh!: string;

  @Field(() => String, bilingual('Legal basis.', '依据'))
  readonly basis!: string;

  @Field(() => String, bilingual('Edition of the catalogue in force on the day of the decision.', '目录版本'))
  readonly catalogueEdition!: string;

  @Field(() => Department, bilingual('Who carries it out.', '实施部门'))
  readonly responsible!: DepartmentDescriptor;
}

@ObjectType({
  simpleResolvers: true,
  ...bilingual('Signature over the canonical form (RFC 8785).', '数字签名'),
})
export class Signature {
  @Field(() => String, bilingual('SM2_SM3 or ED25519.', '算法'))
  readonly algorithm!: string;

  @Field(() => String, bilingual('Which key.', '密钥标识'))
  readonly keyId!: string;

  @Field(() => String, bilingual('base64.', '签名值'))
  readonly value!: string;
}

@ObjectType('Notice', {
  simpleResolvers: true,
  ...bilingual('A joint-punishment notice: a legal case, not a message.', '联合惩戒通知'),
})
export class NoticeType {
  @Field(() => ID, bilingual('Id in the hub.', '标识'))
  readonly id?: string;

  @Field(() => String, bilingual('LHCJ + division + year + department + serial.', '通知编号'))
  readonly number?: string;

  @Field(() => Int, bilingual('The version that stands.', '版本'))
  readonly version?: number;

  @Field(() => Institution, bilingual('Against whom.', '惩戒对象'))
  readonly subject?: Institution;

  @Field(() => Department, bilingual('Who determined it.', '认定单位'))
  readonly determiner?: DepartmentDescriptor;

  @Field(() => ListTypeEnum, { nullable: true, ...bilingual('The list that it rests on.', '名单类型') })
  readonly listType?: ListType | null;

  @Field(() => SeverityEnum, bilingual('How severe.', '失信程度'))
  readonly severity?: Severity;

  @Field(() => String, bilingual('Number of the decision.', '决定文号'))
  readonly decisionNumber?: string;

  @Field(() => DateScalar, bilingual('Day of the decision.', '决定日期'))
  readonly decidedOn?: string;

  @Field(() => String, bilingual('The facts, in short.', '事实摘要'))
  readonly factsSummary?: string;

  @Field(() => [NoticeMeasure], bilingual('What is to be done, and by whom.', '惩戒措施'))
  readonly measures?: readonly NoticeMeasure[];

  @Field(() => DateScalar, bilingual('First day.', '起始日期'))
  readonly startDate?: string;

  @Field(() => DateScalar, bilingual('Last day.', '截止日期'))
  readonly endDate?: string;

  @Field(() => NoticeStateEnum, bilingual('How far the case has come.', '状态'))
  readonly state?: NoticeState;

  @Field(() => DateTimeScalar, bilingual('When it was handed in.', '提交时间'))
  readonly createdAt?: Date;

  @Field(() => DateTimeScalar, { nullable: true, ...bilingual('When it was published.', '公示时间') })
  readonly publishedAt?: Date | null;

  @Field(() => String, { nullable: true, ...bilingual('Why it ended.', '终止理由') })
  readonly endReason?: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    ...bilingual('When the last recipient had confirmed the end.', '全部确认时间'),
  })
  readonly closedAt?: Date | null;

  @Field(() => Signature, bilingual('Of the determining department, over the version that stands.', '认定单位签名'))
  readonly signature?: Signature;

  @Field(() => String, bilingual('The text that is signed, to the byte.', '签名原文'))
  readonly signedText?: string;
}

@ObjectType('NoticeEvent', { simpleResolvers: true, ...bilingual('Something that happened to a notice.', '通知事件') })
export class NoticeEventType {
  @Field(() => CursorScalar, bilingual('Place in the log; continue after it.', '游标'))
  readonly cursor?: string;

  @Field(() => DateTimeScalar, bilingual('When.', '时间'))
  readonly at?: Date;

  @Field(() => String, bilingual('What: a state of the case, or e.g. DELIVERY_SIGNED, SIGN_OVERDUE.', '事件类型'))
  readonly kind?: string;

  @Field(() => NoticeStateEnum, bilingual('State of the case after it.', '事件后状态'))
  readonly state?: NoticeState;

  @Field(() => CreditCodeScalar, bilingual('Against which institution the notice is.', '惩戒对象代码'))
  readonly subjectCode?: string;

  @Field(() => NoticeType, bilingual('To which notice, as it is now.', '通知'))
  readonly notice?: Notice;

  @Field(() => Department, { nullable: true, ...bilingual('The recipient whom it concerns.', '相关接收部门') })
  readonly department?: DepartmentDescriptor | null;

  @Field(() => String, { nullable: true, ...bilingual('Who acted.', '操作者') })
  readonly actor?: string | null;

  @Field(() => String, { nullable: true, ...bilingual('In words, e.g. a reason.', '说明') })
  readonly detail?: string | null;
}

const notices = connectionTypes('Notice', () => NoticeType);
const events = connectionTypes('NoticeEvent', () => NoticeEventType);

@ObjectType({ simpleResolvers: true, ...bilingual('A page of notices.', '通知列表') })
export class NoticeConnection extends notices.ConnectionType {}

@ObjectType({ simpleResolvers: true, ...bilingual('A page of the log of notices.', '通知事件列表') })
export class NoticeEventConnection extends events.ConnectionType {}
