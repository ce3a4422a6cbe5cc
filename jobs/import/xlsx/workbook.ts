/** Where the first sheet and the table of texts are. */
import { posix } from 'node:path';
import { fileProblem } from '../file-problem.ts';
import type { ImportLimits } from '../limits.ts';
import { parseWhole } from './xml-parts.ts';
import type { ZipParts } from './zip-parts.ts';

export interface WorkbookParts {
  readonly sheet: string;
  /** null for a workbook without texts in a table of their own. */
  readonly sharedStrings: string | null;
}

const WORKBOOK = 'xl/workbook.xml';
const RELATIONS = 'xl/_rels/workbook.xml.rels';

/** Targets count from the workbook's folder unless they begin with a slash. They are names of parts, not paths. */
function partName(target: string): string {
  return target.startsWith('/') ? target.slice(1) : posix.normalize(`xl/${target}`);
}

/** @throws HubError INPUT_INVALID when it is no workbook, or one that counts its days otherwise */
export async function findParts(parts: ZipParts, limits: ImportLimits): Promise<WorkbookParts> {
  const relations: (string | null)[] = [];
  await parseWhole(
    await parts.open(WORKBOOK, limits.unjudgedBytes),
    {
      open(name, attributes) {
        if (name === 'workbookPr' && ['1', 'true'].includes(attributes['date1904'] ?? ''))
          throw fileProblem('FORMAT_UNKNOWN', 'The workbook counts its days from 1904; save it with days from 1900.');
        if (name === 'sheet') relations.push(relationOf(attributes));
      },
    },
    limits,
  );
  const [firstSheet = null] = relations;
  const targets = new Map<string, string>();
  const sharedStrings: string[] = [];
  await parseWhole(
    await parts.open(RELATIONS, limits.unjudgedBytes),
    {
      open(name, { Id, Type, Target }) {
        if (name !== 'Relationship' || Id === undefined || Target === undefined) return;
        targets.set(Id, partName(Target));
        if (Type?.endsWith('/sharedStrings') === true) sharedStrings.push(partName(Target));
      },
    },
    limits,
  );
  const sheet = firstSheet === null ? undefined : targets.get(firstSheet);
  if (sheet === undefined) throw fileProblem('FORMAT_UNKNOWN', 'The workbook has no sheet.');
  return { sheet, sharedStrings: sharedStrings[0] ?? null };
}

function relationOf(attributes: Readonly<Record<string, string>>): string | null {
  const key = Object.keys(attributes).find((name) => name.endsWith(':id'));
  return key === undefined ? null : (attributes[key] ?? null);
}
