/** The contract's enums, registered once, each value described in both languages. */
import { registerEnumType } from 'type-graphql';

type Descriptions<V extends string> = Readonly<Record<V, readonly [english: string, chinese: string]>>;

/** An enum object whose keys are its values, made from the table of descriptions. */
function graphEnum<V extends string>(
  name: string,
  english: string,
  chinese: string,
  values: Descriptions<V>,
): Readonly<Record<V, V>> {
  const names = Object.keys(values) as V[];
  const enumObject = Object.fromEntries(names.map((value) => [value, value])) as Record<V, V>;
  registerEnumType(enumObject, {
    name,
    description: `${english} ${chinese}`,
    valuesConfig: Object.fromEntries(
      names.map((value) => [value, { description: `${values[value][0]} ${values[value][1]}` }]),
    ) as Record<V, { description: string }>,
  });
  return enumObject;
}

export const FacetEnum = graphEnum('Facet', 'A kind of facts that a department may hold.', '信息类别', {
  INSTITUTIONS: ['Registration facts.', '主体登记'],
  QUALIFICATIONS: ['Qualifications and filings.', '资质与备案'],
  FACILITIES: ['Lines and equipment.', '设施设备'],
  INSPECTIONS: ['Inspections and tests.', '检验检测'],
  REPORTS: ['Report registers.', '报告登记'],
  PENALTIES: ['Administrative penalties.', '行政处罚'],
  LIST_ENTRIES: ['Abnormal and serious lists.', '名录名单'],
  RECOGNITION: ['Mutual recognition.', '互认采信'],
  NOTICE_DELIVERY: ['Delivery of notices.', '通知送达'],
});

export const SourceStateEnum = graphEnum('SourceState', 'How a department’s system is doing.', '系统状态', {
  UP: ['Answers.', '正常'],
  DEGRADED: ['Answers, but the last call failed or was not wholly readable.', '部分异常'],
  DOWN: ['Does not answer; calls are held back.', '中断'],
});

export const CircuitStateEnum = graphEnum('CircuitState', 'State of the circuit breaker of a department.', '熔断状态', {
  CLOSED: ['Calls pass.', '闭合'],
  HALF_OPEN: ['One call is let through to try.', '半开'],
  OPEN: ['Calls are held back.', '断开'],
});

export const CoverageStatusEnum = graphEnum(
  'CoverageStatus',
  'What stands behind an answer: "nothing on record" and "did not answer" never look alike.',
  '覆盖状态',
  {
    LIVE: ['Asked now and answered.', '实时'],
    REPLICA: ['From the hub’s replica, fresh enough.', '副本'],
    STALE: ['The last known answer; the department did not answer now.', '过期'],
    PARTIAL: ['Answered, but part of it could not be used; see the reason.', '部分'],
    UNAVAILABLE: ['Did not answer; its records are missing.', '不可用'],
    DENIED: ['The caller may not see it.', '无权限'],
    UNSUPPORTED: ['The department does not hold such facts.', '不提供'],
  },
);
export type CoverageStatus = keyof typeof CoverageStatusEnum;

export const InstitutionKindEnum = graphEnum('InstitutionKind', 'What an institution does.', '机构类型', {
  CERTIFICATION_BODY: ['Certification body.', '认证机构'],
  INSPECTION_TESTING_BODY: ['Inspection and testing body, general.', '检验检测机构'],
  VEHICLE_INSPECTION_BODY: ['Vehicle inspection body.', '机动车检验机构'],
  ENV_MONITORING_BODY: ['Ecological monitoring body.', '生态环境监测机构'],
  MEDICAL_DEVICE_INSPECTION_BODY: ['Medical-device inspection body.', '医疗器械检验机构'],
  CARBON_VERIFICATION_BODY: ['Carbon verification body.', '碳排放核查机构'],
  CARBON_TESTING_BODY: ['Carbon testing body.', '碳排放检验检测机构'],
  FOOD_AGRI_TESTING_BODY: ['Food and agricultural products testing body.', '食品农产品检验机构'],
  PT_PROVIDER: ['Proficiency testing provider.', '能力验证提供者'],
  CCC_DESIGNATED_BODY: ['Body designated for compulsory certification.', '指定认证机构'],
  OTHER: ['Other.', '其他'],
});

