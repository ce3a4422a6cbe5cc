/** Penalties, list entries, certificates and police filings of the subjects. */
import { AUTHORITIES } from '../authorities.ts';
import { day } from '../clock.ts';
import { holderCode } from '../codes.ts';
import { ABNORMAL_REASONS, SERIOUS_REASONS } from '../list-entries.ts';
import type { PoliceFiling } from '../police-filing.ts';
import { contentOf } from '../penalties.ts';
import type { WorldCertificate, WorldInstitution, WorldListEntry, WorldPenalty } from '../types.ts';
import { CERTIFICATES, DECISIONS, LIST_ENTRIES, REPORTS } from './keys.ts';

type PenaltyRow = Omit<WorldPenalty, 'authority' | 'authorityCode' | 'content' | 'layout' | 'confiscatedFen'> &
  Partial<Pick<WorldPenalty, 'layout' | 'confiscatedFen'>>;

const AIR_LAW = '《中华人民共和国大气污染防治法》第一百一十二条';
const FALSE_REPORT = '出具虚假检验检测报告';
const FALSE_REPORT_BASIS = '《检验检测机构监督管理办法》第十四条、《中华人民共和国产品质量法》第五十七条';
const GAINS = '没收违法所得、非法财物';

const PENALTIES: Readonly<Record<string, readonly PenaltyRow[]>> = {
  // Long past and minor: INST-A is in good standing.
  'INST-A': [
    {
      documentNumber: DECISIONS.oldWarning,
      heldBy: 'market-regulation',
      categories: ['警告'],
      violation: '未按规定保存检验检测原始记录和报告',
      facts: '两份原始记录缺少检验员签名。',
      basis: '《检验检测机构监督管理办法》第二十五条',
      fineFen: null,
      ...published('2023-05-09', '2023-05-16', '2023-08-09'),
      layout: '2015',
    },
  ],
  // SER-ENV: the same again within two years, and twelve vehicles.
  'INST-B': [
    {
      documentNumber: DECISIONS.secondEmission,
      heldBy: 'ecology',
      categories: ['罚款', GAINS],
      violation: '伪造机动车排放检验结果，出具虚假排放检验报告',
      facts: '2025年10月13日至24日，该机构使用同一组过程数据为12辆机动车出具虚假排放检验报告。',
      basis: AIR_LAW,
      fineFen: 30_000_000,
      confiscatedFen: 144_050,
      ...published('2026-01-20', '2026-01-27', '2029-01-20'),
    },
    {
      documentNumber: DECISIONS.firstEmission,
      heldBy: 'ecology',
      categories: ['罚款', GAINS],
      violation: '伪造机动车排放检验结果，出具虚假排放检验报告',
      facts: '2024年6月，该机构为3辆机动车出具虚假排放检验报告。',
      basis: AIR_LAW,
      fineFen: 12_000_000,
      confiscatedFen: 36_000,
      ...published('2024-09-12', '2024-09-20', '2027-09-12'),
    },
  ],
  // CRIM: gains of 300,000 yuan and more from environmental monitoring.
  'INST-C': [
    {
      documentNumber: DECISIONS.monitoringGains,
      heldBy: 'ecology',
      categories: ['罚款', GAINS],
      violation: '篡改、伪造监测数据',
      facts: '2024年3月至2025年4月，该机构未实际采样即出具监测报告41份。',
      basis: '《生态环境监测条例》',
      fineFen: 20_000_000,
      confiscatedFen: 32_680_050,
      ...published('2025-09-18', '2025-09-26', '2028-09-18'),
    },
  ],
  // CARB: confiscation and five times the gains.
  'INST-F': [
    {
      documentNumber: DECISIONS.carbon,
      heldBy: 'ecology',
      categories: ['罚款', GAINS],
      violation: '出具虚假碳排放检验检测报告',
      facts: `报告${REPORTS.carbonFalse}所载元素碳含量未经实际检测。`,
      basis: '《碳排放权交易管理暂行条例》第二十六条',
      fineFen: 13_000_000,
      confiscatedFen: 2_600_000,
      ...published('2025-08-20', '2025-08-27', '2028-08-20'),
    },
  ],
  // SER-PQ: two false reports in a key area (vehicles); gains above the general line of prosecution.
  'INST-H': [
    {
      documentNumber: DECISIONS.secondFalseReport,
      heldBy: 'market-regulation',
      categories: ['罚款', GAINS, '吊销许可证件'],
      violation: FALSE_REPORT,
      facts: `机动车检验报告${REPORTS.foundFalse[1]}未经检验即出具；两年内再次出具虚假报告。`,
      basis: FALSE_REPORT_BASIS,
      fineFen: 10_000_000,
      confiscatedFen: 12_800_000,
      ...published('2026-01-30', '2026-02-05', '2029-01-30'),
    },
    {
      documentNumber: DECISIONS.roadTest,
      heldBy: 'transport',
      categories: ['罚款'],
      violation: '不按技术规范对道路运输车辆进行检测',
      facts: '柴油货车未按规定方法检测。',
      basis: '《道路运输车辆技术管理规定》第三十一条',
      fineFen: 1_500_000,
      ...published('2025-11-05', '2025-11-12', '2026-11-05'),
    },
    {
      documentNumber: DECISIONS.firstFalseReport,
      heldBy: 'market-regulation',
      categories: ['罚款'],
      violation: FALSE_REPORT,
      facts: `机动车检验报告${REPORTS.foundFalse[0]}未经检验即出具。`,
      basis: FALSE_REPORT_BASIS,
      fineFen: 5_000_000,
      ...published('2025-09-26', '2025-09-30', '2026-09-26'),
      layout: '2015',
    },
  ],
  'CARR-1': [
    {
      documentNumber: DECISIONS.carrier,
      heldBy: 'transport',
      categories: ['罚款'],
      violation: '未按规定维护和检测道路运输车辆',
      facts: '一辆货车未按规定周期检测。',
      basis: '《中华人民共和国道路运输条例》第七十条',
      fineFen: 300_000,
      ...published('2025-06-17', '2025-06-24', '2026-06-17'),
    },
  ],
};

