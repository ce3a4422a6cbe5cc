/** Qualifications of generated institutions. */
import { addDays, addMonths } from '../../schema/time/calendar-date.ts';
import type { CalendarDate } from '../../schema/time/calendar-date.ts';
import { AUTHORITIES } from './authorities.ts';
import { capabilitiesOf, fieldsOf } from './capabilities.ts';
import { daysBetween, day, WORLD_TODAY } from './clock.ts';
import { digits } from './codes.ts';
import { lifeOf } from './life.ts';
import type { CmaLife } from './life.ts';
import { personName } from './names.ts';
import { approvalNumber, approvalYear, cmaNumber } from './numbers.ts';
import { history } from './qualification-history.ts';
import type { Certificate, HistoryEntry } from './qualification-history.ts';
import { Dice } from './random.ts';
import type { WorldCapability, WorldInstitution, WorldKind, WorldQualification, WorldSignatory } from './types.ts';

/** Professional field of the CMA number (digits 5 and 6). */
export const CMA_FIELDS: Readonly<Record<WorldKind, string>> = {
  VEHICLE_INSPECTION_BODY: '05',
  ENV_MONITORING_BODY: '12',
  FOOD_AGRI_TESTING_BODY: '00',
  MEDICAL_DEVICE_INSPECTION_BODY: '15',
  CARBON_TESTING_BODY: '17',
  CARBON_VERIFICATION_BODY: '17',
  INSPECTION_TESTING_BODY: '20',
  CERTIFICATION_BODY: '21',
  OTHER: '21',
};

const CMA_MONTHS = 72;

/** All versions of all qualifications of a generated institution, oldest first within each scheme. */
export function generateQualifications(seed: number, institution: WorldInstitution): readonly WorldQualification[] {
  const { cma } = lifeOf(seed, institution.index);
  const kind = institution.kinds[0] ?? 'OTHER';
  const dice = new Dice(seed, institution.index, 'qualifications');
  const signatories = signatoriesOf(dice, kind);
  if (kind === 'CERTIFICATION_BODY') return history([approvalEntry(institution, signatories)]);
  if (cma === null) return [];
  const entries = cmaEntries(dice, institution, kind, cma, signatories);
  const cnas = kind !== 'VEHICLE_INSPECTION_BODY' && dice.chance(0.15);
  return cnas ? [...history(entries), ...history([cnasEntry(dice, institution, kind, signatories)])] : history(entries);
}

function cmaEntries(
  dice: Dice,
  { index, address }: WorldInstitution,
  kind: WorldKind,
  cma: CmaLife,
  signatories: readonly WorldSignatory[],
): HistoryEntry[] {
  const scope = scopeOf(dice, kind, address);
  const certificateFrom = (issuedOn: CalendarDate, validTo: CalendarDate): Certificate => ({
    scheme: 'CMA',
    number: cmaNumber(index, issuedOn, CMA_FIELDS[kind]),
    issuedOn,
    validTo,
    issuer: AUTHORITIES['market-regulation'].name,
    scope,
    signatories,
  });
  const certificate = certificateFrom(cma.issuedOn, cma.validTo);
  const lastDay = cma.endedOn === null ? undefined : addDays(cma.endedOn, -1);
  const entries: HistoryEntry[] = [];
  if (cma.previousIssuedOn !== null) {
    const until = addDays(cma.issuedOn, -1);
    entries.push({
      certificate: certificateFrom(cma.previousIssuedOn, until),
      status: 'VALID',
      from: cma.previousIssuedOn,
      until,
    });
  }
  // Vehicle inspection bodies start with the whole list.
  const extendable = kind !== 'VEHICLE_INSPECTION_BODY' && scope.length > 1;
  entries.push(...currentEntries(dice, certificate, { until: lastDay, extendable }));
  if (cma.endedOn !== null) entries.push({ certificate, status: cma.outcome, from: cma.endedOn });
  return entries;
}

/** The current certificate while it was valid: in one piece, extended on the way, or corrected after a typing error. */
function currentEntries(
  dice: Dice,
  certificate: Certificate,
  { until, extendable }: { until: CalendarDate | undefined; extendable: boolean },
): HistoryEntry[] {
  const { issuedOn: from, scope } = certificate;
  const whole: HistoryEntry = { certificate, status: 'VALID', from, until };
  const days = daysBetween(from, until ?? WORLD_TODAY);
  if (extendable && dice.chance(0.15)) {
    const extendedOn = addDays(from, Math.floor(days * dice.decimal(0.2, 0.8, 3)));
    return [
      // The item that comes with the extension is the last one.
      { ...whole, until: addDays(extendedOn, -1), scope: scope.slice(0, -1) },
      { ...whole, from: extendedOn },
    ];
  }
  if (dice.chance(0.03)) {
    const correctedOn = addDays(from, dice.int(10, 60));
    return [
      { ...whole, validTo: addMonths(certificate.validTo, -12), supersededOn: correctedOn },
      { ...whole, recordedOn: correctedOn },
    ];
  }
  return [whole];
}

/** Vehicle inspection bodies have the whole list, the others most of theirs. */
function scopeOf(dice: Dice, kind: WorldKind, address: string): readonly WorldCapability[] {
  const all = capabilitiesOf(kind, address);
  return kind === 'VEHICLE_INSPECTION_BODY' ? all : all.filter((_, place) => place === 0 || dice.chance(0.8));
}

function signatoriesOf(dice: Dice, kind: WorldKind): readonly WorldSignatory[] {
  return Array.from({ length: dice.int(2, 4) }, () => ({ name: personName(dice, 1), fields: fieldsOf(kind) }));
}

function approvalEntry({ index, address }: WorldInstitution, signatories: readonly WorldSignatory[]): HistoryEntry {
  // Renewed every six years; the number is that of the first approval.
  const first = day(`${approvalYear(index)}-01-15`);
  const terms = Math.floor(daysBetween(first, WORLD_TODAY) / 2192);
  const issuedOn = addMonths(first, terms * CMA_MONTHS);
  const certificate: Certificate = {
    scheme: 'CERTIFICATION_APPROVAL',
    number: approvalNumber(index),
    issuedOn,
    validTo: addDays(addMonths(issuedOn, CMA_MONTHS), -1),
    issuer: AUTHORITIES['market-regulation'].name,
    scope: capabilitiesOf('CERTIFICATION_BODY', address),
    signatories,
  };
  return { certificate, status: 'VALID', from: issuedOn };
}

function cnasEntry(
  dice: Dice,
  { index, address }: WorldInstitution,
  kind: WorldKind,
  signatories: readonly WorldSignatory[],
): HistoryEntry {
  const issuedOn = addDays(WORLD_TODAY, -dice.int(100, 2000));
  const certificate: Certificate = {
    scheme: 'CNAS',
    number: `L${digits(40_000 + index, 5)}`,
    issuedOn,
    validTo: addDays(addMonths(issuedOn, CMA_MONTHS), -1),
    issuer: '示例认可中心',
    scope: capabilitiesOf(kind, address).slice(0, 3),
    signatories,
  };
  return { certificate, status: 'VALID', from: issuedOn };
}
