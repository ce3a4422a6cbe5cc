/** Kinds of violations with their legal basis and the usual sanction. */
import type { WorldKind, WorldPenalty } from './types.ts';

export interface Violation {
  readonly heldBy: WorldPenalty['heldBy'];
  /** Bodies that can commit it; empty for all. */
  readonly kinds: readonly WorldKind[];
  readonly violation: string;
  readonly facts: string;
  readonly basis: string;
  readonly categories: readonly string[];
  /** Fine in yuan from and to; null when no fine is imposed. */
  readonly fineYuan: readonly [number, number] | null;
  readonly confiscates: boolean;
}

const CMA_ORDER = '《检验检测机构监督管理办法》';
const AIR_LAW = '《中华人民共和国大气污染防治法》第一百一十二条';

/** What generated institutions are punished for. */
export const VIOLATIONS: readonly Violation[] = [
  {
    heldBy: 'market-regulation',
    kinds: [],
    violation: '未按规定保存检验检测原始记录和报告',
    facts: '检查发现部分检验检测原始记录缺失，无法追溯。',
    basis: `${CMA_ORDER}第二十五条`,
    categories: ['警告'],
    fineYuan: null,
    confiscates: false,
  },
  {
    heldBy: 'market-regulation',
    kinds: [],
    violation: '出具不实检验检测报告',
    facts: '使用未经检定或者校准的仪器设备出具检验检测报告，数据、结果存在错误。',
    basis: `${CMA_ORDER}第十三条、第二十六条`,
    categories: ['罚款'],
    fineYuan: [10_000, 30_000],
    confiscates: false,
  },
  {
    heldBy: 'market-regulation',
    kinds: [],
    violation: '超出资质认定证书规定的检验检测能力范围出具报告',
    facts: '就未取得资质认定的项目向社会出具具有证明作用的数据、结果。',
    basis: '《检验检测机构资质认定管理办法》第三十六条',
    categories: ['罚款', '没收违法所得、非法财物'],
    fineYuan: [5_000, 30_000],
    confiscates: true,
  },
  {
    heldBy: 'market-regulation',
    kinds: [],
    violation: '资质认定事项变更未办理手续',
    facts: '授权签字人变更后未在规定期限内办理变更手续。',
    basis: '《检验检测机构资质认定管理办法》第三十五条',
    categories: ['通报批评'],
    fineYuan: null,
    confiscates: false,
  },
  {
    heldBy: 'ecology',
    kinds: ['VEHICLE_INSPECTION_BODY'],
    violation: '未按规范开展机动车排放检验',
    facts: '排放检验过程中未按规定方法采样。',
    basis: AIR_LAW,
    categories: ['罚款', '没收违法所得、非法财物'],
    fineYuan: [100_000, 200_000],
    confiscates: true,
  },
  {
    heldBy: 'ecology',
    kinds: ['ENV_MONITORING_BODY'],
    violation: '监测活动不符合监测规范',
    facts: '采样点位与监测方案不一致，未作说明。',
    basis: '《生态环境监测条例》',
    categories: ['警告', '罚款'],
    fineYuan: [20_000, 100_000],
    confiscates: false,
  },
  {
    heldBy: 'transport',
    kinds: ['VEHICLE_INSPECTION_BODY'],
    violation: '不按技术规范对道路运输车辆进行检测',
    facts: '综合性能检测项目缺项。',
    basis: '《道路运输车辆技术管理规定》第三十一条',
    categories: ['罚款'],
    fineYuan: [5_000, 20_000],
    confiscates: false,
  },
];
