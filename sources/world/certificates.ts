/** Certificates: those that certification bodies issue to others, and those that institutions hold themselves. */
import { addDays, addMonths } from '../../schema/time/calendar-date.ts';
import { AUTHORITIES } from './authorities.ts';
import { day, daysBetween, later, WORLD_TODAY } from './clock.ts';
import { holderCode } from './codes.ts';
import { wordOf } from './names.ts';
import { approvalYear, cccNumber, CERTIFICATES_PER_BODY, managementSystemNumber } from './numbers.ts';
import { Dice } from './random.ts';
import { prefectureOf } from './regions.ts';
import type { WorldCertificate, WorldInstitution, WorldQualification } from './types.ts';

/** Share of certificates whose holder is named without a credit code. */
export const HOLDER_CODE_MISSING_RATE = 0.05;
const CCC_RATE = 0.2;
/** Product classes of CCC certificates. */
const CCC_CLASSES = ['0901', '0711', '1101', '2207'];
const FIRST_ISSUE = day('2021-06-01');
const LAST_ISSUE = day('2026-02-10');
const CCC_MONTHS = 60;
const SYSTEM_MONTHS = 36;
const BUSINESSES = ['机械制造', '建材', '食品', '电器', '物业服务', '运输', '茶业', '酒业'];

const ENDED = [
  { status: 'VALID', weight: 90 },
  { status: 'SUSPENDED', weight: 4 },
  { status: 'REVOKED', weight: 2.5 },
  { status: 'CANCELLED', weight: 3.5 },
] as const;

/** Management-system and CCC certificates that dice let a certification body issue, in order of issue. */
export function drawIssuedCertificates(seed: number, institution: WorldInstitution): readonly WorldCertificate[] {
  if (!institution.kinds.includes('CERTIFICATION_BODY')) return [];
  const dice = new Dice(seed, institution.index, 'certificates');
  const since = later(FIRST_ISSUE, day(`${approvalYear(institution.index)}-03-01`));
  const days = daysBetween(since, LAST_ISSUE);
  const dates = Array.from({ length: dice.int(10, CERTIFICATES_PER_BODY) }, () =>
    addDays(since, dice.int(0, days)),
  ).sort();
  return dates.map((validFrom, ordinal) => {
    const ccc = dice.chance(CCC_RATE);
    const year = Number(validFrom.slice(0, 4));
    const number = ccc
      ? cccNumber(institution.index, ordinal, year, dice.pick(CCC_CLASSES))
      : managementSystemNumber(institution.index, ordinal, {
          year,
          letter: dice.pick(['Q', 'E', 'S'] as const),
          recertifications: dice.int(0, 3),
          size: dice.pick(['S', 'M', 'L'] as const),
        });
    const validTo = addDays(addMonths(validFrom, ccc ? CCC_MONTHS : SYSTEM_MONTHS), -1);
    const { status } = dice.pickWeighted(ENDED);
    return {
      scheme: ccc ? 'CCC' : 'MANAGEMENT_SYSTEM',
      number,
      status: status === 'VALID' && validTo < WORLD_TODAY ? 'EXPIRED' : status,
      ...drawHolder(dice, seed, institution, ordinal),
      issuerCode: institution.creditCode,
      validFrom,
      validTo,
    };
  });
}

/** The CMA and approval certificates an institution holds, one for each number, oldest first. */
export function heldCertificates(
  { name, creditCode }: WorldInstitution,
  versions: readonly WorldQualification[],
): readonly WorldCertificate[] {
  const latest = new Map<string, WorldQualification>();
  for (const version of versions) {
    if (version.supersededAt === null) latest.set(version.number, version);
  }
  return [...latest.values()].flatMap(({ scheme, number, status, issuedOn, validTo, effectiveTo }) =>
    scheme === 'CMA' || scheme === 'CERTIFICATION_APPROVAL'
      ? [
          {
            scheme,
            number,
            status: effectiveTo === null ? certificateStatus(status) : ('EXPIRED' as const),
            holderName: name,
            holderCode: creditCode,
            issuerCode: AUTHORITIES['market-regulation'].code,
            validFrom: issuedOn,
            validTo,
          },
        ]
      : [],
  );
}

/** Certificates have no rectification of their own; meanwhile they do not count. */
function certificateStatus(status: WorldQualification['status']): WorldCertificate['status'] {
  return status === 'RECTIFYING' ? 'SUSPENDED' : status;
}

function drawHolder(dice: Dice, seed: number, { index, region }: WorldInstitution, ordinal: number) {
  const place = prefectureOf(region).shortName;
  const name = `${place}示例${wordOf(seed, index * CERTIFICATES_PER_BODY + ordinal)}${dice.pick(BUSINESSES)}有限公司`;
  const code = holderCode(region, index * CERTIFICATES_PER_BODY + ordinal);
  return { holderName: name, holderCode: dice.chance(HOLDER_CODE_MISSING_RATE) ? null : code };
}
