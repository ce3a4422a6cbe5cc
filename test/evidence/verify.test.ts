import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { verifyEvidence, type EvidenceReport } from '../../schema/notice/evidence/verify-evidence.ts';
import { signedNotice } from '../../schema/notice/signed-form.ts';
import { openKeyRing } from '../../schema/signing/key-ring.ts';
import type { PublicKey } from '../../schema/signing/public-key.ts';
import { openStore } from '../support/store.ts';
import { eventfulCase, openOffice, withdraw, type Office } from './case-on-record.ts';
import { parsePack, rechain, reseal, rowsAt, type Loose, type Pack } from './tampering.ts';

let office: Office;
let text: string;
let keys: readonly PublicKey[];
beforeAll(async () => {
  office = await openOffice();
  text = await office.export(await eventfulCase(office));
  keys = await office.keys.publicKeys();
});
afterAll(() => office.close());

const verify = (pack: string | Uint8Array, trusted: readonly PublicKey[] | null = null): EvidenceReport =>
  verifyEvidence(typeof pack === 'string' ? Buffer.from(pack) : pack, trusted);
const faultsOf = ({ checks }: EvidenceReport): readonly string[] =>
  checks.flatMap(({ name, faults }) => faults.map((fault) => `${name}: ${fault}`));

describe('An evidence pack', () => {
  it('verifies by the keys inside it, and by the same keys from elsewhere', () => {
    for (const trusted of [null, keys]) {
      const report = verify(text, trusted);
      expect(faultsOf(report)).toEqual([]);
      expect(report.isGood).toBe(true);
      expect(report.usedKeys.map(({ owner }) => owner)).toEqual(['market-regulation', 'hub']);
      expect(report.checks.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['signature of version 1', 'signature of version 2', 'signature of the end']),
      );
    }
  });

  it('holds what happened: attempts that failed, receipts, repetitions, both versions', () => {
    const { events, notice, signedTexts } = verify(text).evidence ?? {};
    const kinds = events?.map(({ kind }) => kind);
    expect(kinds).toEqual(
      expect.arrayContaining(['DELIVERY_DEAD', 'DELIVERY_REPEATED', 'DELIVERY_RETURNED', 'REVISED', 'ALL_CONFIRMED']),
    );
    const attempts = notice?.deliveries.flatMap(({ messages }) => messages).flatMap((message) => message.attempts);
    expect(new Set(attempts?.map(({ outcome }) => outcome))).toEqual(new Set(['ACCEPTED', 'REFUSED', 'UNREACHABLE']));
    expect(signedTexts?.map(({ part, version }) => [part, version])).toEqual([
      ['VERSION', 1],
      ['VERSION', 2],
      ['ENDING', 2],
    ]);
  });

  it.each([
    ['a draft whose events are not numbered yet', 'DRAFT', () => Promise.resolve()],
    ['one that was published and not sent yet', 'PUBLISHED', () => Promise.resolve()],
    ['one that is under way', 'PUBLISHED', (o: Office) => o.send({ transport: 'UNREACHABLE', ecology: 'BROKEN' })],
    ['one that was withdrawn before anybody heard of it', 'PUBLISHED', withdraw],
    ['one that was withdrawn before it was published', 'DETERMINED', withdraw],
    [
      'one that has expired, with a recipient who never heard of it',
      'PUBLISHED',
      async (o: Office, id: string) => {
        await o.revise(id, 'ecology', 'public-security');
        await o.send({ 'public-security': 'UNREACHABLE' });
        await o.service.expire(id);
      },
    ],
  ] as const)('verifies for %s', async (_, stage, then) => {
    const { _id: id, number } = await office.issue(stage, 'ecology', 'transport');
    await then(office, id);
    const report = verify(await office.export(number), keys);
    expect(faultsOf(report)).toEqual([]);
    expect(report.isGood).toBe(true);
  });
});

describe('A pack of which one byte is another', () => {
  it('does not verify, wherever the byte is', () => {
    const bytes = Buffer.from(text);
    const step = Math.floor(bytes.length / 520);
    const passed: number[] = [];
    let tried = 0;
    for (let position = 0; position < bytes.length; position += step) {
      const other = Buffer.from(bytes);
      other[position] = (other[position] ?? 0) ^ (1 << (tried % 8));
      if (verify(other).isGood) passed.push(position);
      tried += 1;
    }
    expect(tried).toBeGreaterThan(500);
    expect(passed).toEqual([]);
  }, 300_000);

  it('does not verify either when that byte is in the seal, whose signature covers all but itself', async () => {
    const { number } = await office.issue('DRAFT', 'ecology');
    const bytes = Buffer.from(await office.export(number));
    const from = bytes.indexOf('"seal":');
    const end = bytes.indexOf('}', from);
    expect(end - from).toBeGreaterThan(100);
    for (let position = from; position <= end; position += 1) {
      const other = Buffer.from(bytes);
      other[position] = (other[position] ?? 0) ^ 1;
      expect([position, verify(other).isGood]).toEqual([position, false]);
    }
  }, 300_000);

  it.each([
    ['a line end at the end', (whole: string) => `${whole}\n`],
    ['a blank between two values', (whole: string) => whole.replace(',', ', ')],
    ['a byte order mark', (whole: string) => `\uFEFF${whole}`],
    ['a character that is escaped without need', (whole: string) => whole.replace('贵州', String.raw`\u8d35州`)],
    ['fields in another order', (whole: string) => JSON.stringify({ seal: 0, ...parsePack(whole) })],
    ['a field that is there twice', (whole: string) => whole.replace('{', '{"form":"x",')],
    ['a byte less', (whole: string) => whole.slice(0, -1)],
  ])('does not verify with %s', (_, change) => {
    expect(faultsOf(verify(change(text)))).toEqual([expect.stringMatching(/^file: /)]);
  });
});