export const InstitutionStatusEnum = graphEnum('InstitutionStatus', 'Status of the registration.', '登记状态', {
  ACTIVE: ['In operation.', '在营'],
  SUSPENDED: ['Suspended.', '停业'],
  DEREGISTERED: ['Deregistered.', '注销'],
  REVOKED: ['Licence revoked.', '吊销'],
  UNKNOWN: ['Not known.', '未知'],
});

export const AliasMatchEnum = graphEnum('AliasMatch', 'How a local number was matched.', '匹配方式', {
  CREDIT_CODE: ['The department holds the credit code.', '信用代码'],
  CMA_NUMBER: ['By the CMA certificate number.', '资质认定证书编号'],
  NAME_AND_REGION: ['By name and region.', '名称与区划'],
  MANUAL: ['Confirmed by a person.', '人工确认'],
});

export const AliasDoubtEnum = graphEnum(
  'AliasDoubt',
  'Why a person must say whether a local number is this institution’s.',
  '待人工判断的原因',
  {
    IN_USE: [
      'The rules give it to this institution, but something speaks for another one too.',
      '规则已匹配,但另有线索',
    ],
    OTHER_CODE: ['It has this institution’s CMA number and another one’s credit code.', '证书编号相符,信用代码不符'],
    SHARED_NUMBER: ['Its CMA number is registered for another institution too.', '证书编号另有登记'],
    SHARED_NAME: ['Another institution of the region has the name too.', '同区划内机构重名'],
    SEVERAL_ENTRIES: ['The department has several entries of this name in the region.', '部门内多条同名记录'],
    VAGUE_PLACE: ['Same name, but one side names no place or only a larger division.', '名称相同,区划不明或过宽'],
    SIMILAR_NAME: ['No rule has found anything; only the name is similar.', '无规则匹配,仅名称相近'],
  },
);

export const AliasCandidateKindEnum = graphEnum('AliasCandidateKind', 'Why a local number waits.', '待确认类别', {
  UNCERTAIN: ['It may be one of these institutions’; it is not used meanwhile.', '不确定'],
  UNMATCHED: ['No rule has found an institution for it.', '未匹配'],
});

export const AliasActEnum = graphEnum('AliasAct', 'What somebody has done.', '操作', {
  CONFIRM: ['Said that the number is the institution’s.', '确认'],
  REJECT: ['Said that the number is not the institution’s.', '否定'],
  UNDO: ['Took back what had been said; the rules stand again.', '撤销'],
});

export const AuditKindEnum = graphEnum('AuditKind', 'What a record of the audit trail is.', '审计记录类别', {
  OPENED: ['An operation is about to begin.', '开始'],
  PROGRESS: ['A subscription has delivered events.', '进行中'],
  CLOSED: ['An operation has ended.', '结束'],
  SERVED: ['A read of the public, put on record afterwards.', '公众查询'],
  REFUSED: ['Refused before anything was done.', '拒绝'],
});

export const AuditResultEnum = graphEnum('AuditResult', 'How an operation ended.', '操作结果', {
  OK: ['Carried out.', '成功'],
  PARTIAL: ['Carried out in part.', '部分成功'],
  FAILED: ['Failed.', '失败'],
  REFUSED: ['Refused.', '拒绝'],
});

export const QualificationSchemeEnum = graphEnum('QualificationScheme', 'Kind of qualification.', '资质类别', {
  CMA: ['Qualification of inspection and testing bodies.', '资质认定'],
  CNAS: ['Accreditation.', '认可'],
  CCC_DESIGNATION: ['Designation for compulsory certification.', '强制性认证指定'],
  CERTIFICATION_APPROVAL: ['Approval of certification bodies.', '认证机构批准'],
  POLICE_FILING: ['Filing with public security.', '公安备案'],
  ECOLOGY_FILING: ['Filing with ecology.', '生态环境备案'],
  TRANSPORT_FILING: ['Filing with transport.', '交通运输备案'],
  OTHER: ['Other.', '其他'],
});

export const QualificationStatusEnum = graphEnum('QualificationStatus', 'Status of a qualification.', '资质状态', {
  VALID: ['In force.', '有效'],
  RECTIFYING: ['Ordered to rectify; no reports may be issued.', '责令整改'],
  SUSPENDED: ['Suspended.', '暂停'],
  EXPIRED: ['Expired.', '过期'],
  CANCELLED: ['Cancelled.', '注销'],
  REVOKED: ['Revoked.', '撤销'],
});

