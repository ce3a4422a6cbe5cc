/**
 * Code lists of the jkid/jksqm family. They hold for this interface only: the same value means something else at other
 * ecology platforms and at the police (wire-formats 0.1, 1.2, 1.3).
 */
import type {
  EmissionMethod,
  InspectionResult,
  InstitutionKind,
  InstitutionStatus,
  QualificationStatus,
} from '../../schema/records.ts';

/** Judge and TestJudge: 1 pass, 0 fail, 9 or empty not inspected; any other value is UNKNOWN (wire-formats 1.2). */
const RESULTS: ReadonlyMap<string, InspectionResult> = new Map([
  ['1', 'PASS'],
  ['0', 'FAIL'],
  ['9', 'NOT_INSPECTED'],
]);
export function resultOf(judge: string | null): InspectionResult {
  return judge === null ? 'NOT_INSPECTED' : (RESULTS.get(judge) ?? 'UNKNOWN');
}

/** The TestJudge by which tests with a verdict are asked for; null where the platform has no code for it. */
export function judgeMeaning(result: InspectionResult): string | null {
  return [...RESULTS].find(([, meaning]) => meaning === result)?.[0] ?? null;
}

export interface MethodCode {
  readonly method: EmissionMethod;
  /** The parameter's name in capability scopes and on reports. */
  readonly label: string;
}

/** TestType, third column of wire-formats 1.3. */
const METHODS: ReadonlyMap<string, MethodCode> = new Map([
  ['2', { method: 'DOUBLE_IDLE', label: '双怠速法' }],
  ['4', { method: 'OPACITY', label: '自由加速法' }],
  ['5', { method: 'ASM', label: '稳态工况法' }],
  ['6', { method: 'VMAS', label: '简易瞬态工况法' }],
  ['7', { method: 'LUGDOWN', label: '加载减速法' }],
]);
const OTHER_METHOD: MethodCode = { method: 'OTHER', label: '其他方法' };
export function methodOf(testType: string): MethodCode {
  return METHODS.get(testType) ?? OTHER_METHOD;
}

/** What emission tests are called as an object of inspection. */
export const EMISSION_OBJECT = '机动车排放检验';

/** StationType, several as a comma list. */
const KINDS: ReadonlyMap<string, InstitutionKind> = new Map([
  ['1', 'VEHICLE_INSPECTION_BODY'],
  ['2', 'ENV_MONITORING_BODY'],
  ['3', 'CARBON_VERIFICATION_BODY'],
  ['4', 'CARBON_TESTING_BODY'],
]);
export function kindsOf(stationType: string | null): readonly InstitutionKind[] {
  const codes = stationType?.split(',').map((code) => code.trim()) ?? [];
  return [...new Set(codes.filter((code) => code !== '').map((code) => KINDS.get(code) ?? 'OTHER'))];
}

/** Status of a station: 1 connected, 2 disconnected for the time being, 3 ended on request, 4 withdrawn. */
const STATUSES: ReadonlyMap<string, { institution: InstitutionStatus; filing: QualificationStatus }> = new Map([
  ['1', { institution: 'ACTIVE', filing: 'VALID' }],
  ['2', { institution: 'SUSPENDED', filing: 'SUSPENDED' }],
  ['3', { institution: 'DEREGISTERED', filing: 'CANCELLED' }],
  ['4', { institution: 'REVOKED', filing: 'REVOKED' }],
]);
export function institutionStatusOf(status: string): InstitutionStatus {
  return STATUSES.get(status)?.institution ?? 'UNKNOWN';
}
/** @throws RangeError for a status that says nothing about the filing */
export function filingStatusOf(status: string): QualificationStatus {
  const known = STATUSES.get(status);
  if (known === undefined) throw new RangeError('is no status of a station');
  return known.filing;
}

/** testdevicetype (wire-formats B.2). */
const DEVICE_KINDS: ReadonlyMap<string, string> = new Map([
  ['1', 'DYNAMOMETER'],
  ['2', 'GAS_ANALYSER'],
  ['3', 'OPACIMETER'],
  ['4', 'WEATHER_STATION'],
  ['5', 'TACHOMETER'],
  ['6', 'FLOW_METER'],
  ['7', 'FILTER_SMOKE_METER'],
  ['8', 'CONTROL_COMPUTER'],
]);
export function deviceKindOf(testDeviceType: string): string {
  return DEVICE_KINDS.get(testDeviceType) ?? 'OTHER';
}

/** FuelType: the letters of GA/T 16.9, except that this interface writes hydrogen as X instead of P (wire-formats 1.4). */
export function fuelOf(fuelType: string | null): string | null {
  return fuelType === 'X' ? 'P' : fuelType;
}
