/** Facts as departments state them, with everything filled in that a test does not speak of. */
import { completeCreditCode, type CreditCode } from '../../../schema/codes/credit-code.ts';
import type { DepartmentDescriptor, DirectoryEntry } from '../../../schema/ports.ts';
import type {
  CapabilityItem,
  InspectionRecord,
  InstitutionRecord,
  PenaltyRecord,
  ProvenanceRecord,
  QualificationRecord,
  ReportRecord,
} from '../../../schema/records.ts';
import { parseCalendarDate } from '../../../schema/time/calendar-date.ts';

export const day = parseCalendarDate;
/** An instant in the time of China: "2026-03-02" or "2026-03-02T10:05". */
export const at = (text: string): Date => new Date(`${text.length === 10 ? `${text}T00:00` : text}:00+08:00`);

/** The code of the nth imagined institution of Guanshanhu district. */
export const codeOf = (n: number): CreditCode => completeCreditCode('91520115', `MAYDM${String(n).padStart(3, '0')}`);
export const A = codeOf(1);
export const B = codeOf(2);
export const NAME_OF_A = '贵州示例甲机动车检测有限公司';

const DEPARTMENTS = {
  'market-regulation': ['01', 'Market Regulation', '市场监管', 'CREDIT_CODE'],
  ecology: ['02', 'Ecology', '生态环境', 'LOCAL_NUMBER'],
  transport: ['03', 'Transport', '交通运输', 'CREDIT_CODE'],
  'public-security': ['04', 'Public Security', '公安', 'LOCAL_NUMBER'],
} as const;
export type DepartmentId = keyof typeof DEPARTMENTS;

export function department(id: DepartmentId, facts: Partial<DepartmentDescriptor> = {}): DepartmentDescriptor {
  const [code, name, nameZh, keyedBy] = DEPARTMENTS[id];
  return { id, code, name, nameZh, protocol: 'none', keyedBy, authoritativeFor: [], ...facts };
}

export const provenance = (departmentId: string, facts: Partial<ProvenanceRecord> = {}): ProvenanceRecord => ({
  departmentId,
  sourceRecordId: '1',
  asOf: at('2026-03-02'),
  fetchedAt: at('2026-03-03'),
  receipt: '0'.repeat(64),
  adapterVersion: '1',
  ...facts,
});

export const institution = (departmentId: DepartmentId, facts: Partial<InstitutionRecord> = {}): InstitutionRecord => ({
  creditCode: A,
  localId: null,
  name: NAME_OF_A,
  kinds: [],
  status: 'ACTIVE',
  regionCode: '520115',
  address: null,
  cmaNumbers: [],
  cmaValidTo: null,
  provenance: provenance(departmentId),
  ...facts,
});

/** A station of a directory, named and placed as INST-A is. */
export const station = (localId: string, facts: Partial<DirectoryEntry> = {}): DirectoryEntry => ({
  localId,
  name: NAME_OF_A,
  regionCode: '520115',
  cmaNumbers: [],
  creditCode: null,
  ...facts,
});

export const qualification = (
  facts: Partial<QualificationRecord> = {},
  departmentId: DepartmentId = 'market-regulation',
): QualificationRecord => ({
  scheme: 'CMA',
  number: '232405340017',
  status: 'VALID',
  validFrom: day('2023-03-15'),
  validTo: day('2029-03-14'),
  issuer: null,
  scope: [],
  signatories: [],
  emergencyChannel: false,
  effectiveFrom: null,
  effectiveTo: null,
  recordedAt: null,
  supersededAt: null,
  provenance: provenance(departmentId),
  ...facts,
});

export const capability = (facts: Partial<CapabilityItem> = {}): CapabilityItem => ({
  object: '机动车排放检验',
  parameter: '简易瞬态工况法',
  standard: 'GB 18285-2018',
  restriction: null,
  site: null,
  ...facts,
});

export const report = (
  facts: Partial<ReportRecord> = {},
  departmentId: DepartmentId = 'market-regulation',
): ReportRecord => ({
  number: 'BG-1',
  issuedOn: day('2026-03-02'),
  parameters: [],
  signatory: null,
  conclusion: 'PASS',
  digest: null,
  issuerCode: A,
  issuerLocalId: null,
  version: 1,
  samplingKind: null,
  provenance: provenance(departmentId),
  ...facts,
});

export const penalty = (
  facts: Partial<PenaltyRecord> = {},
  departmentId: DepartmentId = 'market-regulation',
): PenaltyRecord => ({
  id: `${departmentId}~1`,
  documentNumber: '黔市监处罚〔2026〕12号',
  authority: '示例省市场监管局',
  categories: [],
  reason: '出具虚假检验检测报告',
  basis: null,
  fineFen: null,
  confiscatedFen: null,
  decidedOn: day('2026-03-02'),
  severity: null,
  publishedFrom: null,
  publishedTo: null,
  provenance: provenance(departmentId),
  ...facts,
});

export const inspection = (id: string, startedAt: Date, departmentId: DepartmentId = 'ecology'): InspectionRecord => ({
  kind: 'VehicleSafetyInspection',
  category: null,
  id,
  startedAt,
  endedAt: null,
  result: 'PASS',
  rawResult: null,
  vehicle: null,
  report: null,
  lineNumber: null,
  pass: null,
  provenance: provenance(departmentId, { sourceRecordId: id }),
});
