import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Department } from '../department/department.type.ts';
import { bilingual } from '../description.ts';
import {
  DecisionMannerEnum,
  DeliveryStateEnum,
  HoldConsequenceEnum,
  RecognitionFindingKindEnum,
  RecognitionKindEnum,
  RecognitionStateEnum,
} from '../enums.ts';
import { Institution } from '../institution/institution.type.ts';
import type { DepartmentDescriptor } from '../ports.ts';
import { connectionTypes } from '../relay/connection.ts';
import { CreditCodeScalar, CursorScalar, DateScalar, DateTimeScalar } from '../scalars/scalars.ts';
import type { CalendarDate } from '../time/calendar-date.ts';
import { RecognitionCheck } from '../verification/verification.type.ts';
import type { RecognitionKind } from './evidence.ts';
import type { FindingKind } from './finding.ts';
import type { Decision, Hold, RecognitionState, ReviewFlag, SyncTarget as SyncTargetRecord } from './recognition.ts';

@ObjectType({ simpleResolvers: true, ...bilingual('A department that relies on a recognition.', '同步对象') })
export class SyncTarget {
  @Field(() => Department, bilingual('Which.', '部门'))
  readonly department?: DepartmentDescriptor;

  @Field(
    () => DeliveryStateEnum,
    bilingual('Of what it was told last: SIGNED when it relies on it, CONFIRMED_LIFT when it no longer does.', '状态'),
  )
  readonly state?: SyncTargetRecord['state'];

  @Field(() => DateTimeScalar, { nullable: true, ...bilingual('Since when.', '时间') })
  readonly at?: Date | null;

  @Field(() => RecognitionStateEnum, {
    nullable: true,
    ...bilingual('What it was told last: RECOGNIZED, SUSPENDED or REVOKED.', '最近告知的状态'),
  })
  readonly told?: SyncTargetRecord['told'];

  @Field(() => DateTimeScalar, { nullable: true, ...bilingual('By when it is to confirm.', '确认期限') })
  readonly confirmBy?: Date | null;

  @Field(() => Boolean, bilingual('Whether it has let its time pass.', '是否逾期'))
  readonly isOverdue?: boolean;

  @Field(() => Int, bilingual('Calls made to its system so far.', '送达尝试次数'))
  readonly attemptCount?: number;

  @Field(() => String, { nullable: true, ...bilingual('What came of the last call.', '最近一次送达结果') })
  readonly lastAttempt?: string | null;
}

@ObjectType({
  simpleResolvers: true,
  ...bilingual('Something that stands against a recognition since it was made.', '暂停或撤销的原因'),
})
export class RecognitionHold {
  @Field(() => String, bilingual('Reason code, e.g. RJ08.', '原因代码'))
  readonly code!: Hold['code'];

  @Field(() => String, bilingual('What it is, e.g. LISTED.', '原因'))
  readonly cause!: Hold['cause'];

  @Field(() => HoldConsequenceEnum, bilingual('Whether it passes.', '后果'))
  readonly consequence!: Hold['consequence'];

  @Field(() => String, bilingual('In words.', '说明'))
  readonly detail!: string;
}

@ObjectType({
  simpleResolvers: true,
  ...bilingual('Something that happened after the day of the report; a person should look at it.', '待复核事项'),
})
export class ReviewFlagType {
  @Field(() => String, bilingual('Reason code that it would be.', '原因代码'))
  readonly code!: ReviewFlag['code'];

  @Field(() => String, bilingual('In words.', '说明'))
  readonly detail!: string;
}

@ObjectType('Recognition', {
  simpleResolvers: true,
  ...bilingual('A result that one department relies on and the others treat as their own.', '结果互认记录'),
})
export class RecognitionType {
  @Field(() => ID, bilingual('Id in the hub.', '标识'))
  readonly id?: string;

  @Field(() => RecognitionKindEnum, bilingual('A report or a certificate.', '类别'))
  readonly kind?: RecognitionKind;

  @Field(() => String, bilingual('Number of the report or certificate.', '报告或证书编号'))
  readonly number?: string;

  @Field(() => Institution, bilingual('Whose result it is.', '机构'))
  readonly institution?: Institution;

  @Field(() => Department, bilingual('Who asked for it.', '申请部门'))
  readonly requester?: DepartmentDescriptor;

  @Field(() => String, bilingual('What it is relied on for.', '采信用途'))
  readonly purpose?: string;

  @Field(() => RecognitionStateEnum, bilingual('How far it has come.', '状态'))
  readonly state?: RecognitionState;

  @Field(() => [RecognitionCheck], bilingual('Every check with its evidence, passed or not.', '核验项'))
  readonly checks?: readonly RecognitionCheck[];

  @Field(() => [String], bilingual('Codes of the checks that failed, RJ01 to RJ11.', '不予采信原因代码'))
  readonly reasonCodes?: readonly string[];

