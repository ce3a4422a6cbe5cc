/** What became of a generated institution: its kind, its qualification and how it ended, if it did. */
import { addDays, addMonths } from '../../schema/time/calendar-date.ts';
import type { CalendarDate } from '../../schema/time/calendar-date.ts';
import { day, daysBetween, WORLD_TODAY } from './clock.ts';
import type { LegalForm } from './codes.ts';
import { approvalYear } from './numbers.ts';
import { Dice } from './random.ts';
import { isSpecial } from './special-indexes.ts';
import type { WorldKind, WorldQualificationStatus, WorldStatus } from './types.ts';

/** CMA certificates are valid for six years. */
const CMA_MONTHS = 72;
const CMA_DAYS = 2191;

/** One in a hundred of these. */
const KINDS: readonly { readonly kinds: readonly [WorldKind, ...WorldKind[]]; readonly weight: number }[] = [
  { kinds: ['VEHICLE_INSPECTION_BODY'], weight: 45 },
  { kinds: ['ENV_MONITORING_BODY'], weight: 15 },
  { kinds: ['FOOD_AGRI_TESTING_BODY'], weight: 12 },
  { kinds: ['INSPECTION_TESTING_BODY'], weight: 10 },
  { kinds: ['MEDICAL_DEVICE_INSPECTION_BODY'], weight: 5 },
  { kinds: ['CARBON_TESTING_BODY'], weight: 2.5 },
  { kinds: ['CARBON_TESTING_BODY', 'CARBON_VERIFICATION_BODY'], weight: 1 },
  { kinds: ['CARBON_VERIFICATION_BODY'], weight: 1.5 },
  { kinds: ['CERTIFICATION_BODY'], weight: 5 },
  { kinds: ['OTHER'], weight: 3 },
];

const OUTCOMES = [
  { outcome: 'VALID', weight: 90.5 },
  { outcome: 'EXPIRED', weight: 3 },
  { outcome: 'RECTIFYING', weight: 2 },
  { outcome: 'SUSPENDED', weight: 0.5 },
  { outcome: 'REVOKED', weight: 2 },
  { outcome: 'CANCELLED', weight: 2 },
] as const satisfies readonly { outcome: WorldQualificationStatus; weight: number }[];

/** The current CMA certificate of a generated institution. */
export interface CmaLife {
  readonly issuedOn: CalendarDate;
  readonly validTo: CalendarDate;
  readonly outcome: WorldQualificationStatus;
  /** First day of the outcome; null while it is VALID. */
  readonly endedOn: CalendarDate | null;
  /** Issue date of the certificate before this one; null when this is the first. */
  readonly previousIssuedOn: CalendarDate | null;
}

export interface Life {
  readonly kinds: readonly [WorldKind, ...WorldKind[]];
  readonly form: LegalForm;
  readonly establishedOn: CalendarDate;
  readonly status: WorldStatus;
  readonly cma: CmaLife | null;
}

/** Kinds that work without a CMA certificate. */
const WITHOUT_CMA: ReadonlySet<WorldKind> = new Set(['CERTIFICATION_BODY', 'CARBON_VERIFICATION_BODY', 'OTHER']);

/** The life of the generated institution at this index. */
export function lifeOf(seed: number, index: number): Life {
  const dice = new Dice(seed, index, 'life');
  const special = isSpecial(index);
  const kinds = special ? (['VEHICLE_INSPECTION_BODY'] as const) : dice.pickWeighted(KINDS).kinds;
  const [kind] = kinds;
  const form = kind === 'VEHICLE_INSPECTION_BODY' ? '91' : legalForm(dice, kind);
  if (WITHOUT_CMA.has(kind)) {
    const establishedOn =
      kind === 'CERTIFICATION_BODY'
        ? addDays(day(`${approvalYear(index)}-01-01`), -dice.int(30, 900))
        : addDays(day('2009-01-01'), dice.int(0, 5000));
    const ended = kind !== 'CERTIFICATION_BODY' && dice.chance(0.03);
    return { kinds, form, establishedOn, status: ended ? 'DEREGISTERED' : 'ACTIVE', cma: null };
  }
  const cma = cmaLife(dice, special);
  const first = cma.previousIssuedOn ?? cma.issuedOn;
  const status = cma.outcome === 'CANCELLED' ? (dice.chance(0.8) ? 'DEREGISTERED' : 'REVOKED') : 'ACTIVE';
  return { kinds, form, establishedOn: addDays(first, -dice.int(90, 1500)), status, cma };
}

function cmaLife(dice: Dice, special: boolean): CmaLife {
  const outcome = special ? 'VALID' : dice.pickWeighted(OUTCOMES).outcome;
  const endedOn = endOf(dice, outcome);
  const issuedOn =
    outcome === 'EXPIRED' && endedOn !== null
      ? addMonths(endedOn, -CMA_MONTHS)
      : addDays(endedOn ?? WORLD_TODAY, -dice.int(250, CMA_DAYS - 40));
  const validTo = addDays(addMonths(issuedOn, CMA_MONTHS), -1);
  // Older certificates had shorter terms too; the one before ended where this one began.
  const hadPrevious = daysBetween(day('2009-01-01'), issuedOn) > CMA_DAYS && dice.chance(0.5);
  return {
    issuedOn,
    validTo,
    outcome,
    endedOn,
    previousIssuedOn: hadPrevious ? addMonths(issuedOn, -CMA_MONTHS) : null,
  };
}

function endOf(dice: Dice, outcome: WorldQualificationStatus): CalendarDate | null {
  switch (outcome) {
    case 'VALID':
      return null;
    case 'RECTIFYING':
    case 'SUSPENDED':
      return addDays(day('2026-01-20'), dice.int(0, 60));
    case 'EXPIRED':
    case 'REVOKED':
    case 'CANCELLED':
      return addDays(day('2025-06-01'), dice.int(0, 280));
  }
}

function legalForm(dice: Dice, kind: WorldKind): LegalForm {
  if (kind === 'MEDICAL_DEVICE_INSPECTION_BODY' && dice.chance(0.4)) return '12';
  if (kind === 'FOOD_AGRI_TESTING_BODY' && dice.chance(0.25)) return '12';
  return kind !== 'CERTIFICATION_BODY' && dice.chance(0.03) ? '52' : '91';
}
