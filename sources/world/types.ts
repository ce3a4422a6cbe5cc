/**
 * The one truth behind the four reference upstreams: what happened, in neutral words. Each upstream turns its
 * part into its own protocol, codes, units and mistakes. Everything is fictional (organisation codes beginning with
 * MAYD or MBYD; those of the domain reference's subjects with MAYDM or MBYDM) and reproducible from the seed: the
 * same institution index always gives the same facts.
 */
import type { CreditCode } from '../../schema/codes/credit-code.ts';
import type { SamplingKind } from '../../schema/records.ts';
import type { CalendarDate } from '../../schema/time/calendar-date.ts';

export type WorldKind =
  | 'VEHICLE_INSPECTION_BODY'
  | 'ENV_MONITORING_BODY'
  | 'CERTIFICATION_BODY'
  | 'MEDICAL_DEVICE_INSPECTION_BODY'
  | 'CARBON_TESTING_BODY'
  | 'CARBON_VERIFICATION_BODY'
  | 'FOOD_AGRI_TESTING_BODY'
  | 'INSPECTION_TESTING_BODY'
  | 'OTHER';

export type WorldStatus = 'ACTIVE' | 'SUSPENDED' | 'DEREGISTERED' | 'REVOKED';

export type WorldDepartment = 'market-regulation' | 'ecology' | 'transport' | 'public-security';

/** One institution as it really is, and the wrong or different words some departments hold about it. */
export interface WorldInstitution {
  /** Position in the world, from 0; the fictional subjects of the domain reference come first. */
  readonly index: number;
  /** Key in the domain reference, e.g. "INST-A"; null for generated institutions. */
  readonly key: string | null;
  readonly creditCode: CreditCode;
  readonly name: string;
  readonly kinds: readonly WorldKind[];
  readonly status: WorldStatus;
  readonly establishedOn: CalendarDate;
  /** GB/T 2260, six digits. */
  readonly region: string;
  readonly address: string;
  /** Personal data that the real systems send along; the adapters must drop it. */
  readonly legalRepresentative: string;
  readonly contactPhone: string;
  /** Local numbers; null where the department does not know the institution. */
  readonly localNumbers: {
    /** Ecology TsNo, e.g. "520115-0007". */
    readonly ecology: string | null;
    /** Transport JCJGBH, 10 digits. */
    readonly transport: string | null;
    /** Public security jczbh, 10 digits, begins with 52. */
    readonly publicSecurity: string | null;
  };
  /** Names as the other departments spell them (bracket width, abbreviations, an old name); absent = same name. */
  readonly nameAt: Partial<Record<WorldDepartment, string>>;
  /** Region codes as the other departments hold them (e.g. the retired 520221); absent = same region. */
  readonly regionAt: Partial<Record<WorldDepartment, string>>;
  readonly addressAt: Partial<Record<WorldDepartment, string>>;
  readonly statusAt: Partial<Record<WorldDepartment, WorldStatus>>;
  /** Departments whose rows for it lack the credit code although the column exists. */
  readonly codeMissingAt: readonly WorldDepartment[];
  /** Last change of the registration, UTC. */
  readonly updatedAt: Date;
}

export interface WorldCapability {
  readonly itemNumber: string;
  readonly object: string;
  readonly parameter: string;
  /** Standard with year, e.g. "GB 18285-2018". */
  readonly standard: string;
  readonly restriction: string | null;
  readonly site: string;
}

export interface WorldSignatory {
  readonly name: string;
  readonly fields: readonly string[];
}

export type WorldQualificationStatus = 'VALID' | 'RECTIFYING' | 'SUSPENDED' | 'EXPIRED' | 'CANCELLED' | 'REVOKED';

/** One version of one qualification: valid time (effective) and recorded time, never overwritten. */
export interface WorldQualification {
  readonly scheme: 'CMA' | 'CNAS' | 'CCC_DESIGNATION' | 'CERTIFICATION_APPROVAL';
  readonly number: string;
  readonly version: number;
  readonly status: WorldQualificationStatus;
  readonly issuedOn: CalendarDate;
  readonly validTo: CalendarDate;
  readonly issuer: string;
  /** Valid time of this version: [from, to), UTC; to is null while it is in force. */
  readonly effectiveFrom: Date;
  readonly effectiveTo: Date | null;
  /** When the register learnt it, and when a correction replaced it; supersededAt is null for what is believed now. */
  readonly recordedAt: Date;
  readonly supersededAt: Date | null;
  readonly scope: readonly WorldCapability[];
  readonly signatories: readonly WorldSignatory[];
  readonly emergencyChannel: boolean;
}

