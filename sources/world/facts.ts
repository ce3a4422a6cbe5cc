/** All facts about one institution, planted or drawn, computed when asked. */
import { activityOf } from './activity.ts';
import { drawIssuedCertificates, heldCertificates } from './certificates.ts';
import { day, earlier } from './clock.ts';
import { drawLaboratoryTests } from './laboratory-tests.ts';
import { drawListEntries } from './list-entries.ts';
import { drawPenalties } from './penalties.ts';
import { plantedLaboratoryTests } from './planted/laboratory-tests.ts';
import { plantedQualifications } from './planted/qualifications.ts';
import { plantedCertificates, plantedListEntries, plantedPenalties, plantedPoliceFiling } from './planted/register.ts';
import { plantedReports } from './planted/reports.ts';
import { plantedVisits, SUBJECT_CLOCKS } from './planted/visits.ts';
import { policeFilingOf } from './police-filing.ts';
import type { PoliceFiling } from './police-filing.ts';
import { generateQualifications } from './qualifications.ts';
import { drawReports, fileReport, newestFirst } from './reports.ts';
import { Recent } from './recent.ts';
import { DRAWN_VISITS_UNTIL, SUBJECTS } from './subjects.ts';
import type {
  WorldCertificate,
  WorldInstitution,
  WorldLaboratoryTest,
  WorldListEntry,
  WorldPenalty,
  WorldQualification,
  WorldReport,
  WorldVisit,
} from './types.ts';
import { drawVisits, numberVisits } from './visits.ts';

/** Institutions whose visits and reports are remembered for a while. */
const REMEMBERED = 128;

export class Facts {
  readonly #seed: number;
  readonly #qualifications = new Recent<readonly WorldQualification[]>(REMEMBERED);
  readonly #visits = new Recent<readonly WorldVisit[]>(REMEMBERED);
  readonly #reports = new Recent<readonly WorldReport[]>(REMEMBERED);

  constructor(seed: number) {
    this.#seed = seed;
  }

  qualifications(institution: WorldInstitution): readonly WorldQualification[] {
    return this.#qualifications.get(institution.index, () =>
      institution.key === null
        ? generateQualifications(this.#seed, institution)
        : plantedQualifications(institution.key),
    );
  }

  visits(institution: WorldInstitution): readonly WorldVisit[] {
    if (!institution.kinds.includes('VEHICLE_INSPECTION_BODY')) return [];
    return this.#visits.get(institution.index, () => this.#computeVisits(institution));
  }

  laboratoryTests(institution: WorldInstitution): readonly WorldLaboratoryTest[] {
    const drawn = drawLaboratoryTests(this.#seed, institution, this.qualifications(institution));
    if (institution.key === null) return drawn;
    const all = [...drawn, ...plantedLaboratoryTests(institution.key)];
    return all.sort((one, other) => other.sampledAt.getTime() - one.sampledAt.getTime());
  }

  reports(institution: WorldInstitution): readonly WorldReport[] {
    return this.#reports.get(institution.index, () => this.#computeReports(institution));
  }

  penalties(institution: WorldInstitution): readonly WorldPenalty[] {
    return institution.key === null ? drawPenalties(this.#seed, institution) : plantedPenalties(institution.key);
  }

  listEntries(institution: WorldInstitution): readonly WorldListEntry[] {
    return institution.key === null ? drawListEntries(this.#seed, institution) : plantedListEntries(institution.key);
  }

  /** Its own CMA or approval certificates first, then those it issued. */
  certificates(institution: WorldInstitution): readonly WorldCertificate[] {
    const carrier = SUBJECTS.find(({ key }) => key === 'CARR-1');
    return [
      ...heldCertificates(institution, this.qualifications(institution)),
      ...drawIssuedCertificates(this.#seed, institution),
      ...plantedCertificates(institution, {
        holderName: carrier?.name ?? '',
        holderCode: carrier?.creditCode ?? null,
      }),
    ];
  }

  policeFiling(institution: WorldInstitution): PoliceFiling | null {
    return institution.key === null
      ? policeFilingOf(this.#seed, institution, this.qualifications(institution))
      : plantedPoliceFiling(institution.key);
  }

  #computeVisits(institution: WorldInstitution): readonly WorldVisit[] {
    const activity = activityOf(this.qualifications(institution));
    const { key } = institution;
    const until = key === null ? undefined : DRAWN_VISITS_UNTIL[key];
    const drawn =
      activity === null
        ? []
        : drawVisits(this.#seed, institution, {
            ...activity,
            to: until === undefined ? activity.to : earlier(day(until), activity.to),
          });
    return key === null
      ? numberVisits(this.#seed, institution, drawn)
      : numberVisits(this.#seed, institution, [...drawn, ...plantedVisits(key)], SUBJECT_CLOCKS[key]);
  }

  #computeReports(institution: WorldInstitution): readonly WorldReport[] {
    const drawn = drawReports(this.#seed, institution, {
      qualifications: this.qualifications(institution),
      visits: this.visits(institution),
      laboratoryTests: this.laboratoryTests(institution),
    });
    if (institution.key === null) return drawn;
    const planted = plantedReports(institution.key).map((draft) => fileReport(institution.index, draft));
    const replaced = new Set(planted.map(({ number }) => number));
    return [...drawn.filter(({ number }) => !replaced.has(number)), ...planted].sort(newestFirst);
  }
}