/** Changes the pack and seals it by the hub's own key, so that other checks than the seal have to find it. */
async function changedByHub(change: (pack: Pack) => void): Promise<readonly string[]> {
  const pack = parsePack(text);
  change(pack);
  const report = verify(await reseal(pack, office.keys), keys);
  expect(report.isGood).toBe(faultsOf(report).length === 0);
  return faultsOf(report);
}

describe('A pack that the hub itself has changed and sealed again', () => {
  it('verifies when nothing was changed: the seal is no fault', async () => {
    expect(await changedByHub(() => undefined)).toEqual([]);
    expect(await changedByHub(rechain)).toEqual([]);
  });

  it.each<readonly [string, (events: Loose[]) => void]>([
    ['removed', (events) => void events.splice(12, 1)],
    ['removed at the end', (events) => void events.pop()],
    ['put in another order', (events) => void events.splice(11, 2, events[12] ?? {}, events[11] ?? {})],
    ['doubled', (events) => void events.splice(12, 0, { ...events[12] })],
    ['written differently', (events) => void Object.assign(events[12] ?? {}, { detail: 'another reason' })],
  ])('is found out by the chain when an event was %s', async (_, change) => {
    const faults = await changedByHub(({ events }) => change(events));
    expect(faults).toEqual(expect.arrayContaining([expect.stringMatching(/^events: (chain|numbers): /)]));
  });

  const remove = (kind: string) => (pack: Pack) => {
    pack.events = pack.events.filter((event) => event['kind'] !== kind);
  };
  const patch = (path: string, index: number, part: Loose) => (pack: Pack) =>
    void Object.assign(rowsAt(pack.notice, path).at(index) ?? {}, part);
  const patchNotice = (part: Loose) => (pack: Pack) => void Object.assign(pack.notice, part);
  const LATER = '2026-03-09T08:00:00+08:00';

  it.each<readonly [string, (pack: Pack) => void, RegExp]>([
    ['a signing is not told', remove('DELIVERY_SIGNED'), /recipients' words: no event tells of DELIVERY_SIGNED/],
    ['a return is not told', remove('DELIVERY_RETURNED'), /recipients' words: no event tells of DELIVERY_RETURNED/],
    ['an arrival is not told', remove('DELIVERY_SENT'), /messages and attempts: no event tells of DELIVERY_SENT/],
    ['a revision is not told', remove('REVISED'), /case: versions and events of revision differ/],
    ['the opening is not told', remove('DRAFT'), /case: the first version and the event that opens the case differ/],
    ['a version is older', patch('versions', 1, { issuedAt: LATER }), /case: versions and events of revision differ/],
    ['somebody else issued it', patch('versions', 0, { issuedBy: 'x' }), /case: the first version and the event/],
    [
      'somebody else ended it',
      ({ notice }) => void Object.assign(notice['ending'] ?? {}, { actor: 'x' }),
      /case: the end/,
    ],
    ['the end is not told', remove('LIFTED'), /case: the end and the event that tells of it differ/],
    ['the publication is not told', remove('PUBLISHED'), /case: publishedAt is not the time/],
    ['a word is not on record', patch('deliveries.0.acts', -1, { at: LATER }), /nothing is on record of DELIVERY_FED/],
    [
      'somebody else spoke it',
      patch('deliveries.0.acts', 0, { actor: 'x' }),
      /nothing is on record of DELIVERY_SIGNED/,
    ],
    ['it was signed for at another time', patch('deliveries', 0, { signedAt: LATER }), /signedAt is not when it was/],
    ['it was not signed for', patch('deliveries', 0, { signedAt: null }), /signedAt is not when/],
    ['it arrived at another time', patch('deliveries', 0, { sentAt: LATER }), /sentAt is not when it arrived/],
    ['its end was not confirmed', patch('deliveries', -1, { liftConfirmedAt: null }), /liftConfirmedAt is not when/],
    ['feedback came at another time', patch('deliveries.0.feedback', 0, { receivedAt: LATER }), /feedback was not rec/],
    ['it was not mandatory', patch('deliveries', 0, { mandatory: false }), /is not as version 1 decides/],
    ['it had other measures', patch('deliveries', 0, { measureIds: ['M-2'] }), /is not as version 1 decides/],
    ['a state that cannot be', patch('deliveries', -1, { state: 'RETURNED' }), /it cannot be RETURNED/],
    ['a recipient was left out', ({ notice }) => void rowsAt(notice, 'deliveries').pop(), /transport has no delivery/],
    [
      'an attempt was refused',
      patch('deliveries.0.messages.0.attempts', 0, { outcome: 'REFUSED' }),
      /it is sent, and no attempt was accepted/,
    ],
    [
      'there was no attempt',
      patch('deliveries.0.messages', 0, { attempts: [] }),
      /no attempt was accepted at that time/,
    ],
    ['a message was not sent', patch('deliveries.0.messages', 0, { state: 'PENDING' }), /accepted, and it is not sent/],
    ['a message came from nowhere', patch('deliveries.0.messages', 0, { eventId: 'x' }), /with which it came to be/],
    ['a message came from another event', patch('deliveries.0.messages', 0, { position: 6 }), /its place is not that/],
    [
      'the decision is another',
      patch('versions.0.content.recipients', 0, { mandatory: false }),
      /signature of version 1/,
    ],
    ['it has no versions', patchNotice({ versions: [] }), /case: version 2 stands, 0 are here/],
    ['the case is in another state', patchNotice({ state: 'EFFECTIVE' }), /case: the case is EFFECTIVE/],
    ['it has no end', patchNotice({ ending: null }), /tells of an end that is not here/],
    ['it was closed later', patchNotice({ closedAt: LATER }), /closedAt is not the time/],
    ['it is another case', patchNotice({ determinerId: 'ecology' }), /event 1 is of another case/],
    [
      'a log number is doubled',
      ({ events }) => void Object.assign(events[1] ?? {}, { number: 1 }),
      /does not follow 1/,
    ],
    ['signed texts are others', (pack) => void Object.assign(pack, { signedTexts: [] }), /signed texts are not what/],
    ['there is more in it', patchNotice({ remark: 'x' }), /form: notice: Unrecognized key/],
  ])('is found out by what is on record when it says that %s', async (_, change, fault) => {
    const faults = await changedByHub((pack) => {
      change(pack);
      rechain(pack);
    });
    expect(faults).toEqual(expect.arrayContaining([expect.stringMatching(fault)]));
  });
});

describe('A forged pack', () => {
  it('verifies by the keys inside it, whoever made them, and not by the keys of the departments', async () => {
    const store = await openStore();
    const folder = await mkdtemp(join(tmpdir(), 'hub-keys-'));
    try {
      const forger = await openKeyRing({ connection: store.connection, folder, now: () => new Date('2026-01-01') });
      await forger.ensureKeys(['market-regulation', 'hub']);
      const { number } = await office.issue('DRAFT', 'ecology');
      const pack = parsePack(await office.export(number));
      const { notice } = verify(await office.export(number)).evidence ?? {};
      const [version] = notice?.versions ?? [];
      if (notice === undefined || version === undefined) throw new Error('the pack has no version');
      const invented = { ...version, content: { ...version.content, factsSummary: 'invented' } };
      const signed = signedNotice(notice, invented);
      const signature = await forger.sign('market-regulation', Buffer.from(signed));
      const [row] = rowsAt(pack.notice, 'versions');
      Object.assign(row?.['content'] ?? {}, { factsSummary: 'invented' });
      Object.assign(row ?? {}, { signature });
      Object.assign(pack, {
        publicKeys: await forger.publicKeys(),
        signedTexts: [{ part: 'VERSION', version: 1, text: signed }],
      });
      const forged = await reseal(pack, forger);
      expect(faultsOf(verify(forged))).toEqual([]);
      expect(faultsOf(verify(forged, keys))).toEqual([
        expect.stringMatching(/^seal of the hub: it names the key \w+, which is not among the keys/),
        expect.stringMatching(/^signature of version 1: it names the key \w+, which is not among the keys/),
      ]);
    } finally {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('does not verify by keys of which one has been exchanged for another', () => {
    const swapped = keys.map((key, index) => ({ ...key, publicKeyPem: keys[1 - index]?.publicKeyPem ?? '' }));
    expect(verify(text, swapped).isGood).toBe(false);
  });
});

describe('Keys that were revoked', () => {
  const revokedAt = (instant: string) =>
    keys.map((key) => (key.owner === 'market-regulation' ? { ...key, revokedAt: new Date(instant) } : key));

  it('leave what they signed before good, with a warning', () => {
    const report = verify(text, revokedAt('2027-01-01T00:00:00+08:00'));
    expect(report.isGood).toBe(true);
    const warned = report.checks.filter(({ warnings }) => warnings.length > 0).map(({ name }) => name);
    expect(warned).toEqual(['signature of version 1', 'signature of version 2', 'signature of the end']);
  });

  it('make worthless what they signed after', () => {
    const report = verify(text, revokedAt('2026-03-02T16:20:00+08:00'));
    expect(faultsOf(report)).toEqual([
      expect.stringMatching(/^signature of version 2: .*was revoked/),
      expect.stringMatching(/^signature of the end: .*was revoked/),
    ]);
  });
});