export const InspectionResultEnum = graphEnum('InspectionResult', 'Normalised verdict.', '检验结论', {
  PASS: ['Passed.', '合格'],
  FAIL: ['Failed.', '不合格'],
  NOT_INSPECTED: ['Not inspected.', '未检'],
  UNKNOWN: ['The department’s code is not known.', '未知'],
});

export const EmissionMethodEnum = graphEnum('EmissionMethod', 'Method of an emission test.', '排放检测方法', {
  DOUBLE_IDLE: ['Two-speed idle.', '双怠速'],
  ASM: ['Acceleration simulation mode.', '稳态工况'],
  VMAS: ['Short transient cycle.', '简易瞬态工况'],
  LUGDOWN: ['Lug-down.', '加载减速'],
  OPACITY: ['Free acceleration, opacity.', '自由加速不透光'],
  OTHER: ['Other.', '其他'],
});

export const SeverityEnum = graphEnum(
  'Severity',
  'Severity class of an infringement (credit repair rules).',
  '失信程度',
  {
    MINOR: ['Minor.', '轻微'],
    GENERAL: ['General.', '一般'],
    SERIOUS: ['Serious.', '严重'],
  },
);

export const ListTypeEnum = graphEnum('ListType', 'Kind of list.', '名单类型', {
  SERIOUS_MR: ['Serious list of market regulation.', '市场监管严重违法失信名单'],
  ABNORMAL: ['Abnormal operations list.', '经营异常名录'],
  SERIOUS_OTHER: ['Serious list of another field.', '其他领域严重失信名单'],
  QUAL_CANCELLED: ['Inspection qualification cancelled.', '取消检验检测资质'],
});

export const ReportVerdictEnum = graphEnum('ReportVerdict', 'Whether a report is what it claims to be.', '核验结论', {
  AUTHENTIC: ['On the register, by a qualified issuer, within scope.', '真实'],
  NOT_FOUND: ['Every register was asked and none knows it.', '查无'],
  MISMATCH: ['On a register, but not as claimed, or registers disagree.', '不一致'],
  ISSUER_UNQUALIFIED: ['The issuer was not qualified on the day of issue.', '出具机构无资质'],
  OUT_OF_SCOPE: ['Outside the issuer’s capability scope on that day.', '超出能力范围'],
  UNVERIFIABLE: ['A register that is needed did not answer.', '无法核验'],
});

export const InstitutionOrderEnum = graphEnum('InstitutionOrder', 'Order of a list of institutions.', '排序', {
  NAME: ['By name.', '按名称'],
  RISK_DESC: ['Riskiest first.', '按风险从高到低'],
  UPDATED_DESC: ['Latest change first.', '按更新时间'],
});

export const RiskClassEnum = graphEnum('RiskClass', 'Credit-risk class.', '信用风险等级', {
  A: ['Low.', '低'],
  B: ['General.', '一般'],
  C: ['Higher.', '较高'],
  D: ['High.', '高'],
});

export const RiskIndicatorEnum = graphEnum('RiskIndicator', 'Group of indicators of credit risk.', '风险指标类别', {
  BASIC: ['Basic information.', '基本信息'],
  OPERATION: ['Operation.', '经营状况'],
  ENFORCEMENT: ['Enforcement.', '行政执法'],
  CAPABILITY: ['Capability.', '技术能力'],
  HISTORY: ['History of recognition and notices.', '采信与惩戒记录'],
});

export const ThresholdUnitEnum = graphEnum('ThresholdUnit', 'In what a threshold is counted.', '阈值计量单位', {
  PENALTIES: ['Penalties.', '处罚次数'],
  VEHICLES: ['Vehicles.', '机动车辆数'],
  REPORTS: ['Reports.', '报告份数'],
  YUAN: ['Yuan of one decision.', '单案金额(元)'],
});

export const RepairStateEnum = graphEnum('RepairState', 'State of a credit repair.', '信用修复状态', {
  APPLIED: ['Applied for.', '已申请'],
  ACCEPTED: ['Accepted; being examined.', '已受理'],
  REJECTED: ['Refused; it says why, and from when to try again.', '不予修复'],
  APPROVED: ['Approved; being synchronised to every department that holds the entry.', '已同意'],
  SYNCHRONISED: ['Confirmed by every department that holds the entry.', '已同步'],
});

