import { CHAIN_START, chainOf } from '../change.ts';
import type { NoticeEvent } from '../notice.ts';
import type { Evidence, EvidenceEvent } from './evidence-form.ts';

type Parts = Pick<Evidence, 'notice' | 'events'>;

/** Ordinals 1, 2, 3 ...; numbers of the log rise; what is not numbered yet comes last. */
export function numberingFaults({ notice, events }: Parts): readonly string[] {
  const faults: string[] = [];
  if (events.length !== notice.eventCount) {
    faults.push(`the notice has had ${notice.eventCount} events, ${events.length} are here`);
  }
  let last: number | null = 0;
  for (const [index, { ordinal, eventId, number }] of events.entries()) {
    const expected = index + 1;
    if (ordinal !== expected || eventId !== `${notice.id}.${expected}`) {
      faults.push(`event ${expected} is missing; ${eventId} with ordinal ${ordinal} is in its place`);
    }
    if (number !== null && (last === null || number <= last)) {
      faults.push(`event ${ordinal} has the log number ${number}, which does not follow ${last ?? 'one without'}`);
    }
    last = number;
  }
  return faults;
}

/** The event as it was when it entered the chain. */
const chained = ({ number: _number, chain: _chain, ...event }: EvidenceEvent): Omit<NoticeEvent, 'chain'> => event;

export function chainFaults({ notice, events }: Parts): readonly string[] {
  let chain = CHAIN_START;
  for (const event of events) {
    chain = chainOf(chain, chained(event));
    if (chain !== event.chain) return [`the chain breaks at event ${event.ordinal}`];
  }
  return chain === notice.lastChain ? [] : ['the chain does not end where the notice says'];
}

/** Every event is of this notice. */
export function belongingFaults({ notice, events }: Parts): readonly string[] {
  const { id, determinerId, subject } = notice;
  return events
    .filter(
      (event) =>
        event.noticeId !== id ||
        event.determinerId !== determinerId ||
        event.subjectCode !== subject.creditCode ||
        event.regionCode !== subject.regionCode,
    )
    .map(({ ordinal }) => `event ${ordinal} is of another case`);
}