const LISTS: Readonly<Record<string, readonly WorldListEntry[]>> = {
  'INST-D': [abnormal(LIST_ENTRIES.certificationBodyRemoved, '1', '2024-07-08', '2025-02-14')],
  'INST-F': [abnormal(LIST_ENTRIES.carbonActive, '1', '2025-07-08', null)],
  'INST-H': [
    {
      ...abnormal(LIST_ENTRIES.seriousActive, '1', '2026-02-03', null),
      list: 'SERIOUS_MR',
      reasonCode: 'JYJC-01',
      reason: SERIOUS_REASONS['JYJC-01'] ?? '',
    },
  ],
  'CARR-1': [abnormal(LIST_ENTRIES.carrierActive, '4', '2025-10-20', null)],
};

const FILINGS: Readonly<Record<string, PoliceFiling>> = {
  'INST-A': { cmaNumber: CERTIFICATES.cmaOfA, validFrom: day('2023-03-15'), validTo: day('2029-03-14'), status: '1' },
  // Out of date since the renewal of 2022.
  'INST-B': { cmaNumber: '162405340202', validFrom: day('2016-06-20'), validTo: day('2022-06-19'), status: '1' },
  // Still normal although the certificate was revoked.
  'INST-H': { cmaNumber: CERTIFICATES.cmaOfH, validFrom: day('2020-05-18'), validTo: day('2026-05-17'), status: '1' },
};

/** Latest decision first. */
export function plantedPenalties(key: string): readonly WorldPenalty[] {
  return (PENALTIES[key] ?? []).map(({ layout = '2021', confiscatedFen = null, ...row }) => ({
    ...row,
    authority: AUTHORITIES[row.heldBy].name,
    authorityCode: AUTHORITIES[row.heldBy].code,
    confiscatedFen,
    content: contentOf(row.categories, row.fineFen, confiscatedFen),
    layout,
  }));
}

export function plantedListEntries(key: string): readonly WorldListEntry[] {
  return LISTS[key] ?? [];
}

export function plantedPoliceFiling(key: string): PoliceFiling | null {
  return FILINGS[key] ?? null;
}

/** Certificates that INST-D issued: one in force for the carrier, one suspended, one revoked, one CCC suspended. */
export function plantedCertificates(
  { key, creditCode }: WorldInstitution,
  carrier: Holder,
): readonly WorldCertificate[] {
  if (key !== 'INST-D') return [];
  const others = [1, 2, 3].map((ordinal) => ({
    holderName: `贵阳示例持证${ordinal}号有限公司`,
    holderCode: holderCode('520103', 900_000 + ordinal),
  }));
  const issued = (number: string, status: WorldCertificate['status'], holder: Holder | undefined, years: number) => ({
    scheme: /^\d{16}$/.test(number) ? ('CCC' as const) : ('MANAGEMENT_SYSTEM' as const),
    number,
    status,
    ...(holder ?? carrier),
    issuerCode: creditCode,
    validFrom: day('2024-11-20'),
    validTo: day(`${2024 + years}-11-19`),
  });
  return [
    issued(CERTIFICATES.valid, 'VALID', carrier, 3),
    issued(CERTIFICATES.suspended, 'SUSPENDED', others[0], 3),
    issued(CERTIFICATES.revoked, 'REVOKED', others[1], 3),
    issued(CERTIFICATES.cccSuspended, 'SUSPENDED', others[2], 5),
  ];
}

type Holder = Pick<WorldCertificate, 'holderName' | 'holderCode'>;

function abnormal(id: string, reasonCode: string, listedOn: string, removedOn: string | null): WorldListEntry {
  const { reason, removal } = ABNORMAL_REASONS[reasonCode] ?? { reason: '', removal: '' };
  return {
    id,
    list: 'ABNORMAL',
    reasonCode,
    reason,
    listedOn: day(listedOn),
    authority: AUTHORITIES['market-regulation'].name,
    removedOn: removedOn === null ? null : day(removedOn),
    removalReason: removedOn === null ? null : removal,
  };
}

function published(decidedOn: string, from: string, to: string) {
  return { decidedOn: day(decidedOn), publishedFrom: day(from), publishedTo: day(to) };
}