/** An inspection line and its calibrated equipment (public security 18C02, ecology device records). */
export interface WorldLine {
  readonly lineNumber: string;
  readonly name: string;
  readonly kind: 'CAR' | 'MOTORCYCLE';
  readonly equipment: readonly {
    readonly kind: 'BRAKE' | 'LAMP' | 'SPEED' | 'SIDESLIP' | 'WEIGHT' | 'GAS_ANALYSER' | 'OPACIMETER' | 'DYNAMOMETER';
    readonly name: string;
    readonly model: string;
    readonly serial: string;
    readonly calibrationCertificate: string;
    readonly calibrationValidTo: CalendarDate;
  }[];
}

export interface WorldVehicle {
  readonly vin: string;
  /** With the province character, e.g. "贵A0T101". */
  readonly plate: string;
  /** GA/T 16.7 code, e.g. "02". */
  readonly plateCategory: string;
  /** GA/T 16.9 letters, e.g. "A", "B", "C". */
  readonly fuel: string;
  readonly engineNumber: string;
  readonly brand: string;
  readonly model: string;
  /** Road transport permit, 12 digits; null for private cars. */
  readonly transportPermit: string | null;
  /** Operator for commercial vehicles. */
  readonly operatorName: string | null;
  readonly odometerKm: number;
}

export type EmissionMethod = 'DOUBLE_IDLE' | 'ASM' | 'VMAS' | 'LUGDOWN' | 'OPACITY';

/** Identifiers of the engine control unit's software, read through the on-board diagnosis (CAL ID and CVN). */
export interface WorldObd {
  readonly calibrationId: string;
  readonly calibrationVerification: string;
}

export interface WorldMeasurement {
  /** Neutral name, e.g. "CO", "HC", "NOx", "K100", "LowIdleCO". */
  readonly name: string;
  readonly value: number;
  readonly limit: number;
  readonly unit: string;
  readonly passed: boolean;
}

/** One visit of one vehicle to one station: up to three inspections by three departments' rules. */
export interface WorldVisit {
  /** Stable within the institution, from 0. */
  readonly sequence: number;
  readonly vehicle: WorldVehicle;
  readonly lineNumber: string;
  /** 1 for the first inspection, 2 for a repeat after a failure. */
  readonly pass: number;
  readonly safety: {
    /** Public security jylsh, unique within the station. */
    readonly serial: string;
    readonly startedAt: Date;
    readonly endedAt: Date;
    readonly passed: boolean;
  } | null;
  readonly emission: {
    /** Ecology record id, 32 hex. */
    readonly id: string;
    /** inspregid. */
    readonly registrationId: string;
    readonly reportNumber: string;
    readonly method: EmissionMethod;
    readonly startedAt: Date;
    readonly endedAt: Date;
    /** null = not judged (code 9 or empty at the source). */
    readonly passed: boolean | null;
    readonly temperatureCelsius: number;
    readonly humidityPercent: number;
    readonly pressureKilopascal: number;
    readonly measurements: readonly WorldMeasurement[];
    /** Seconds of process data on record. */
    readonly processSeconds: number;
    /** Seed of the process series: two tests with one seed have cloned curves. */
    readonly processSeed: number;
    /** As read before the test. Vehicles of one model share it, vehicles of different models never should. */
    readonly obd: WorldObd;
  } | null;
  readonly road: {
    /** QZ_CLJC.ID. */
    readonly id: string;
    readonly serial: string;
    readonly reportNumber: string;
    readonly testedAt: Date;
    readonly passed: boolean;
    /** Technical grade 1 or 2; null when failed. */
    readonly grade: 1 | 2 | null;
    readonly validTo: CalendarDate | null;
    readonly signatory: string;
  } | null;
  /** Clock offset of each department's system in seconds; add it to the true instant before sending. */
  readonly clockOffsetSeconds: {
    readonly ecology: number;
    readonly transport: number;
    readonly publicSecurity: number;
  };
}

/** One second of an emission test. */
export interface WorldProcessSample {
  readonly second: number;
  readonly speedKmh: number;
  readonly rpm: number;
  readonly hcPpm: number;
  readonly coPercent: number;
  readonly co2Percent: number;
  readonly noPpm: number;
  readonly o2Percent: number;
  readonly lambda: number;
}

/** A sample tested by a laboratory or a monitoring task of a monitoring body; held by ecology. */
export interface WorldLaboratoryTest {
  readonly id: string;
  readonly reportNumber: string;
  readonly object: string;
  readonly items: readonly { readonly parameter: string; readonly standard: string; readonly passed: boolean }[];
  readonly sampledAt: Date;
  /** Who took the sample and where (WGS 84). The name is personal data. */
  readonly sampling: {
    readonly sampler: string;
    readonly place: string;
    readonly longitude: number;
    readonly latitude: number;
  };
  readonly startedAt: Date;
  readonly endedAt: Date;
  readonly passed: boolean | null;
}

