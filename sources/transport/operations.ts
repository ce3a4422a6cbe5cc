/** What the hub asks of the exchange database, one statement each (tables.sql). Columns are those of wire.ts. */
import { parse } from 'graphql';
import { PenaltyWire, StationWire, TestWire } from './wire.ts';

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

/** One row of the smallest table. */
export const PING = parse(`
  query ping {
    rows: QZ_JCJG(conditions: [{ limit: 1 }]) { ID }
  }`);
