import { addDays, addMonths } from '../../schema/time/calendar-date.ts';
import type { CalendarDate } from '../../schema/time/calendar-date.ts';
import { INCONSISTENCY_RATES, policeStatusOf } from './department-views.ts';
import type { PoliceStatus } from './department-views.ts';
import { lifeOf } from './life.ts';
import { Dice } from './random.ts';
import type { WorldInstitution, WorldQualification } from './types.ts';

/** The CMA certificate of a vehicle inspection body as public security has filed it. */
export interface PoliceFiling {
  readonly cmaNumber: string;
  readonly validFrom: CalendarDate;
  readonly validTo: CalendarDate;
  readonly status: PoliceStatus;
}

/** The filing of a generated institution; null for one that public security does not know. */
export function policeFilingOf(
  seed: number,
  institution: WorldInstitution,
  qualifications: readonly WorldQualification[],
): PoliceFiling | null {
  const certificates = qualifications.filter(({ scheme, supersededAt }) => scheme === 'CMA' && supersededAt === null);
  const current = certificates.at(-1);
  if (institution.localNumbers.publicSecurity === null || current === undefined) return null;
  const status = policeStatusOf(seed, institution.index, lifeOf(seed, institution.index));
  const outdated = new Dice(seed, institution.index, 'police-filing').chance(
    INCONSISTENCY_RATES.policeCertificateOutdated,
  );
  if (!outdated) return filing(current, current.validTo, status);
  const previous = certificates.find(({ number }) => number !== current.number);
  // Renewed, but the renewal was never filed; or the end was filed by the older, shorter term.
  return previous === undefined
    ? filing(current, addDays(addMonths(current.issuedOn, 36), -1), status)
    : filing(previous, previous.validTo, status);
}

function filing({ number, issuedOn }: WorldQualification, validTo: CalendarDate, status: PoliceStatus): PoliceFiling {
  return { cmaNumber: number, validFrom: issuedOn, validTo, status };
}
