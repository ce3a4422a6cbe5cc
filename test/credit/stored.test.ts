/**
 * Profiles as they were stored under each edition of the model: whoever changes an edition that has been in force, or the
 * code beneath it, gives institutions another score than they were told. Files here are added to, never written anew.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { EJSON } from 'bson';
import { countThresholds } from '../../schema/credit/count-thresholds.ts';
import { digestOf, type CreditInputs } from '../../schema/credit/credit-inputs.ts';
import { findModel, MODELS } from '../../schema/credit/risk-model.ts';
import { scoreOf } from '../../schema/credit/score.ts';
import { projectRoot } from '../../schema/project-root.ts';
import { calendarDateOf } from '../../schema/time/calendar-date.ts';
import { present } from '../hub/support.ts';

interface StoredOutcome {
  readonly creditCode: string;
  readonly computedAt: Date;
  readonly modelVersion: string;
  readonly computedFrom: string;
  readonly riskScore: number;
  readonly riskClass: string;
  readonly factors: readonly { readonly id: string; readonly points: number; readonly rows: readonly string[] }[];
  readonly thresholds: readonly object[];
  readonly inputs: CreditInputs;
}

const FOLDER = join(projectRoot, 'test/credit/stored');
const stored = readdirSync(FOLDER).flatMap(
  (name) => EJSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as StoredOutcome[],
);

describe('a profile stored before', () => {
  it.each(stored)('$creditCode under edition $modelVersion is the same today', (outcome) => {
    const { inputs, computedAt, modelVersion, computedFrom, riskScore, riskClass } = outcome;
    const again = scoreOf(inputs, computedAt, present(findModel(modelVersion)));
    expect(again).toMatchObject({ riskScore, riskClass, modelVersion });
    const weights = again.factors.map(({ id, points, evidence }) => ({
      ...{ id, points },
      rows: evidence.map(({ sourceRecordId }) => sourceRecordId),
    }));
    expect(weights).toEqual(outcome.factors);
    const counted = countThresholds(inputs, calendarDateOf(computedAt));
    expect(counted).toMatchObject(outcome.thresholds);
    expect(counted).toHaveLength(outcome.thresholds.length);
    expect(digestOf(inputs)).toBe(computedFrom);
  });

  it('is there of every edition', () => {
    expect([...new Set(stored.map(({ modelVersion }) => modelVersion))]).toEqual(MODELS.map(({ edition }) => edition));
  });
});
