/**
 * The facts that departments hold, in the hub's own words: plain objects, instants as Date (UTC), dates as
 * CalendarDate (Asia/Shanghai), money in fen. The graph's types (`*.type.ts`) are built over these.
 */
import type { CreditCode } from './codes/credit-code.ts';
import type { CalendarDate } from './time/calendar-date.ts';

export const FACETS = [
  'INSTITUTIONS',
  'QUALIFICATIONS',
  'FACILITIES',
  'INSPECTIONS',
  'REPORTS',
  'PENALTIES',
  'LIST_ENTRIES',
  'RECOGNITION',
  'NOTICE_DELIVERY',
] as const;
export type Facet = (typeof FACETS)[number];

/** Whose fact, how old, and proof of what was received. Stamped by the source kit, never by an adapter. */
export interface ProvenanceRecord {
  readonly departmentId: string;
  readonly sourceRecordId: string;
  /** When the fact was true at the source (its own update time), or the time of the reply if it names none. */
  readonly asOf: Date;
  readonly fetchedAt: Date;
  /** SM3 of the raw reply, 64 hex characters. Several replies: SM3 over their receipts in order. */
  readonly receipt: string;
  readonly adapterVersion: string;
}

export const INSTITUTION_KINDS = [
  'CERTIFICATION_BODY',
  'INSPECTION_TESTING_BODY',
  'VEHICLE_INSPECTION_BODY',
  'ENV_MONITORING_BODY',
  'MEDICAL_DEVICE_INSPECTION_BODY',
  'CARBON_VERIFICATION_BODY',
  'CARBON_TESTING_BODY',
  'FOOD_AGRI_TESTING_BODY',
  'PT_PROVIDER',
  'CCC_DESIGNATED_BODY',
  'OTHER',
] as const;
export type InstitutionKind = (typeof INSTITUTION_KINDS)[number];

export const INSTITUTION_STATUSES = ['ACTIVE', 'SUSPENDED', 'DEREGISTERED', 'REVOKED', 'UNKNOWN'] as const;
export type InstitutionStatus = (typeof INSTITUTION_STATUSES)[number];

/** One department's description of an institution. */
export interface InstitutionRecord {
  /** null where the department does not hold the code (it is then known by its local number only). */
  readonly creditCode: CreditCode | null;
  /** The department's own number; null where it uses the credit code. */
  readonly localId: string | null;
  readonly name: string;
  /** Empty where the department does not say. */
  readonly kinds: readonly InstitutionKind[];
  readonly status: InstitutionStatus;
  /** GB/T 2260 six digits as received; null where unknown. */
  readonly regionCode: string | null;
  readonly address: string | null;
  /** CMA certificate numbers the department has on file, well-formed ones only. */
  readonly cmaNumbers: readonly string[];
  /** End of the CMA certificate as the department knows it. */
  readonly cmaValidTo: CalendarDate | null;
  readonly provenance: ProvenanceRecord;
}

export const QUALIFICATION_SCHEMES = [
  'CMA',
  'CNAS',
  'CCC_DESIGNATION',
  'CERTIFICATION_APPROVAL',
  'POLICE_FILING',
  'ECOLOGY_FILING',
  'TRANSPORT_FILING',
  'OTHER',
] as const;
export type QualificationScheme = (typeof QUALIFICATION_SCHEMES)[number];

export const QUALIFICATION_STATUSES = ['VALID', 'RECTIFYING', 'SUSPENDED', 'EXPIRED', 'CANCELLED', 'REVOKED'] as const;
export type QualificationStatus = (typeof QUALIFICATION_STATUSES)[number];

export interface CapabilityItem {
  readonly object: string;
  readonly parameter: string;
  /** Standard number with year. */
  readonly standard: string;
  readonly restriction: string | null;
  readonly site: string | null;
}

export interface Signatory {
  /** Personal data: masked by role wherever it leaves the hub. */
  readonly name: string;
  readonly fields: readonly string[];
}

/** One version of a qualification with valid time and recorded time; a source without versions gives one. */
export interface QualificationRecord {
  readonly scheme: QualificationScheme;
  readonly number: string;
  readonly status: QualificationStatus;
  readonly validFrom: CalendarDate | null;
  readonly validTo: CalendarDate | null;
  readonly issuer: string | null;
  readonly scope: readonly CapabilityItem[];
  readonly signatories: readonly Signatory[];
  readonly emergencyChannel: boolean;
  /** Valid time of this version: [effectiveFrom, effectiveTo); null = open. */
  readonly effectiveFrom: Date | null;
  readonly effectiveTo: Date | null;
  /** When the department recorded the version, and when a correction replaced it (null = believed now). */
  readonly recordedAt: Date | null;
  readonly supersededAt: Date | null;
  readonly provenance: ProvenanceRecord;
}

export interface FacilityRecord {
  readonly id: string;
  /** What it is, in words: LINE, BRAKE_TESTER, GAS_ANALYSER ... */
  readonly kind: string;
  readonly name: string;
  readonly calibrationValidTo: CalendarDate | null;
  readonly provenance: ProvenanceRecord;
}

export const INSPECTION_RESULTS = ['PASS', 'FAIL', 'NOT_INSPECTED', 'UNKNOWN'] as const;
export type InspectionResult = (typeof INSPECTION_RESULTS)[number];

export interface VehicleRecord {
  readonly vin: string | null;
  /** With the province character, whatever the department sends. */
  readonly plate: string | null;
  /** GA/T 16.7 code (hpzl) where the department sends it. */
  readonly plateCategory: string | null;
  /** GA/T 16.9 letters. */
  readonly fuel: string | null;
}

export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly limit: number | null;
  readonly unit: string;
  readonly result: InspectionResult;
}

