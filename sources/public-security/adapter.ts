/** Public security's reads (wire-formats A; domain reference 6.4): every read is one call for the whole batch. */
import { HubError } from '../../schema/errors.ts';
import type { DirectoryEntry, MalformedRecord } from '../../schema/ports.ts';
import { calendarDateOf } from '../../schema/time/calendar-date.ts';
import type { AdapterCall, DraftSet, SourceAdapter } from '../kit/adapter.ts';
import { answerByKey, readRows, withoutDuplicates, type RowReader } from '../kit/read-rows.ts';
import { createFeeds } from './changes.ts';
import type { PublicSecurityConfig } from './config.ts';
import type { Condition, WireRow } from './envelope.ts';
import { readLine } from './facilities.ts';
import { conditionsOf, selectFor } from './inspections.ts';
import { toDirectoryEntry } from './map.ts';
import { createNotices } from './notices.ts';
import { filingReader, inspectionReader, institutionReader, textAt } from './readers.ts';
import { createPoliceService } from './service.ts';
import { StationWire } from './wire.ts';

/** Earlier than any filing: the interface wants a date and the directory wants everything. */
const EVER = '1990-01-01 00:00:00';
/** Slices of the directory asked for at the same time; each may be megabytes. */
const SLICES_AT_ONCE = 2;
/** Line 10 comes after line 2, and each line before its equipment. */
const BY_NUMBER = new Intl.Collator('en', { numeric: true });

export function createPublicSecurityAdapter(config: PublicSecurityConfig): SourceAdapter {
  const service = createPoliceService(config);
  const verdicts = inspectionReader(config.PUBLIC_SECURITY_PROVINCE);
  const offices = config.PUBLIC_SECURITY_ISSUING_OFFICES.split(/[,，]/u)
    .map((office) => office.trim())
    .filter((office) => office !== '');

  /** Rows of one batch; nothing is sent when there is nothing to ask for. */
  const rowsOf = async (
    call: AdapterCall,
    jkid: '18C01' | '18C02' | '18Q90',
    conditions: readonly Condition[],
  ): Promise<readonly WireRow[]> => (conditions.length === 0 ? [] : service.ask(call, jkid, conditions));

  /** One draft per station and kind of answer, handed to the requests that asked for that station. */
  const readStations = async <D extends { readonly sourceRecordId: string }>(
    requests: readonly { readonly localIds: readonly string[] }[],
    call: AdapterCall,
    reader: RowReader<StationWire, D>,
  ): Promise<DraftSet<D>[]> => {
    const rows = await rowsOf(call, '18C01', stationConditions(requests));
    return answerByKey(localIdsOf(requests), rows, textAt('jczbh'), reader).map((set) =>
      withoutDuplicates(set, (draft) => draft.sourceRecordId),
    );
  };

  return {
    institutions: (requests, call) => readStations(requests, call, institutionReader),

    qualifications: (requests, call) => readStations(requests, call, filingReader(calendarDateOf(new Date()))),

    async facilities(requests, call) {
      const rows = await rowsOf(call, '18C02', stationConditions(requests));
      const stationOf = textAt('jczbh');
      const lines = rows.map((row) => ({ station: stationOf(row), set: readLine(row) }));
      return localIdsOf(requests).map((ids) => {
        // A row whose station cannot be read may be anybody's.
        const own = lines.filter(({ station }) => station === null || ids.includes(station)).map(({ set }) => set);
        const { drafts, malformed } = withoutDuplicates(joined(own), (draft) => draft.sourceRecordId);
        return {
          drafts: drafts.toSorted((left, right) => BY_NUMBER.compare(left.sourceRecordId, right.sourceRecordId)),
          malformed,
        };
      });
    },

    async inspections(requests, call) {
      const rows = await rowsOf(call, '18Q90', requests.flatMap(conditionsOf));
      const sets = answerByKey(localIdsOf(requests), rows, textAt('jyjgbh'), verdicts);
      return requests.map((request, index) => {
        const set = withoutDuplicates(sets[index] ?? { drafts: [], malformed: [] }, (draft) => draft.sourceRecordId);
        return selectFor(request, set);
      });
    },

    async directory(call) {
      const slices: Condition[] =
        offices.length === 0 ? [{ gxrq: EVER }] : offices.map((fzjg) => ({ gxrq: EVER, fzjg }));
      const entries = new Map<string, DirectoryEntry>();
      const malformed: MalformedRecord[] = [];
      for (let start = 0; start < slices.length; start += SLICES_AT_ONCE) {
        const answers = slices.slice(start, start + SLICES_AT_ONCE).map((slice) => service.ask(call, '18C01', [slice]));
        for (const rows of await Promise.all(answers)) {
          const set = readRows(rows, { wire: StationWire, toDraft: toDirectoryEntry, recordIdOf: textAt('jczbh') });
          set.drafts.forEach((entry) => entries.set(entry.localId, entry));
          malformed.push(...set.malformed);
        }
      }
      return { entries: [...entries.values()], malformed };
    },

    changes: createFeeds(service, config.PUBLIC_SECURITY_PROVINCE),
    notices: createNotices(service),

    async ping(call) {
      const rows = await service.ask(call, '18C50', [{}]);
      if (rows.length === 0)
        throw new HubError('SOURCE_MALFORMED', 'Public Security answered without its time (18C50).');
    },
  };
}

/** One condition per station, each once. */
function stationConditions(requests: readonly { readonly localIds: readonly string[] }[]): Condition[] {
  return [...new Set(localIdsOf(requests).flat())].map((jczbh) => ({ jczbh }));
}

function localIdsOf(requests: readonly { readonly localIds: readonly string[] }[]): (readonly string[])[] {
  return requests.map((request) => request.localIds);
}

function joined<D>(sets: readonly DraftSet<D>[]): DraftSet<D> {
  return { drafts: sets.flatMap((set) => set.drafts), malformed: sets.flatMap((set) => set.malformed) };
}
