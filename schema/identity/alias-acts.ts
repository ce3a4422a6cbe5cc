/** Confirming, rejecting and undoing: who may, what must be true, what is put on record. */
import { demand, demandEver, may } from '../access/policy.ts';
import type { CreditCode } from '../codes/credit-code.ts';
import type { HubContext } from '../context.ts';
import { HubError } from '../errors.ts';
import { findInstitution } from '../institution/find-institution.ts';
import type { DepartmentSource, DirectoryEntry } from '../ports.ts';
import { currentRegionCode } from '../region/region.ts';
import { formatInstant } from '../time/instant.ts';
import { inForce, type AliasDecision } from './alias-decision.ts';
import type { AliasDesk } from './alias-desk.ts';
import { evidenceOf } from './match-evidence.ts';
import { regionKey } from './place.ts';
import { unknownSubject, type SubjectFacts } from './subject-facts.ts';

const MAX_NOTE_LENGTH = 500;
const MAX_NUMBER_LENGTH = 64;

export interface NumberOfDepartment {
  readonly departmentId: string;
  readonly localId: string;
}

export interface Pair extends NumberOfDepartment {
  readonly creditCode: CreditCode;
}

/** A decision with what it was made on. */
export interface CarriedOut {
  readonly source: DepartmentSource;
  readonly decision: AliasDecision;
  readonly subject: SubjectFacts;
  readonly entry: DirectoryEntry;
}

/**
 * @param kind whether the number is the institution's, or is not
 * @throws HubError UNAUTHENTICATED or FORBIDDEN; INPUT_INVALID when there is no such number or institution; CONFLICT when
 *   it is decided otherwise
 */
export async function putOnRecord(
  kind: 'CONFIRM' | 'REJECT',
  pair: Pair,
  note: string | null,
  context: HubContext,
): Promise<CarriedOut> {
  const { caller, clock, identity, scope } = context;
  demandEver(caller, 'alias:confirm');
  // What a number is matched by is for the hub to know, whoever decides on it.
  const own = context.onOwnAccount();
  const desk = deskOf(context);
  const { creditCode, localId } = pair;
  const text = checkNote(note);
  const source = sourceOf(pair.departmentId, context);
  const index = await identity.indexOf(source, scope);
  const entry = index.entryOf(checkNumber(localId));
  if (entry === undefined) {
    const { name } = source.department;
    const read = formatInstant(index.asOf);
    throw new HubError('INPUT_INVALID', `The directory of ${name} of ${read} has no such number.`);
  }
  const institution = await findInstitution(creditCode, own);
  if (institution === null)
    throw new HubError('INPUT_INVALID', 'The register knows no institution of this credit code.');
  demand(caller, 'alias:confirm', {
    departmentIds: [pair.departmentId],
    regionCode: currentRegionCode(institution.regionCode),
  });
  const subject = (await own.loaders.references.factsOf(creditCode)) ?? unknownSubject(creditCode);
  const decision = await desk.decide(
    source,
    localId,
    { kind, creditCode, by: caller.subject, at: clock.now(), note: text, evidence: evidenceOf(subject, entry) },
    scope,
  );
  return { source, decision, subject, entry };
}

/**
 * Takes back what stands of one number; the directory need not know it any more.
 * @param creditCode what was said of this institution only; null = everything
 * @throws HubError UNAUTHENTICATED or FORBIDDEN; INPUT_INVALID; CONFLICT when nothing stands
 */
export async function takeBack(
  { departmentId, localId }: NumberOfDepartment,
  creditCode: CreditCode | null,
  note: string,
  context: HubContext,
): Promise<{ readonly source: DepartmentSource; readonly decision: AliasDecision }> {
  const { caller, clock, scope } = context;
  demandEver(caller, 'alias:confirm');
  const desk = deskOf(context);
  const text = checkNote(note);
  const source = sourceOf(departmentId, context);
  const held = await desk.decisions.find(departmentId, checkNumber(localId));
  const standing = (held === null ? [] : inForce(held)).map((statement) => statement.creditCode);
  const creditCodes = standing.filter((code) => creditCode === null || code === creditCode);
  for (const code of creditCodes) {
    const regionCode = await regionOf(code, context);
    demand(caller, 'alias:confirm', { departmentIds: [departmentId], regionCode });
  }
  const act = { kind: 'UNDO', creditCodes, by: caller.subject, at: clock.now(), note: text, evidence: [] } as const;
  return { source, decision: await desk.decide(source, localId, act, scope) };
}

/**
 * What was decided on a number; null when nothing ever was.
 * @throws HubError UNAUTHENTICATED or FORBIDDEN, also where neither the number nor an institution concerned is in a region
 *   of the caller; INPUT_INVALID
 */
export async function decisionOn(
  { departmentId, localId }: NumberOfDepartment,
  context: HubContext,
): Promise<{ readonly source: DepartmentSource; readonly decision: AliasDecision } | null> {
  const { caller, identity } = context;
  demandEver(caller, 'alias:read');
  const source = sourceOf(departmentId, context);
  const decision = await deskOf(context).decisions.find(departmentId, checkNumber(localId));
  if (decision === null) return null;
  const places = [
    identity.entryOf(departmentId, localId)?.regionCode ?? null,
    ...decision.history.map(({ creditCode }) => identity.subjects.factsOf(creditCode)?.regionCode ?? null),
  ].map((code) => regionKey(code) || null);
  const reached = places.find((regionCode) => may(caller, 'alias:read', { regionCode }));
  if (reached === undefined) demand(caller, 'alias:read', { regionCode: places[0] ?? null });
  return { source, decision };
}

/** @throws HubError UNSUPPORTED where the hub keeps no records */
export function deskOf({ aliases }: Pick<HubContext, 'aliases'>): AliasDesk {
  if (aliases !== null) return aliases;
  throw new HubError('UNSUPPORTED', 'This hub keeps no records, so nothing can be decided on local numbers.');
}

/** @throws HubError INPUT_INVALID for a department without local numbers of its own */
export function sourceOf(departmentId: string, { registry }: Pick<HubContext, 'registry'>): DepartmentSource {
  const source = registry.find(departmentId);
  if (source === undefined) throw new HubError('INPUT_INVALID', 'There is no such department.');
  if (source.department.keyedBy === 'LOCAL_NUMBER') return source;
  const { name } = source.department;
  throw new HubError('INPUT_INVALID', `${name} holds credit codes; its numbers need no matching.`);
}

/** Where the institution is as far as is known; null where nobody says. */
async function regionOf(creditCode: CreditCode, context: HubContext): Promise<string | null> {
  const known = regionKey(context.identity.subjects.factsOf(creditCode)?.regionCode ?? null);
  if (known !== '') return known;
  const institution = await findInstitution(creditCode, context);
  return institution === null ? null : currentRegionCode(institution.regionCode);
}

function checkNumber(localId: string): string {
  if (localId !== '' && localId.length <= MAX_NUMBER_LENGTH) return localId;
  throw new HubError('INPUT_INVALID', `"localId" must have 1 to ${MAX_NUMBER_LENGTH} characters.`);
}

function checkNote(note: string | null): string | null {
  if (note === null) return null;
  const text = note.trim();
  if (text !== '' && text.length <= MAX_NOTE_LENGTH) return text;
  throw new HubError('INPUT_INVALID', `A reason must have 1 to ${MAX_NOTE_LENGTH} characters.`);
}
