/** GraphQL attacks by the text of a document. */

/** What comes where an attack does no harm; else the code of the first error. */
export const SERVED = 'served';
export type Outcome = string;

export interface DocumentAttack {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
  readonly outcome: Outcome;
}

const times = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');
const nested = (depth: number, open: string, inner: string): string =>
  `${`${open} { `.repeat(depth)}${inner}${' }'.repeat(depth)}`;

const CODE = '91520115MAYDM00198';
const INTO_ITSELF = 'notices { edges { node { subject {';

export const DOCUMENT_ATTACKS: Readonly<Record<string, DocumentAttack>> = {
  'a thousand aliases of one field': {
    query: `{ ${times(1_000, (index) => `a${index}: me { subject }`)} }`,
    outcome: 'DOCUMENT_LIMIT',
  },
  'aliases below one field': {
    query: `{ institution(creditCode: "${CODE}") { ${times(31, (index) => `p${index}: penalties { totalCount }`)} } }`,
    outcome: 'DOCUMENT_LIMIT',
  },
  'aliases hidden in fragments': {
    query: `{ institution(creditCode: "${CODE}") { ...A ...A ...A ...A } } fragment A on Institution { ${times(8, (index) => `p${index}: name`)} }`,
    outcome: 'DOCUMENT_LIMIT',
  },
  'report numbers guessed under aliases': {
    query: `{ ${times(40, (index) => `r${index}: verifyReport(number: "52011500000${index}") { verdict }`)} }`,
    outcome: 'DOCUMENT_LIMIT',
  },
  'as many guesses as aliases are allowed': {
    query: `{ ${times(11, (index) => `r${index}: verifyReport(number: "52011500000${index}") { verdict }`)} }`,
    outcome: 'DOCUMENT_LIMIT',
  },
  'guesses that are few in number and many in calls': {
    query: `{ ${times(10, (index) => `r${index}: verifyReport(number: "52011500000${index}") { verdict }`)} }`,
    outcome: 'COST_LIMIT',
  },
  'directives without end on one field': {
    query: `{ me ${'@include(if: true) '.repeat(31)} { subject } }`,
    outcome: 'DOCUMENT_LIMIT',
  },
  'one directive twice': {
    query: '{ me @include(if: true) @include(if: true) { subject } }',
    outcome: 'GRAPHQL_VALIDATION_FAILED',
  },
  'unknown directives': { query: `{ me ${'@evil '.repeat(30)} { subject } }`, outcome: 'GRAPHQL_VALIDATION_FAILED' },
  'directives on every selection': {
    query: `{ ${times(31, () => '... @skip(if: true) { me { subject } }')} }`,
    outcome: 'DOCUMENT_LIMIT',
  },
  'deferred fragments': { query: '{ ... @defer { me { subject } } }', outcome: 'GRAPHQL_VALIDATION_FAILED' },
  'streamed lists': { query: '{ departments @stream { id } }', outcome: 'GRAPHQL_VALIDATION_FAILED' },
  'a fragment within itself': { query: '{ ...A } fragment A on Query { ...A }', outcome: 'GRAPHQL_VALIDATION_FAILED' },
  'two fragments within each other': {
    query: '{ ...A } fragment A on Query { me { subject } ...B } fragment B on Query { ...A }',
    outcome: 'GRAPHQL_VALIDATION_FAILED',
  },
  'a circle of fragments through a field': {
    query: `{ institution(creditCode: "${CODE}") { ...A } } fragment A on Institution { ${INTO_ITSELF} ...A } } } } }`,
    outcome: 'GRAPHQL_VALIDATION_FAILED',
  },
  'a circle of a hundred fragments': {
    query: `{ ...F0 } ${times(100, (index) => `fragment F${index} on Query { ...F${(index + 1) % 100} }`)}`,
    outcome: 'GRAPHQL_VALIDATION_FAILED',
  },
  'a fragment bomb': {
    query: `{ ...F0 } ${times(60, (index) => `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} }`)} fragment F60 on Query { me { subject } }`,
    outcome: 'DOCUMENT_LIMIT',
  },
  'a fragment bomb of empty directives': {
    query: `{ ...F0 } ${times(12, (index) => `fragment F${index} on Query { ...F${index + 1} @skip(if: true) ...F${index + 1} @skip(if: true) }`)} fragment F12 on Query { me { subject } }`,
    outcome: 'DOCUMENT_LIMIT',
  },
  'fragments that nobody uses': {
    query: `{ me { subject } } ${times(90, (index) => `fragment U${index} on Query { me { subject } }`)}`,
    outcome: 'GRAPHQL_VALIDATION_FAILED',
  },
  'objects within each other without end': {
    query: `{ institution(creditCode: "${CODE}") { ${INTO_ITSELF} ${INTO_ITSELF} ${INTO_ITSELF} ${INTO_ITSELF} name ${'} '.repeat(18)}`,
    outcome: 'DOCUMENT_LIMIT',
  },
  'brackets deeper than any stack': { query: `{ ${'a { '.repeat(8_000)}`, outcome: 'DOCUMENT_LIMIT' },
  'nameless fragments within each other': {
    query: nested(300, '...', 'me { subject }').replace(/^\.\.\. /, ''),
    outcome: SERVED,
  },
  'lists within lists': {
    query: `{ institutions(first: ${'['.repeat(900)}${']'.repeat(900)}) { totalCount } }`,
    outcome: 'GRAPHQL_VALIDATION_FAILED',
  },
  'one field a thousand times': { query: `{ ${'me { subject } '.repeat(400)} }`, outcome: 'DOCUMENT_LIMIT' },
  'one field as often as it may be': {
    query: `{ me { ${'subject '.repeat(900)} } }`,
    outcome: 'GRAPHQL_VALIDATION_FAILED',
  },
  'equal fields whose merging is quadratic': {
    query: `{ ${times(10, () => `me { ${'subject '.repeat(90)} }`)} }`,
    outcome: 'GRAPHQL_VALIDATION_FAILED',
  },
  'fields that contradict each other': {
    query: `{ ${times(10, (index) => `institution(creditCode: "${index}") { name }`)} }`,
    outcome: 'GRAPHQL_VALIDATION_FAILED',
  },
  'introspection that goes in circles': {
    query: '{ __schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }',
    outcome: 'GRAPHQL_VALIDATION_FAILED',
  },
  'introspection deeper than it has to be': {
    query: `{ __schema { types { fields { type { ${nested(12, 'ofType', 'name')} } } } } }`,
    outcome: 'DOCUMENT_LIMIT',
  },
  'the whole schema under many names': {
    query: `{ ${times(11, (index) => `s${index}: __schema { types { name } }`)} }`,
    outcome: 'DOCUMENT_LIMIT',
  },
  'a comment of half a megabyte': { query: `{ me { subject } } # ${'x'.repeat(500_000)}`, outcome: 'DOCUMENT_LIMIT' },
  'commas without end': { query: `{ me ${','.repeat(500_000)} { subject } }`, outcome: 'DOCUMENT_LIMIT' },
  'tokens without end': { query: `{ ${'a '.repeat(10_000)} }`, outcome: 'DOCUMENT_LIMIT' },
  'a name of thirty thousand characters': { query: `{ ${'x'.repeat(30_000)} }`, outcome: 'GRAPHQL_VALIDATION_FAILED' },
  'an operation with such a name': { query: `query ${'x'.repeat(30_000)} { me { subject } }`, outcome: SERVED },
  'a block string whose indentation takes long to find': {
    query: `{ certificate(number: """${'\n          x'.repeat(2_500)}""") { number } }`,
    outcome: SERVED,
  },
  'a text that is too long': {
    query: 'query ($n: String!) { certificate(number: $n) { number } }',
    variables: { n: '9'.repeat(900_000) },
    outcome: 'DOCUMENT_LIMIT',
  },
  'errors without end': {
    query: `{ me { ${times(500, (index) => `no${index}`)} } }`,
    outcome: 'GRAPHQL_VALIDATION_FAILED',
  },
  'variables without end': {
    query: `query (${times(300, (index) => `$v${index}: Int`)}) { me { subject } }`,
    outcome: 'GRAPHQL_VALIDATION_FAILED',
  },
  'a page of minus one': { query: '{ institutions(first: -1) { totalCount } }', outcome: 'INPUT_INVALID' },
  'a page of everything': { query: '{ institutions(first: 2147483647) { totalCount } }', outcome: 'COST_LIMIT' },
  'a page beyond all numbers': {
    query: '{ institutions(first: 2147483648) { totalCount } }',
    outcome: 'GRAPHQL_VALIDATION_FAILED',
  },
  'a number of a thousand digits': {
    query: `{ institutions(first: ${'9'.repeat(1_000)}) { totalCount } }`,
    outcome: 'GRAPHQL_VALIDATION_FAILED',
  },
  'a number that is none': {
    query: '{ institutions(first: 1e999) { totalCount } }',
    outcome: 'GRAPHQL_VALIDATION_FAILED',
  },
  'pages in pages': {
    query:
      '{ institutions(first: 100) { edges { node { inspections(first: 100) { edges { node { id } } } reports(first: 100) { edges { node { number } } } notices(first: 100) { totalCount } } } } }',
    outcome: 'COST_LIMIT',
  },
  'all that departments hold, many times over': {
    query: `{ ${times(10, (index) => `r${index}: verifyReport(number: "${index}") { report { institution { facilities { kind } } } }`)} }`,
    outcome: 'COST_LIMIT',
  },
  'two operations of one name': {
    query: 'query A { me { subject } } query A { departments { id } }',
    operationName: 'A',
    outcome: 'GRAPHQL_VALIDATION_FAILED',
  },
  'two operations and neither is meant': {
    query: 'query A { me { subject } } query B { departments { id } }',
    outcome: 'OPERATION_RESOLUTION_FAILURE',
  },
  'an operation that is not there': {
    query: 'query A { me { subject } }',
    operationName: '__proto__',
    outcome: 'OPERATION_RESOLUTION_FAILURE',
  },
  'a nameless operation beside another': {
    query: '{ me { subject } } query B { me { subject } }',
    operationName: 'B',
    outcome: 'GRAPHQL_VALIDATION_FAILED',
  },
  'a subscription where queries are answered': {
    query: 'subscription { noticeEvents { cursor } }',
    outcome: 'UNSUPPORTED',
  },
  'definitions of types': {
    query: 'type Query { evil: Int } extend type Institution { evil: Int }',
    outcome: 'GRAPHQL_VALIDATION_FAILED',
  },
  'definitions beside an operation': {
    query: '{ me { subject } } scalar CreditCode',
    outcome: 'GRAPHQL_VALIDATION_FAILED',
  },
  'a document of comments': { query: '# nothing\n'.repeat(100), outcome: 'GRAPHQL_PARSE_FAILED' },
  'a document of blanks': { query: ' '.repeat(1_000), outcome: 'GRAPHQL_PARSE_FAILED' },
  'a zero byte in the text': { query: '{ me\u0000 { subject } }', outcome: 'GRAPHQL_PARSE_FAILED' },
  'a zero byte in a literal': { query: '{ certificate(number: "1\\u0000") { number } }', outcome: 'INPUT_INVALID' },
  'a zero byte in a variable': {
    query: 'query ($n: String!) { certificate(number: $n) { number } }',
    variables: { n: '1\u0000; DROP' },
    outcome: 'INPUT_INVALID',
  },
  'half a character in a literal': {
    query: '{ certificate(number: "\\ud800") { number } }',
    outcome: 'GRAPHQL_PARSE_FAILED',
  },
  'half a character in a variable': {
    query: 'query ($n: String!) { certificate(number: $n) { number } }',
    variables: { n: '\ud800' },
    outcome: 'INPUT_INVALID',
  },
  'a character beyond Unicode': {
    query: '{ certificate(number: "\\u{110000}") { number } }',
    outcome: 'GRAPHQL_PARSE_FAILED',
  },
  'brackets of full width': { query: '\uff5b me \uff5b subject \uff5d \uff5d', outcome: 'GRAPHQL_PARSE_FAILED' },
  'a name in letters that only look Latin': { query: '{ mе { subject } }', outcome: 'GRAPHQL_PARSE_FAILED' },
  'characters that turn the reading direction': { query: '{ \u202eem { subject } }', outcome: 'GRAPHQL_PARSE_FAILED' },
  'blanks of no width within a name': { query: '{ m\u200be { subject } }', outcome: 'GRAPHQL_PARSE_FAILED' },
  'a credit code with a Cyrillic letter': {
    query: '{ institution(creditCode: "91520115МAYDM00198") { name } }',
    outcome: 'INPUT_INVALID',
  },
  'an alias called __proto__': { query: '{ __proto__: me { subject } }', outcome: SERVED },
  'aliases called like what objects have': {
    query:
      '{ constructor: me { subject } toString: me { subject } hasOwnProperty: me { subject } then: me { subject } }',
    outcome: SERVED,
  },
  'a variable called __proto__': {
    query: 'query ($__proto__: Int) { institutions(first: $__proto__) { totalCount } }',
    outcome: SERVED,
  },
  'a field called __proto__': { query: '{ __proto__ { subject } constructor }', outcome: 'GRAPHQL_VALIDATION_FAILED' },
  'an object where a code is due': {
    query: '{ institution(creditCode: { gt: "" }) { name } }',
    outcome: 'INPUT_INVALID',
  },
  'an operator of the store in a variable': {
    query: 'query ($code: CreditCode!) { institution(creditCode: $code) { name } }',
    variables: { code: { $ne: null } },
    outcome: 'INPUT_INVALID',
  },
  'an operator of the store in a filter': {
    query: 'query ($filter: InstitutionFilter) { institutions(filter: $filter) { totalCount } }',
    variables: { filter: { text: { $regex: '.*' }, $where: 'sleep(1000)' } },
    outcome: 'BAD_USER_INPUT',
  },
  'a list too long': {
    query: 'query ($kinds: [InstitutionKind!]) { institutions(filter: { kinds: $kinds }) { totalCount } }',
    variables: { kinds: Array.from({ length: 10_000 }, () => 'VEHICLE_INSPECTION_BODY') },
    outcome: 'DOCUMENT_LIMIT',
  },
  'variables nested without end': {
    query: 'query ($filter: InstitutionFilter) { institutions(filter: $filter) { totalCount } }',
    variables: { filter: JSON.parse(`${'{"a":'.repeat(1_000)}1${'}'.repeat(1_000)}`) as unknown },
    outcome: 'DOCUMENT_LIMIT',
  },
  'a value that is repeated in the error': {
    query: 'query ($kind: InstitutionKind!) { institutions(filter: { kinds: [$kind] }) { totalCount } }',
    variables: { kind: 'x'.repeat(19_000) },
    outcome: 'BAD_USER_INPUT',
  },
};
