/** What the hub asks of the exchange database, one statement each (tables.sql). Columns are those of wire.ts. */
import { parse, type DocumentNode } from 'graphql';
import {
  AnswerWire,
  PenaltyChangeWire,
  PenaltyWire,
  StationChangeWire,
  StationWire,
  TestChangeWire,
  TestWire,
} from './wire.ts';

const columnsOf = (wire: { readonly shape: object }): string => Object.keys(wire.shape).join(' ');

/** Stations. Variables: conditions. */
export const STATIONS = parse(`
  query stations($conditions: [QZ_JCJG_Condition!]!) {
    rows: QZ_JCJG(conditions: $conditions, newestFirst: GXSJ) { ${columnsOf(StationWire)} }
  }`);

/** Tests and their reports, the newest first. Variables: conditions. */
export const TESTS = parse(`
  query tests($conditions: [QZ_CLJC_Condition!]!) {
    rows: QZ_CLJC(conditions: $conditions, newestFirst: JCRQ) { ${columnsOf(TestWire)} }
  }`);

/** Penalties. Variables: conditions. */
export const PENALTIES = parse(`
  query penalties($conditions: [QZ_XZCF_Condition!]!) {
    rows: QZ_XZCF(conditions: $conditions, newestFirst: GXSJ) { ${columnsOf(PenaltyWire)} }
  }`);

/** Tables that the hub follows and reports back on. */
export type FollowedTable = 'QZ_JCJG' | 'QZ_CLJC' | 'QZ_XZCF';

const changesOf = (table: FollowedTable | 'QZ_LHCJ_FK', wire: { readonly shape: object }): DocumentNode =>
  parse(`
  query changes(
    $since: String, $unread: Boolean!, $withdrawn: Boolean!, $hidden: ${table}_Values, $only: ${table}_Values,
    $keys: [String!], $after: ${table}_Place, $limit: Int!
  ) {
    rows: ${table}_changes(
      since: $since, unread: $unread, withdrawn: $withdrawn, hidden: $hidden, only: $only, keys: $keys,
      after: $after, limit: $limit
    ) { ${columnsOf(wire)} }
  }`);

/**
 * A page of the latest rows by time of the change. Variables: since, unread, withdrawn, hidden, only, keys, after,
 * limit.
 */
export const CHANGES: Readonly<Record<FollowedTable, DocumentNode>> = {
  QZ_JCJG: changesOf('QZ_JCJG', StationChangeWire),
  QZ_CLJC: changesOf('QZ_CLJC', TestChangeWire),
  QZ_XZCF: changesOf('QZ_XZCF', PenaltyChangeWire),
};

const markOf = (table: FollowedTable | 'QZ_LHCJ_FK'): DocumentNode =>
  parse(`
  mutation mark($marks: [${table}_Mark!]!) {
    written: ${table}_mark(marks: $marks)
  }`);

/** Sets SJZT. Variables: marks. */
export const MARK: Readonly<Record<FollowedTable, DocumentNode>> = {
  QZ_JCJG: markOf('QZ_JCJG'),
  QZ_CLJC: markOf('QZ_CLJC'),
  QZ_XZCF: markOf('QZ_XZCF'),
};

/** Adds feedback. Variables: rows. */
export const ADD_FEEDBACK = parse(`
  mutation addFeedback($rows: [QZ_FK_NewRow!]!) {
    written: QZ_FK_insert(rows: $rows)
  }`);

/** Adds notices. Variables: rows. */
export const ADD_NOTICES = parse(`
  mutation addNotices($rows: [QZ_LHCJ_TZ_NewRow!]!) {
    written: QZ_LHCJ_TZ_insert(rows: $rows)
  }`);

/** What the department answers to notices; variables as those of CHANGES and MARK. */
export const ANSWERS = changesOf('QZ_LHCJ_FK', AnswerWire);
export const MARK_ANSWERS = markOf('QZ_LHCJ_FK');

/** One row of the smallest table. */
export const PING = parse(`
  query ping {
    rows: QZ_JCJG(conditions: [{ limit: 1 }]) { ID }
  }`);