export const ThresholdStateEnum = graphEnum('ThresholdState', 'What a person made of a threshold.', '阈值处置状态', {
  OPEN: ['Reached; nobody has decided.', '待处置'],
  PROCEEDED: ['Taken up; a notice has been drafted where one follows.', '已处置'],
  DISMISSED: ['Not serious, with a reason.', '不认定'],
});

export const PublicityEndEnum = graphEnum('PublicityEnd', 'What ends publicity.', '停止公示原因', {
  SOURCE: ['The department’s own word.', '来源部门的公示截止或移出'],
  TERM: ['The longest time, or the term of the list, is over.', '最长公示期或列入期限届满'],
  REPAIR: ['The repair was approved.', '信用修复'],
});

export const EndpointStateEnum = graphEnum('EndpointState', 'Whether an endpoint is called.', '回调地址状态', {
  ENABLED: ['Messages are sent to it.', '启用'],
  DISABLED: ['Not called: by a person, after 5 days of failure, or because it said that it is gone.', '停用'],
});

export const NoticeStateEnum = graphEnum('NoticeState', 'State of a joint-punishment notice.', '通知状态', {
  DRAFT: ['Drafted; nobody has been told.', '草拟'],
  DETERMINED: ['Determined by its department.', '已认定'],
  PARTY_NOTIFIED: ['The party has been informed.', '已告知'],
  OBJECTION: ['The party has objected; being examined.', '异议核查'],
  PUBLISHED: ['Published; on its way to the recipients.', '已公示'],
  PUSHED: ['Has reached all mandatory recipients.', '已推送'],
  SIGNED: ['All mandatory recipients have signed for it.', '已签收'],
  RETURNED: ['A mandatory recipient has sent it back.', '退回'],
  EXECUTING: ['Being executed.', '执行中'],
  FED_BACK: ['All mandatory recipients have reported.', '已反馈'],
  EFFECTIVE: ['In effect until its end date.', '惩戒生效期'],
  REPAIR_PENDING: ['A repair is being examined; the measures stand.', '修复审核中'],
  LIFTED: ['Lifted, from then on.', '已解除'],
  WITHDRAWN: ['Withdrawn, as if it had never been.', '已撤回'],
  ARCHIVED: ['Archived.', '已归档'],
  CANCELLED: ['Dropped before it was determined.', '作废'],
});

export const DeliveryStateEnum = graphEnum('DeliveryState', 'State of what one department was sent.', '送达状态', {
  PENDING: ['Not there yet.', '待送达'],
  SENT: ['Received by the department’s system.', '已送达'],
  SIGNED: ['Signed for by the department.', '已签收'],
  RETURNED: ['Sent back with a reason.', '退回'],
  EXECUTED: ['Every measure has been reported on.', '已执行'],
  CONFIRMED_LIFT: ['The end has been confirmed.', '已确认解除'],
  DEAD: ['Given up; a person must have it repeated.', '无法送达'],
});

export const AttemptOutcomeEnum = graphEnum('AttemptOutcome', 'What came of one call.', '送达尝试结果', {
  ACCEPTED: ['Received; not yet signed for.', '已接收'],
  REFUSED: ['The department will not take it.', '拒收'],
  UNREACHABLE: ['No answer, or not now; tried again.', '无法到达'],
  BROKEN: ['The answer makes no sense; a person must look.', '应答异常'],
});

export const FeedbackResultEnum = graphEnum('FeedbackResult', 'How a measure was carried out.', '执行反馈结果', {
  EXECUTED: ['Executed.', '已执行'],
  PARTLY: ['Partly executed.', '部分执行'],
  NOT_APPLICABLE: ['Not applicable.', '不适用'],
  NO_OBJECT: ['Nothing occurred to which it applies.', '无业务发生'],
  FAILED: ['Not executed.', '未执行'],
});

export const NoticeStageEnum = graphEnum(
  'NoticeStage',
  'How far the determining department’s own procedure has come when it hands a notice in.',
  '办理阶段',
  {
    DRAFT: ['A draft.', '草拟'],
    DETERMINED: ['Determined.', '已认定'],
    PARTY_NOTIFIED: ['The party has been informed.', '已告知'],
    PUBLISHED: ['Published: it goes to its recipients at once.', '已公示'],
  },
);

export const RecognitionKindEnum = graphEnum('RecognitionKind', 'What is recognised.', '互认类别', {
  REPORT: ['A report.', '报告'],
  CERTIFICATE: ['A certificate.', '证书'],
});

