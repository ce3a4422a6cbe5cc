/** `hub credit explain | compare | report | publication`: the credit side from the command line, for staff. */
import { z } from 'zod';
import { parseCreditCode } from '../../schema/codes/credit-code.ts';
import { compareEditions } from '../../schema/credit/compare-editions.ts';
import { CREDIT_PROFILES } from '../../schema/credit/credit-consumer.ts';
import { CreditProfiles } from '../../schema/credit/credit-profiles.ts';
import { regionChart } from '../../schema/credit/region-chart.ts';
import { regionReport } from '../../schema/credit/region-report.ts';
import { findModel, modelOn, MODELS, readModels, type RiskModel } from '../../schema/credit/risk-model.ts';
import { HubError } from '../../schema/errors.ts';
import { ProjectionStates } from '../../schema/replica/projection-states.ts';
import { RISK_CLASSES } from '../../schema/search/institution-entry.model.ts';
import { calendarDateOf } from '../../schema/time/calendar-date.ts';
import type { CreditCommandParts, CreditOptions } from './credit-parts.ts';
import { profileLines } from './credit-lines.ts';
import { publication } from './publication.ts';
import { toCsv, writeReports } from './write-reports.ts';
import { UsageError } from './usage-error.ts';

async function explain(
  { connection, departments, print }: CreditCommandParts,
  word: string | undefined,
): Promise<number> {
  if (word === undefined) throw new UsageError('Name the credit code of an institution.');
  const code = parseCreditCode(word);
  const [profile] = await new CreditProfiles(connection).of([code]);
  if (profile === null || profile === undefined) {
    print(`No profile of ${code} has been computed: it is not registered, or the register has not been read in full.`);
    return 1;
  }
  const projected = await new ProjectionStates(connection).of(CREDIT_PROFILES);
  for (const line of profileLines(profile, departments, projected)) print(line);
  return 0;
}

function modelsOf(file: string): readonly RiskModel[] {
  try {
    return readModels(file);
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new HubError('INPUT_INVALID', `${file} cannot be used as a model: ${why}`, { cause });
  }
}

function editionNamed(edition: string | undefined, file: string | undefined): RiskModel {
  if (edition === undefined) throw new UsageError('Name an edition of the model.');
  const models = file === undefined ? MODELS : modelsOf(file);
  const model = findModel(edition, models);
  const known = models.map((each) => each.edition).join(', ');
  if (model === undefined) throw new UsageError(`There is no edition "${edition}" of the model, only ${known}.`);
  return model;
}

async function compare(
  { connection, now, print }: CreditCommandParts,
  edition: string | undefined,
  { model }: CreditOptions,
): Promise<number> {
  const next = editionNamed(edition, model);
  const old = modelOn(calendarDateOf(now));
  const profiles = new CreditProfiles(connection).all();
  const { institutions, moves } = await compareEditions(
    profiles,
    [old, next],
    now,
    ({ creditCode, name, before, after }) =>
      print(`${creditCode}  ${before.riskClass} ${before.riskScore} -> ${after.riskClass} ${after.riskScore}  ${name}`),
  );
  print(`${institutions} institutions, edition ${old.edition} beside ${next.edition}:`);
  for (const [move, count] of moves) print(`  ${move}  ${count}`);
  return 0;
}

async function report({ connection, now, print }: CreditCommandParts, { out }: CreditOptions): Promise<number> {
  if (out === undefined) throw new UsageError('Say where the report goes: --out <folder>.');
  const rows = await regionReport(new CreditProfiles(connection).summaries());
  const day = calendarDateOf(now);
  const table = rows.map(({ regionCode, name, counts, total }) => [
    ...[regionCode, name],
    ...RISK_CLASSES.map((riskClass) => counts[riskClass]),
    total,
  ]);
  await writeReports(
    out,
    {
      'risk-by-region.csv': toCsv([['region', 'name', ...RISK_CLASSES, 'total'], ...table]),
      'risk-by-region.svg': regionChart(rows, `Institutions by risk class, ${day} 各地风险等级分布`),
    },
    print,
  );
  return 0;
}

/** @throws UsageError; HubError INPUT_INVALID for a code that cannot be one */
export async function creditCommand(
  parts: CreditCommandParts,
  [verb, word]: readonly string[],
  options: CreditOptions,
): Promise<number> {
  switch (verb) {
    case 'explain':
      return await explain(parts, word);
    case 'compare':
      return await compare(parts, word, options);
    case 'report':
      return await report(parts, options);
    case 'publication':
      return await publication(parts, options);
    default:
      throw new UsageError('Say what to do with credit profiles: explain, compare, report or publication.');
  }
}
