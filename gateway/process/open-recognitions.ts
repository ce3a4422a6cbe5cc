/** Recognitions, with what the hub itself keeps of institutions. */
import type { Connection } from 'mongoose';
import type { HubServices, RecognitionParts } from '../../schema/context.ts';
import type { Doorbell } from '../../schema/events/doorbell.ts';
import { EventTail } from '../../schema/events/tail.ts';
import type { Clock } from '../../schema/ports.ts';
import { FindingService } from '../../schema/recognition/finding-service.ts';
import { FindingStore } from '../../schema/recognition/finding-store.ts';
import { withFalseReports } from '../../schema/credit/false-report-clues.ts';
import { RecognitionService } from '../../schema/recognition/recognition-service.ts';
import { recognitionLog, RecognitionStore } from '../../schema/recognition/recognition-store.ts';
import type { Logger } from '../logging.ts';

export interface RecognitionsOptions {
  readonly connection: Connection;
  readonly doorbell: Doorbell;
  readonly clock: Clock;
  readonly log: Logger;
  /** Told when a finding has been recorded: what rests on its institution is to be looked at, and computed. */
  readonly onNews: () => void;
}

export interface OpenedRecognitions {
  partsFor(parts: Pick<HubServices, 'registry'>): RecognitionParts;
  /** Before the store is closed. */
  readonly close: () => Promise<void>;
}

export async function openRecognitions({
  connection,
  doorbell,
  clock,
  log: logger,
  onNews,
}: RecognitionsOptions): Promise<OpenedRecognitions> {
  const store = new RecognitionStore(connection, {
    now: () => clock.now(),
    onPending: () => doorbell.ring('pending'),
  });
  const findings = new FindingStore(connection);
  const log = recognitionLog(connection);
  const tail = new EventTail(log, {
    doorbell,
    onFailure: (error) => logger.error({ err: error }, 'the log of recognitions could not be read'),
  });
  await Promise.all([store.open(), findings.open(), log.open()]);
  return {
    partsFor: ({ registry }) => ({
      service: new RecognitionService({ store, registry, findings: withFalseReports(connection, findings) }),
      findings: new FindingService(findings, clock, onNews),
      log,
      tail,
    }),
    close: () => tail.close(),
  };
}
