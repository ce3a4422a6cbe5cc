/**
 * A department as the replica holds it: of a screening no row is a call. What the replica has not brought up to date is
 * said to be stale, what it has never read to be unknown; neither looks like "nothing on record".
 */
import DataLoader from 'dataloader';
import type { CreditCode } from '../codes/credit-code.ts';
import { HubError } from '../errors.ts';
import type { SubjectMemory } from '../identity/subject-memory.ts';
import {
  FACET_OF_READ,
  REPLICATED_READS,
  type CallScope,
  type DepartmentSource,
  type DirectoryAnswer,
  type InstitutionListPage,
  type InstitutionListQuery,
  type ReadName,
  type RecordSet,
  type ReplicatedRead,
  type SourceAnswer,
  type SourceReads,
  type SubjectReference,
} from '../ports.ts';
import { feedOf } from '../replica/facts.ts';
import { isFreshEnough } from '../replica/max-age.ts';
import { registeredInstitutions } from '../replica/registered-institutions.ts';
import type { Replica } from '../replica/replica.ts';
import { silence, tooLate } from '../replica/replica-silence.ts';
import { formatInstant } from '../time/instant.ts';

export interface HeldSourceParts {
  readonly replica: Replica;
  /** What is held counts as of now when it was in step so shortly before; null = each department's own times. */
  readonly maxAgeSeconds: number | null;
  /** When the screening began. */
  readonly startedAt: Date;
  /** Every institution of the register, by name and CMA numbers. */
  readonly subjects: SubjectMemory;
}

/** In which records of the replica a read finds its own; null for what is not replicated. */
function keptFor(read: ReadName): ReplicatedRead | null {
  if (read === 'reportsByNumber') return 'reports';
  return REPLICATED_READS.find((each) => each === read) ?? null;
}

const isByNumber = (read: ReadName): boolean => read === 'reportsByNumber' || read === 'certificates';

/**
 * @returns a source of the same reads; unlike a department it rejects when the replica itself fails, for then there is
 * nothing else to show
 */
export function heldSource(source: DepartmentSource, parts: HeldSourceParts): DepartmentSource {
  const { department } = source;
  const { replica, startedAt, subjects } = parts;

  /** Since when the replica is known to hold what the department holds; null before it has read it once. */
  const heldSince = async (
    kept: ReplicatedRead,
  ): Promise<{ readonly at: Date | null; readonly isFailing: boolean }> => {
    const state = (await replica.knownStates()).get(feedOf(department.id, kept));
    return { at: state?.loadedAt ? state.syncedAt : null, isFailing: (state?.lastErrorCode ?? null) !== null };
  };

  const answer = async <K extends ReadName>(
    read: K,
    kept: ReplicatedRead,
    requests: readonly SourceReads[K]['request'][],
  ): Promise<SourceAnswer<SourceReads[K]['record']>> => {
    const { at, isFailing } = await heldSince(kept);
    if (at === null) {
      return silence('SOURCE_UNAVAILABLE', `The hub has not read the ${kept} of ${department.name} in full yet.`);
    }
    const sets = (
      isByNumber(read)
        ? await replica.answerByNumber(department.id, kept, requests as readonly string[])
        : await replica.answer(department.id, kept, requests as readonly SubjectReference[])
    ) as readonly RecordSet<SourceReads[K]['record']>[];
    const maxAge = parts.maxAgeSeconds ?? source.maxAgeSeconds?.[FACET_OF_READ[read]] ?? 0;
    const isFresh = isFreshEnough(at, maxAge, startedAt);
    const why = isFailing ? 'does not answer' : 'has not been read since';
    const reason = isFresh
      ? null
      : `SOURCE_UNAVAILABLE: ${department.name} ${why}; last in step at ${formatInstant(at)}`;
    return {
      status: 'EACH',
      answers: sets.map((set) => ({ status: isFresh ? 'REPLICA' : 'STALE', asOf: at, set, reason })),
    };
  };

  const registered = new DataLoader(async (codes: readonly CreditCode[]) => {
    const found = await registeredInstitutions(replica.models, [department], codes);
    const byCode = new Map(found.map(({ creditCode, record }) => [creditCode, record]));
    return codes.map((code) => byCode.get(code) ?? null);
  });

  return {
    ...source,
    async read<K extends ReadName>(
      name: K,
      requests: readonly SourceReads[K]['request'][],
      scope: CallScope,
    ): Promise<SourceAnswer<SourceReads[K]['record']>> {
      if (!source.reads.has(name)) return { status: 'UNSUPPORTED' };
      const kept = keptFor(name);
      if (kept === null || !source.changeFeeds.has(kept)) {
        return silence('UNSUPPORTED', `The hub keeps no ${name} of ${department.name}.`);
      }
      return await Promise.race([answer(name, kept, requests), tooLate(scope)]);
    },
    ...(source.directory && {
      async directory(): Promise<DirectoryAnswer> {
        const known = await replica.directory(department.id);
        if (known !== null) return { ...known, malformed: [] };
        throw new HubError('SOURCE_UNAVAILABLE', `The hub has not read the institutions of ${department.name} yet.`);
      },
    }),
    ...(source.listInstitutions && {
      /** Those of exactly this name or CMA number: whose names only contain it are not meant. */
      async listInstitutions({ text, first }: InstitutionListQuery): Promise<InstitutionListPage> {
        const asked = text ?? '';
        const named = subjects.near({ creditCode: null, name: asked, regionCode: null, cmaNumbers: [asked] });
        const codes = named.slice(0, first).map(({ creditCode }) => creditCode);
        const records = await Promise.all(codes.map((code) => registered.load(code)));
        return {
          asOf: (await heldSince('institutions')).at ?? startedAt,
          rows: records.flatMap((institution) =>
            institution === null ? [] : [{ cursor: institution.name, institution }],
          ),
          hasNextPage: named.length > codes.length,
          totalCount: named.length,
          malformed: [],
        };
      },
    }),
  };
}
