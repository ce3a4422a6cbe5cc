/** From the arguments of `inspections` to one question per department, and from its answers to a page. */
import type { HubContext } from '../context.ts';
import type { InspectionNode } from '../inspection/inspection.type.ts';
import { HubError } from '../errors.ts';
import type { Terms } from '../facet-loader.ts';
import type { Connection } from '../relay/connection.ts';
import { foreignCursor } from '../relay/cursor.ts';
import { newestFirstPage, newestFirstQuery } from '../relay/newest-first.ts';
import { checkVin } from '../codes/vin.ts';
import type { InspectionFilter } from './institution.input.ts';
import type { InstitutionNode } from './institution-node.ts';

function earlier(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b;
  return a < b ? a : b;
}

/** @throws HubError INPUT_INVALID naming the position */
export function vinOf(text: string | null | undefined): string | null {
  if (text === null || text === undefined) return null;
  const check = checkVin(text);
  if (check.verdict !== 'REJECT') return check.normalised;
  const where = check.position === undefined ? '' : ` (position ${check.position})`;
  throw new HubError('INPUT_INVALID', `A VIN has 17 characters without I, O and Q${where}.`, {
    details: check.position === undefined ? {} : { position: check.position },
  });
}

/** @throws HubError INPUT_INVALID for the cursor of another list */
function timeOf(position: string | null): Date | null {
  if (position === null) return null;
  const time = new Date(position);
  if (!Number.isNaN(time.getTime()) && time.toISOString() === position) return time;
  throw foreignCursor();
}

function checkDepartments(ids: readonly string[] | null, { registry }: HubContext): readonly string[] | null {
  const unknown = ids?.find((id) => registry.find(id) === undefined);
  if (unknown === undefined) return ids;
  throw new HubError('INPUT_INVALID', 'There is no department of that id; see "departments".');
}

export async function inspectionsOf(
  institution: InstitutionNode,
  filter: InspectionFilter,
  first: number,
  after: string | null,
  context: HubContext,
): Promise<Connection<InspectionNode>> {
  if (filter.result === 'UNKNOWN') {
    throw new HubError('UNSUPPORTED', 'Departments have no code for UNKNOWN, so they cannot be asked for it.');
  }
  const query = newestFirstQuery(first, after);
  const terms: Terms<'inspections'> = {
    from: filter.from ?? null,
    to: earlier(filter.to ?? null, timeOf(query.upTo)),
    vin: vinOf(filter.vin),
    result: filter.result ?? null,
    limit: query.limit,
  };
  const departments = checkDepartments(filter.departments ?? null, context);
  const answers = await context.loaders.facet('inspections', institution.creditCode, terms, departments);
  const nodes = answers.flatMap((answer) =>
    answer.records.map((record): InspectionNode => ({ ...record, institution })),
  );
  return newestFirstPage(query, nodes, (node) => [node.startedAt.toISOString(), node.id], null);
}
