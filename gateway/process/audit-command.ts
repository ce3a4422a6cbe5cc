/** `hub audit ...`, on the store of the hub, whether it runs or not. */
import { createWriteStream } from 'node:fs';
import type { Connection } from 'mongoose';
import { openBacking } from '../../jobs/backing.ts';
import { AuditStore } from '../../schema/audit/audit-store.ts';
import { keysOf } from '../../schema/audit/subject-report.ts';
import { institutionEntryModel } from '../../schema/search/institution-entry.model.ts';
import { canonicalJson } from '../../schema/signing/canonical-json.ts';
import { openKeyRing, type KeyRing } from '../../schema/signing/key-ring.ts';
import { HUB_OWNER } from '../../schema/signing/public-key.ts';
import { formatInstant } from '../../schema/time/instant.ts';
import { onRecord } from '../audit/on-record.ts';
import { exportTrail, subjectReport, verifyStore, type AuditOptions } from '../commands/audit.ts';
import type { CommandResult } from '../commands/notice.ts';
import { UsageError } from '../commands/usage-error.ts';
import type { HubConfig } from '../config.ts';
import { personKeysOf } from './open-audit.ts';

type Out = (line: string) => void;

interface Parts {
  readonly config: HubConfig;
  readonly connection: Connection;
  readonly store: AuditStore;
  readonly keys: KeyRing;
}

async function exportTo(path: string, options: AuditOptions, parts: Parts): Promise<CommandResult> {
  const file = createWriteStream(path, { mode: 0o600, flags: 'wx' });
  const write = (text: string): Promise<void> =>
    new Promise((resolve, reject) => file.write(text, (error) => (error ? reject(error) : resolve())));
  await new Promise<void>((resolve, reject) => {
    file.once('open', () => resolve());
    file.once('error', (error) => reject(new UsageError(`${path} cannot be written: ${error.message}`)));
  });
  const result = await exportTrail(parts, options, write);
  await new Promise<void>((resolve, reject) => file.end((error?: Error | null) => (error ? reject(error) : resolve())));
  return result;
}

async function report(word: string | undefined, options: AuditOptions, parts: Parts, out: Out): Promise<number> {
  const { config, connection, store, keys } = parts;
  const personKeys = await personKeysOf(config);
  const entries = institutionEntryModel(connection);
  const codesOf = async (name: string) =>
    (await entries.find({ name: name.trim() }, { creditCode: 1 }).lean()).map(({ creditCode }) => creditCode);
  // The report does not tell of itself; the next one does.
  const upToNow = { ...options, to: options.to ?? formatInstant(new Date()) };
  const subjects = word === undefined ? [] : [...keysOf(word, personKeys)];
  return await onRecord(connection, keys, { words: ['audit', 'subject'], subjects }, () =>
    subjectReport({ store, personKeys, codesOf }, word, upToNow, out),
  );
}

const VERBS = ['verify', 'export', 'subject', 'anchors'] as const;

/** @throws UsageError for wrong words, before anything is opened */
export async function auditCommand(
  config: HubConfig,
  [verb, word]: readonly string[],
  { out: path, ...options }: AuditOptions & { readonly out?: string | undefined },
  out: Out,
): Promise<number> {
  const asked = VERBS.find((each) => each === verb);
  if (asked === undefined)
    throw new UsageError('Say what to do with the audit trail: verify, export, subject or anchors.');
  const backing = await openBacking({ ...config, mayShare: true });
  try {
    const { connection } = backing;
    const keys = await openKeyRing({ connection, folder: config.signingKeysFolder });
    if (config.mongodbUri === null) await keys.ensureKeys([HUB_OWNER]);
    const parts: Parts = { config, connection, store: new AuditStore(connection), keys };
    const tell = ({ lines, exitCode }: CommandResult): number => {
      for (const line of lines) out(line);
      return exitCode;
    };
    switch (asked) {
      case 'verify':
        return tell(await verifyStore(parts.store, keys, options));
      case 'export':
        if (path === undefined) throw new UsageError('Name the file to be written with --out.');
        return tell(
          await onRecord(connection, keys, { words: ['audit', 'export'] }, () => exportTo(path, options, parts)),
        );
      case 'subject':
        return await report(word, options, parts, out);
      case 'anchors': {
        const span = await parts.store.anchorSpan({ from: null, to: null });
        for await (const { text } of parts.store.anchors(span)) out(canonicalJson(JSON.parse(text)));
        return 0;
      }
    }
  } finally {
    await backing.close();
  }
}