/** A row of the market-regulation report register. */
export interface WorldReport {
  readonly number: string;
  readonly version: number;
  readonly issuedOn: CalendarDate;
  readonly conclusion: 'PASS' | 'FAIL' | 'UNKNOWN';
  readonly parameters: readonly WorldCapability[];
  readonly signatory: string;
  readonly samplingKind: SamplingKind;
  /** SM3 of the filed report, 64 hex. */
  readonly digest: string;
  readonly registeredAt: Date;
}

export interface WorldPenalty {
  readonly documentNumber: string;
  readonly heldBy: 'market-regulation' | 'ecology' | 'transport';
  readonly authority: string;
  readonly authorityCode: CreditCode;
  /** Words of the Administrative Penalty Law, art. 9. */
  readonly categories: readonly string[];
  readonly violation: string;
  readonly facts: string;
  readonly basis: string;
  readonly content: string;
  readonly fineFen: number | null;
  readonly confiscatedFen: number | null;
  readonly decidedOn: CalendarDate;
  readonly publishedFrom: CalendarDate;
  readonly publishedTo: CalendarDate | null;
  /** Market regulation only: which of the two column layouts the row arrives in. */
  readonly layout: '2021' | '2015';
}

export interface WorldListEntry {
  readonly id: string;
  readonly list: 'ABNORMAL' | 'SERIOUS_MR';
  /** ABNORMAL: "1".."4"; SERIOUS_MR: a text code. */
  readonly reasonCode: string;
  readonly reason: string;
  readonly listedOn: CalendarDate;
  readonly authority: string;
  readonly removedOn: CalendarDate | null;
  readonly removalReason: string | null;
}

/** A certificate issued by a certification body (management system, CCC, product) or a CMA/approval certificate. */
export interface WorldCertificate {
  readonly scheme: 'MANAGEMENT_SYSTEM' | 'CCC' | 'CMA' | 'CERTIFICATION_APPROVAL';
  readonly number: string;
  readonly status: 'VALID' | 'SUSPENDED' | 'REVOKED' | 'CANCELLED' | 'EXPIRED';
  readonly holderName: string;
  readonly holderCode: CreditCode | null;
  readonly issuerCode: CreditCode | null;
  readonly validFrom: CalendarDate;
  readonly validTo: CalendarDate;
}

export interface World {
  /** The day on which the world's clock stands still. */
  readonly today: CalendarDate;
  /** All institutions, fictional subjects first, then generated ones; stable order. */
  readonly institutions: readonly WorldInstitution[];
  byCreditCode(code: string): WorldInstitution | undefined;
  byEcologyNumber(number: string): WorldInstitution | undefined;
  byTransportNumber(number: string): WorldInstitution | undefined;
  byPoliceNumber(number: string): WorldInstitution | undefined;
  /** All versions, oldest first. The CMA number is `number` of scheme CMA. */
  qualificationsOf(institution: WorldInstitution): readonly WorldQualification[];
  /** The CMA number in force now, if any. */
  cmaNumberOf(institution: WorldInstitution): string | null;
  /** The CMA number and end date as public security has filed them (sometimes out of date). */
  policeFilingOf(
    institution: WorldInstitution,
  ): { cmaNumber: string; validFrom: CalendarDate; validTo: CalendarDate; status: '0' | '1' | '2' | '3' | '4' } | null;
  linesOf(institution: WorldInstitution): readonly WorldLine[];
  /** Newest first. */
  visitsOf(institution: WorldInstitution): readonly WorldVisit[];
  processSeriesOf(visit: WorldVisit): readonly WorldProcessSample[];
  laboratoryTestsOf(institution: WorldInstitution): readonly WorldLaboratoryTest[];
  reportsOf(institution: WorldInstitution): readonly WorldReport[];
  penaltiesOf(institution: WorldInstitution): readonly WorldPenalty[];
  listEntriesOf(institution: WorldInstitution): readonly WorldListEntry[];
  certificatesOf(institution: WorldInstitution): readonly WorldCertificate[];
  /** Institution that owns a certificate or report number, for look-ups by number. */
  institutionOfReport(number: string): readonly WorldInstitution[];
  institutionOfCertificate(number: string): WorldInstitution | undefined;
  /** Finds an emission visit by the ecology record id. */
  visitByEmissionId(id: string): { institution: WorldInstitution; visit: WorldVisit } | undefined;
}
