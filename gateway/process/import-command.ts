/** `hub import`: reads an export file into the replica. */
import { stat } from 'node:fs/promises';
import { openBacking } from '../../jobs/backing.ts';
import { replicaSink } from '../../jobs/commands/replica-sink.ts';
import { CHARSETS } from '../../jobs/import/charset.ts';
import { importFile } from '../../jobs/import/import-file.ts';
import { progressDisplay } from '../../jobs/import/progress.ts';
import { openAliasStore } from '../../schema/identity/alias-store.ts';
import { Replica } from '../../schema/replica/replica.ts';
import { openKeyRing } from '../../schema/signing/key-ring.ts';
import { onRecord } from '../audit/on-record.ts';
import { UsageError } from '../commands/usage-error.ts';
import type { HubConfig } from '../config.ts';
import { openIndex } from './open-index.ts';

interface ImportOptions {
  readonly source?: string | undefined;
  readonly layout?: string | undefined;
  readonly charset?: string | undefined;
  readonly 'exported-at'?: string | undefined;
}

export async function importCommand(
  config: HubConfig,
  words: readonly string[],
  options: ImportOptions,
  print: (line: string) => void,
): Promise<number> {
  const [path] = words;
  const { source: departmentId, layout } = options;
  const definition = config.departments.find((each) => each.definition.department.id === departmentId)?.definition;
  if (path === undefined || definition === undefined || layout === undefined) {
    throw new UsageError('Name a file, a department (--source) and a layout (--layout).');
  }
  const charset = CHARSETS.find((each) => each === options.charset);
  if (options.charset !== undefined && charset === undefined)
    throw new UsageError(`--charset is one of ${CHARSETS.join(', ')}.`);
  const named = options['exported-at'];
  const exportedAt = named === undefined ? (await stat(path)).mtime : new Date(named);
  if (Number.isNaN(exportedAt.getTime()))
    throw new UsageError('--exported-at is no instant, e.g. 2026-03-02T08:00:00+08:00.');
  const backing = await openBacking({ ...config, mayShare: true });
  const display = progressDisplay(process.stderr);
  try {
    const replica = new Replica(backing.connection);
    await replica.open();
    const ring = await openKeyRing({ connection: backing.connection, folder: config.signingKeysFolder });
    const report = await onRecord(
      backing.connection,
      ring,
      { words: ['import', definition.department.id, layout] },
      () =>
        importFile({
          path,
          source: definition,
          layout,
          exportedAt,
          sink: replicaSink(replica, definition.department.id, exportedAt),
          ...(charset !== undefined && { charset }),
          onProgress: (progress) => display.show(progress),
        }),
    );
    display.stop();
    const { rows, accepted, refused, inserted, updated, unchanged, feedbackPath, milliseconds } = report;
    print(
      `${rows} rows in ${milliseconds} ms: ${accepted} accepted (${inserted} new, ${updated} changed, ${unchanged} known), ${refused} refused`,
    );
    if (refused > 0) print(`Refused rows: ${feedbackPath}`);
    const { decisions } = await openAliasStore(backing.connection);
    const { projector } = await openIndex(config, backing.connection, replica, decisions);
    await projector.run();
    return 0;
  } finally {
    display.stop();
    await backing.close();
  }
}
