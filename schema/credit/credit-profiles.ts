/** The credit profiles of all institutions, kept beside the replica that they are computed from. */
import type { Connection } from 'mongoose';
import { chunksOf } from '../chunks.ts';
import type { CreditCode } from '../codes/credit-code.ts';
import { writeComputed, type HeldDocuments } from '../replica/write-computed.ts';
import type { RiskClass } from '../search/institution-entry.model.ts';
import type { CreditProfile } from './credit-profile.ts';
import { creditProfileModel, type CreditProfileModel, type StoredProfile } from './credit-profile.model.ts';

const CODES_PER_STATEMENT = 500;
/** Of whom other rules make nothing else, nobody has to be told. */
const STAMPS = ['computedAt', 'changesAt', 'modelVersion', 'ruleset'];
const WITHOUT_IDS = { _id: 0, revision: 0 } as const;

/** One institution in a report. */
export interface ProfileSummary extends Pick<CreditProfile, 'creditCode' | 'name' | 'regionCode' | 'riskScore'> {
  readonly riskClass: RiskClass;
}

/** Without those of institutions that are no longer registered. */
const profilesIn = (held: HeldDocuments): ReadonlyMap<CreditCode, CreditProfile> =>
  new Map([...held].flatMap(([code, document]) => ('inputs' in document ? [[code, document as StoredProfile]] : [])));

export class CreditProfiles {
  readonly #model: CreditProfileModel;

  constructor(connection: Connection) {
    this.#model = creditProfileModel(connection);
  }

  /** Makes the indexes that are missing; safe to run in every process at its start. */
  async ensureIndexes(): Promise<void> {
    await this.#model.createIndexes();
  }

  /** One profile per code, same order; null where none has been computed. */
  async of(creditCodes: readonly CreditCode[]): Promise<(CreditProfile | null)[]> {
    const found = new Map<string, CreditProfile>();
    for (const codes of chunksOf(creditCodes, CODES_PER_STATEMENT)) {
      const stored = await this.#model
        .find({ creditCode: { $in: codes }, riskScore: { $gte: 0 } }, WITHOUT_IDS)
        .lean<CreditProfile[]>();
      for (const profile of stored) found.set(profile.creditCode, profile);
    }
    return creditCodes.map((code) => found.get(code) ?? null);
  }

  /**
   * Makes the profiles of these institutions anew, some hundred at a time.
   * @param compute from the facts as they are when it is called, or from the profiles as they are; null = there is no such
   *   institution
   * @param onOthers see {@link writeComputed}
   */
  async rewrite(
    creditCodes: readonly CreditCode[],
    compute: (
      codes: readonly CreditCode[],
      known: ReadonlyMap<CreditCode, CreditProfile>,
    ) => Promise<ReadonlyMap<CreditCode, CreditProfile | null>>,
    onOthers?: (codes: readonly CreditCode[]) => Promise<void>,
  ): Promise<void> {
    const target = { collection: this.#model.collection, name: 'credit profiles', stamps: STAMPS };
    for (const codes of chunksOf([...new Set(creditCodes)], CODES_PER_STATEMENT)) {
      await writeComputed(target, codes, (wanted, held) => compute(wanted, profilesIn(held)), onOthers);
    }
  }

  /** Institutions whose profiles are no longer true since a day has begun or rules are others; at most `limit`. */
  async due(now: Date, ruleset: string, limit: number): Promise<CreditCode[]> {
    const conditions = [{ changesAt: { $lte: now } }, { ruleset: { $lt: ruleset } }, { ruleset: { $gt: ruleset } }];
    const due: CreditCode[] = [];
    for (const condition of conditions) {
      if (due.length >= limit) break;
      const found = await this.#model
        .find(condition, { _id: 0, creditCode: 1 })
        .limit(limit - due.length)
        .lean<Pick<StoredProfile, 'creditCode'>[]>();
      due.push(...found.map(({ creditCode }) => creditCode));
    }
    return [...new Set(due)];
  }

  /** Every profile, by credit code; little is held in memory at a time. */
  all(): AsyncIterable<CreditProfile> {
    return this.#model
      .find({ riskScore: { $gte: 0 } }, WITHOUT_IDS)
      .sort({ creditCode: 1 })
      .hint({ creditCode: 1 })
      .lean<CreditProfile>()
      .cursor({ batchSize: CODES_PER_STATEMENT });
  }

  /** Every institution's class, by credit code. */
  summaries(): AsyncIterable<ProfileSummary> {
    return this.#model
      .find({ riskScore: { $gte: 0 } }, { _id: 0, creditCode: 1, name: 1, regionCode: 1, riskScore: 1, riskClass: 1 })
      .sort({ creditCode: 1 })
      .hint({ creditCode: 1 })
      .lean<ProfileSummary>()
      .cursor({ batchSize: CODES_PER_STATEMENT });
  }
}