export const RecognitionStateEnum = graphEnum('RecognitionState', 'State of a recognition.', '互认状态', {
  SUBMITTED: ['Handed in.', '提交'],
  VERIFYING: ['Being checked.', '核验'],
  RECOGNIZED: ['Recognised; relying departments are being told.', '已采信'],
  REJECTED: ['Not recognised, for the reasons named.', '不予采信'],
  NEED_MORE: ['Could not be settled: something is missing, or a person must decide.', '补正'],
  SYNCED: ['Recognised, and every relying department has confirmed.', '已同步'],
  SUSPENDED: ['Not to be relied on for the time being.', '暂停采信'],
  REVOKED: ['Not to be relied on any more.', '撤销'],
  EXPIRED: ['Its time is over.', '失效'],
});

export const RecognitionDecisionEnum = graphEnum('RecognitionDecision', 'What a person decides.', '人工决定', {
  RECOGNIZE: ['Recognise it.', '采信'],
  REJECT: ['Do not recognise it.', '不予采信'],
  NEED_MORE: ['Something is missing.', '补正'],
});

export const RecognitionPurposeEnum = graphEnum('RecognitionPurpose', 'What a result is relied on for.', '采信用途', {
  MARKET_SURVEILLANCE: ['Market surveillance.', '市场监督抽查'],
  LICENCE: ['Granting a licence.', '行政许可'],
  INSPECTION_WAIVER: ['Waiving an inspection.', '免于检验'],
  PROCUREMENT: ['Public procurement.', '政府采购'],
  BIDDING: ['Bidding.', '招标投标'],
});

export const DecisionMannerEnum = graphEnum('DecisionManner', 'Who settled a recognition.', '决定方式', {
  AUTO: ['The checks.', '自动'],
  MANUAL: ['A person.', '人工'],
});

export const HoldConsequenceEnum = graphEnum('HoldConsequence', 'What follows for a recognition.', '后果', {
  SUSPEND: ['Suspended until it has passed.', '暂停'],
  REVOKE: ['Revoked.', '撤销'],
});

export const CheckDoubtEnum = graphEnum('CheckDoubt', 'Why a check could not be settled.', '未决原因', {
  SILENT: ['A source that it needs did not answer in full.', '来源未应答'],
  MISSING: ['What it needs is on no record, or was not handed in.', '缺少依据'],
  REVIEW: ['Something has happened since the day of the report; a person must judge it.', '需人工判断'],
  NOT_MADE: ['Another check has left nothing to look at.', '未进行'],
});

export const RecognitionFindingKindEnum = graphEnum(
  'RecognitionFindingKind',
  'What the hub itself keeps of institutions.',
  '登记事项类别',
  {
    CLUE: ['A clue that reports may be false.', '疑点线索'],
    PROFICIENCY: ['A result of proficiency testing.', '能力验证结果'],
  },
);

export const RecognitionClueStateEnum = graphEnum(
  'ReportClueState',
  'What has become of a clue that reports may be false.',
  '线索状态',
  {
    OPEN: ['Being looked into.', '未办结'],
    CONFIRMED: ['Confirmed.', '属实'],
    DISMISSED: ['Dismissed.', '不属实'],
  },
);

export const ProficiencyGradeEnum = graphEnum(
  'ProficiencyGrade',
  'How a proficiency test came out, by its z score.',
  '能力验证评价',
  {
    SATISFACTORY: ['Up to 2.', '满意'],
    QUESTIONABLE: ['Between 2 and 3.', '有问题'],
    UNSATISFACTORY: ['3 and above.', '不满意'],
  },
);

export const InspectionKindEnum = graphEnum('InspectionKind', 'Kinds of inspections, as their types.', '检验类别', {
  VehicleSafetyInspection: ['Safety inspection.', '安全技术检验'],
  VehicleEmissionTest: ['Emission test.', '排放检验'],
  RoadVehicleTest: ['Test of a commercial vehicle.', '道路运输车辆检验'],
  LaboratoryTest: ['Laboratory test or monitoring.', '实验室检测'],
});

export const InspectedVerdictEnum = graphEnum(
  'InspectedVerdict',
  'Whether there is a result to rely on.',
  '是否已检结论',
  {
    YES: ['At least one result would be recognised.', '有可采信结果'],
    NO: ['Every department answered, and none would.', '无可采信结果'],
    UNKNOWN: ['A department was silent, or a check is open: it cannot be said.', '无法判断'],
  },
);
