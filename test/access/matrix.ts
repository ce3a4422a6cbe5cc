/** The whole policy as one readable table: what docs/access-matrix.md holds. */
import type { GraphQLSchema } from 'graphql';
import { ROLES, type Caller, type Role } from '../../schema/access/caller.ts';
import { PERSONAL_KINDS, type PersonalKind } from '../../schema/access/class-rules.ts';
import { classifyFields } from '../../schema/access/classify.ts';
import { FIELD_CLASSES, type FieldClass } from '../../schema/access/field-class.ts';
import type { FieldRule } from '../../schema/access/field-rules.ts';
import { NO_GROUNDS, type Grounds } from '../../schema/access/grounds.ts';
import { ACTIONS, may } from '../../schema/access/policy.ts';
import { hasPublished } from '../../schema/access/published.ts';
import { READ_RULES } from '../../schema/access/read-rules.ts';
import { seesUnmasked, sightOf } from '../../schema/access/sight.ts';
import type { ReadName } from '../../schema/ports.ts';

const CASE_NUMBER = '示环罚〔2026〕12号';
/** What a caller says of why it asks. */
export const GROUNDS: Readonly<Record<string, Grounds>> = {
  'without a case': NO_GROUNDS,
  'in a case': { purpose: 'ENFORCEMENT', caseNumber: CASE_NUMBER },
  'in an audit case': { purpose: 'AUDIT', caseNumber: CASE_NUMBER },
  'with a purpose only': { purpose: 'AUDIT', caseNumber: null },
};

/** A caller of 贵阳; its own department is transport. */
export const callerOf = (role: Role, departmentId: string | null = 'transport'): Caller =>
  role === 'PUBLIC'
    ? { subject: 'public', departmentId: null, roles: ['PUBLIC'], regions: [], credentialId: null }
    : { subject: 'test', departmentId, roles: ['PUBLIC', role], regions: ['5201'], credentialId: 'k1' };

export const INSIDE = '520115';
export const OUTSIDE = '520303';
const PLACES = [
  { departmentId: 'transport', regionCode: INSIDE },
  { departmentId: 'ecology', regionCode: INSIDE },
  { departmentId: 'transport', regionCode: OUTSIDE },
  { departmentId: 'ecology', regionCode: OUTSIDE },
] as const;

/** Which of the four places are seen, in words. */
const REACHES: Readonly<Record<string, string>> = {
  'yes yes yes yes': 'everywhere',
  'yes yes no no': 'in its divisions',
  'yes no no no': "its department's, in its divisions",
  'no no no no': 'no',
};

const nameOf = <V>(table: Readonly<Record<string, V>>, key: string): V => {
  const value = table[key];
  if (value === undefined) throw new Error(`the table has no word for "${key}"`);
  return value;
};

function reach(role: Role, fieldClass: FieldClass, grounds: Grounds): string {
  const seen = PLACES.map((place) => sightOf({ caller: callerOf(role), ...grounds }, fieldClass, place).seen);
  return nameOf(REACHES, seen.map((each) => (each ? 'yes' : 'no')).join(' '));
}

/** To whom of staff, and to whom of a department, each without a case, in one, in an audit case, with a purpose only. */
const UNMASKED_TO: Readonly<Record<string, string>> = {
  'nnnn nnnn': 'masked',
  'nyyn nyyn': 'in a case',
  'nnyn nnyn': 'in an audit case',
  'nnnn yyyy': 'a department',
  'nyyn yyyy': 'a department; staff in a case',
};

function unmasked(role: Role, kind: PersonalKind): string {
  const to = (departmentId: string | null): string =>
    Object.values(GROUNDS)
      .map((grounds) => {
        const asker = { caller: callerOf(role, departmentId), ...grounds };
        if (seesUnmasked(asker, kind, { regionCode: OUTSIDE })) throw new Error('unmasked outside of its divisions');
        return seesUnmasked(asker, kind, { regionCode: INSIDE }) ? 'y' : 'n';
      })
      .join('');
  return nameOf(UNMASKED_TO, `${to(null)} ${to('transport')}`);
}

function acts(role: Role, action: (typeof ACTIONS)[number]): string {
  const of = (departmentIds: readonly string[], regionCode: string): boolean =>
    may(callerOf(role), action, { departmentIds, regionCode });
  if (of(['ecology'], INSIDE)) return 'any, in its divisions';
  return of(['transport'], OUTSIDE) ? "its department's" : 'no';
}

function ruleOf(rule: FieldRule | null): string {
  if (rule === null) return '-';
  if ('action' in rule) return `act ${rule.action}`;
  if ('read' in rule) return `question ${rule.read}`;
  return 'personal' in rule ? `masked as ${rule.personal}` : 'open';
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

export const FACTS_TITLE = '## Facts: who sees which class';

/** @throws Error for a field of the graph that nothing classifies */
export function printMatrix(schema: GraphQLSchema): string {
  const grounds = Object.entries(GROUNDS);
  return [
    '# Access matrix',
    '',
    'Printed from the rules by `UPDATE_DOCS=1 npx jest test/access/matrix`, and compared with them by the same test: a',
    'change of who may see or do what is a change of this file. What the words mean is in [access.md](access.md).',
    '',
    FACTS_TITLE,
    '',
    table(
      ['role', 'class', ...grounds.map(([name]) => name)],
      ROLES.flatMap((role) =>
        FIELD_CLASSES.map((each) => [role, each, ...grounds.map(([, stated]) => reach(role, each, stated))]),
      ),
    ),
    '',
    '## Personal data: who sees it unmasked',
    '',
    'In its divisions only; outside of them it is masked for everybody.',
    '',
    table(
      ['role', ...PERSONAL_KINDS],
      ROLES.map((role) => [role, ...PERSONAL_KINDS.map((kind) => unmasked(role, kind))]),
    ),
    '',
    '## Acts: who may do what',
    '',
    table(
      ['act', ...ROLES],
      ACTIONS.map((action) => [action, ...ROLES.map((role) => acts(role, action))]),
    ),
    '',
    '## Questions to departments: of which class they are',
    '',
    table(
      ['question', 'class', 'at the register', 'for all others'],
      (Object.keys(READ_RULES) as ReadName[]).map((read) => {
        const { fieldClass, atRegister = fieldClass } = READ_RULES[read];
        return [read, fieldClass, atRegister, hasPublished(read) ? 'what is published' : '-'];
      }),
    ),
    '',
    '## Fields',
    '',
    table(
      ['field', 'class', 'guarded by'],
      classifyFields(schema)
        .map(({ path, fieldClass, rule }) => [path, fieldClass, ruleOf(rule)])
        .sort(([a = ''], [b = '']) => (a < b ? -1 : 1)),
    ),
    '',
  ].join('\n');
}

/** The cells of a table, by its title: one record per row, by the names of the columns. */
export function readTable(text: string, title: string): readonly Readonly<Record<string, string>>[] {
  const [, after = ''] = text.split(`${title}\n`);
  const lines =
    after
      .split('\n##')[0]
      ?.split('\n')
      .filter((line) => line.startsWith('|')) ?? [];
  const [head = [], , ...rows] = lines.map((line) => line.slice(2, -2).split(' | '));
  return rows.map((cells) => Object.fromEntries(head.map((name, index) => [name, cells[index] ?? ''])));
}