export interface InspectionReport {
  readonly number: string;
  readonly issuedOn: CalendarDate;
  readonly parameters: readonly CapabilityItem[];
  readonly signatory: string | null;
  readonly conclusion: InspectionResult;
  readonly digest: string | null;
}

interface InspectionRecordBase {
  /** Unique in the hub: "<department>~<the department's own number>". */
  readonly id: string;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly result: InspectionResult;
  readonly rawResult: string | null;
  readonly vehicle: VehicleRecord | null;
  readonly report: InspectionReport | null;
  readonly lineNumber: string | null;
  /** 1 for the first pass; null where the department does not count. */
  readonly pass: number | null;
  readonly provenance: ProvenanceRecord;
}

/** Public security: GB 38900 safety inspection. */
export interface VehicleSafetyInspectionRecord extends InspectionRecordBase {
  readonly kind: 'VehicleSafetyInspection';
  /** jylb: 00 registration, 01 periodic ... */
  readonly category: string | null;
}

export const EMISSION_METHODS = ['DOUBLE_IDLE', 'ASM', 'VMAS', 'LUGDOWN', 'OPACITY', 'OTHER'] as const;
export type EmissionMethod = (typeof EMISSION_METHODS)[number];

/** Ecology: GB 18285 / GB 3847 emission test. */
export interface VehicleEmissionTestRecord extends InspectionRecordBase {
  readonly kind: 'VehicleEmissionTest';
  readonly method: EmissionMethod;
  readonly temperatureCelsius: number | null;
  readonly humidityPercent: number | null;
  readonly pressureKilopascal: number | null;
  readonly measurements: readonly Measurement[];
}

/** Transport: comprehensive performance test of a commercial vehicle. */
export interface RoadVehicleTestRecord extends InspectionRecordBase {
  readonly kind: 'RoadVehicleTest';
  /** "1" or "2"; null when failed or not graded. */
  readonly technicalGrade: string | null;
  readonly gradeValidTo: CalendarDate | null;
  /** Road transport permit number. */
  readonly transportPermit: string | null;
  readonly odometerKm: number | null;
}

/** A sample tested by a laboratory or a monitoring body. */
export interface LaboratoryTestRecord extends InspectionRecordBase {
  readonly kind: 'LaboratoryTest';
  readonly object: string | null;
  readonly sampledAt: Date | null;
  readonly items: readonly {
    readonly parameter: string;
    readonly standard: string;
    readonly result: InspectionResult;
  }[];
}

export type InspectionRecord =
  VehicleSafetyInspectionRecord | VehicleEmissionTestRecord | RoadVehicleTestRecord | LaboratoryTestRecord;

/** One second of an emission test; null where the analyser sent nothing. */
export interface ProcessSample {
  readonly second: number;
  readonly speedKmh: number | null;
  readonly rpm: number | null;
  readonly hcPpm: number | null;
  readonly coPercent: number | null;
  readonly co2Percent: number | null;
  readonly noPpm: number | null;
  readonly o2Percent: number | null;
  readonly lambda: number | null;
}

/** Per-second data of one emission test, in order of time. */
export interface ProcessSeriesRecord {
  readonly samples: readonly ProcessSample[];
  readonly provenance: ProvenanceRecord;
}

/**
 * How what was tested came to the institution. SENT_SAMPLE: the client brought it, and the results speak of that sample
 * alone (委托送样). WHOLE_OBJECT: the thing itself was inspected, e.g. a vehicle.
 */
export const SAMPLING_KINDS = ['SENT_SAMPLE', 'BODY_SAMPLING', 'AUTHORITY_SAMPLING', 'WHOLE_OBJECT'] as const;
export type SamplingKind = (typeof SAMPLING_KINDS)[number];

/** A row of a report register. */
export interface ReportRecord extends InspectionReport {
  /** The issuing institution as the register names it. */
  readonly issuerCode: CreditCode | null;
  readonly issuerLocalId: string | null;
  readonly version: number;
  /** null where the register does not say. */
  readonly samplingKind: SamplingKind | null;
  readonly provenance: ProvenanceRecord;
}

export const SEVERITIES = ['MINOR', 'GENERAL', 'SERIOUS'] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface PenaltyRecord {
  readonly id: string;
  readonly documentNumber: string;
  readonly authority: string;
  readonly categories: readonly string[];
  readonly reason: string;
  /** What happened, in the decision's own words; absent where the department does not send them. Not shown: may name persons. */
  readonly facts?: string | null;
  readonly basis: string | null;
  readonly fineFen: number | null;
  readonly confiscatedFen: number | null;
  readonly decidedOn: CalendarDate;
  /** null where the department does not grade; the hub then grades by category (domain reference 3.5). */
  readonly severity: Severity | null;
  readonly publishedFrom: CalendarDate | null;
  readonly publishedTo: CalendarDate | null;
  readonly provenance: ProvenanceRecord;
}

export const LIST_TYPES = ['SERIOUS_MR', 'ABNORMAL', 'SERIOUS_OTHER', 'QUAL_CANCELLED'] as const;
export type ListType = (typeof LIST_TYPES)[number];

export interface ListEntryRecord {
  readonly listType: ListType;
  readonly reason: string;
  readonly listedOn: CalendarDate;
  readonly authority: string;
  readonly removedOn: CalendarDate | null;
  readonly provenance: ProvenanceRecord;
}

export interface CertificateRecord {
  readonly scheme: string;
  readonly number: string;
  readonly status: QualificationStatus;
  readonly holderName: string;
  readonly holderCode: CreditCode | null;
  readonly issuerCode: CreditCode | null;
  readonly validFrom: CalendarDate | null;
  readonly validTo: CalendarDate | null;
  readonly provenance: ProvenanceRecord;
}