  @Field(() => DateScalar, {
    nullable: true,
    ...bilingual('The last day on which it may be relied on.', '采信有效期至'),
  })
  readonly validTo?: CalendarDate | null;

  @Field(() => [SyncTarget], bilingual('Departments that rely on it, and what each has been told.', '同步情况'))
  readonly syncTargets?: readonly SyncTarget[];

  @Field(() => DecisionMannerEnum, bilingual('Whether the checks settled it or a person did.', '决定方式'))
  readonly manner?: Decision['manner'];

  @Field(() => DateTimeScalar, bilingual('When it was decided last.', '决定时间'))
  readonly decidedAt?: Date;

  @Field(() => String, { nullable: true, ...bilingual('Why the person decided so.', '决定理由') })
  readonly decisionReason?: string | null;

  @Field(() => DateTimeScalar, { nullable: true, ...bilingual('By when a person must decide.', '人工决定期限') })
  readonly decideBy?: Date | null;

  @Field(() => String, bilingual('Edition of the rules by which it was decided.', '规则版本'))
  readonly rulesetEdition?: string;

  @Field(() => [String], bilingual('Ids of the rules that had a say.', '适用规则编号'))
  readonly ruleIds?: readonly string[];

  @Field(
    () => Boolean,
    bilingual('Whether the checks, made again from what was seen then, come out the same.', '复核是否一致'),
  )
  readonly isReproducible?: boolean;

  @Field(() => [RecognitionHold], bilingual('What stands against it since it was made.', '暂停或撤销的原因'))
  readonly holds?: readonly Hold[];

  @Field(() => [ReviewFlagType], bilingual('What a person should look at; it stands meanwhile.', '待复核事项'))
  readonly reviewFlags?: readonly ReviewFlag[];

  @Field(() => String, { nullable: true, ...bilingual('Why a person revoked it.', '撤销理由') })
  readonly revocationReason?: string | null;

  @Field(() => DateTimeScalar, bilingual('When it was asked for.', '提交时间'))
  readonly createdAt?: Date;
}

@ObjectType('RecognitionEvent', {
  simpleResolvers: true,
  ...bilingual('Something that happened to a recognition.', '互认事件'),
})
export class RecognitionEventType {
  @Field(() => CursorScalar, bilingual('Place in the log; continue after it.', '游标'))
  readonly cursor?: string;

  @Field(() => DateTimeScalar, bilingual('When.', '时间'))
  readonly at?: Date;

  @Field(() => String, bilingual('What: a state, or e.g. SYNC_CONFIRMED, REVIEW_FLAGGED, RESTORED.', '事件类型'))
  readonly kind?: string;

  @Field(() => RecognitionStateEnum, bilingual('State after it.', '事件后状态'))
  readonly state?: RecognitionState;

  @Field(() => RecognitionType, bilingual('To which recognition, as it is now.', '互认记录'))
  readonly recognition?: RecognitionType;

  @Field(() => Department, { nullable: true, ...bilingual('The relying department whom it concerns.', '相关部门') })
  readonly department?: DepartmentDescriptor | null;

  @Field(() => String, { nullable: true, ...bilingual('Who acted.', '操作者') })
  readonly actor?: string | null;

  @Field(() => String, { nullable: true, ...bilingual('In words, e.g. a reason.', '说明') })
  readonly detail?: string | null;
}

@ObjectType('RecognitionFinding', {
  simpleResolvers: true,
  ...bilingual(
    'What the hub itself keeps of an institution: a clue, or a result of proficiency testing.',
    '平台登记的线索或能力验证结果',
  ),
})
export class RecognitionFindingType {
  @Field(() => ID, bilingual('Kind, department and its number.', '标识'))
  readonly id?: string;

  @Field(() => RecognitionFindingKindEnum, bilingual('Which of both.', '类别'))
  readonly kind?: FindingKind;

  @Field(() => CreditCodeScalar, bilingual('Whose.', '机构代码'))
  readonly creditCode?: string;

  @Field(() => Department, bilingual('Whose finding it is.', '登记部门'))
  readonly department?: DepartmentDescriptor;

  @Field(() => String, bilingual('State of a clue, or how the test came out.', '状态或评价'))
  readonly state?: string;

  @Field(() => String, bilingual('What it is, in short.', '说明'))
  readonly note?: string;

  @Field(() => DateTimeScalar, bilingual('When it was recorded.', '登记时间'))
  readonly recordedAt?: Date;

  @Field(() => String, bilingual('By whom.', '登记人'))
  readonly recordedBy?: string;
}

const recognitions = connectionTypes('Recognition', () => RecognitionType);
const events = connectionTypes('RecognitionEvent', () => RecognitionEventType);

@ObjectType({ simpleResolvers: true, ...bilingual('A page of recognitions.', '互认记录列表') })
export class RecognitionConnection extends recognitions.ConnectionType {}

@ObjectType({ simpleResolvers: true, ...bilingual('A page of the log of recognitions.', '互认事件列表') })
export class RecognitionEventConnection extends events.ConnectionType {}
