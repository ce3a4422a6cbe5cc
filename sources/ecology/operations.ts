/** What is asked of the platform, as documents for its Mesh schema. The operation's name is also its jkid. */
import { parse, type DocumentNode } from 'graphql';

export type OperationName =
  | 'downInspSynctime'
  | 'downStationInfo'
  | 'downInspStmDevice'
  | 'downInspTestingResultInfo'
  | 'downInspProcess'
  | 'downInspReportInfo'
  | 'downPunishInfo';

/** Elements of a body, one of which holds the record. */
export type RecordElement = 'station' | 'line' | 'device' | 'insp' | 'task' | 'process' | 'report' | 'punish' | 'sync';

export interface Operation {
  readonly name: OperationName;
  readonly elements: readonly RecordElement[];
  readonly document: DocumentNode;
}

/** @param conditionType name of the condition's input type in the Mesh schema, see schema.json */
function operation(name: OperationName, conditionType: string, elements: readonly RecordElement[]): Operation {
  const document = parse(`
    query ${name}($address: String!, $code: String!, $conditions: [${conditionType}]!) {
      ${name}(address: $address, input: { jkid: "${name}", jksqm: $code, data: [{ body: $conditions }] }) {
        code
        result { conditionno body { ${elements.join(' ')} } }
      }
    }`);
  return { name, elements, document };
}

export const OPERATIONS = {
  synctime: operation('downInspSynctime', 'EcologySyncCondition_Input', ['sync']),
  stations: operation('downStationInfo', 'EcologyStationCondition_Input', ['station']),
  devices: operation('downInspStmDevice', 'EcologyDeviceCondition_Input', ['line', 'device']),
  tests: operation('downInspTestingResultInfo', 'EcologyInspCondition_Input', ['insp', 'task']),
  process: operation('downInspProcess', 'EcologyProcessCondition_Input', ['process']),
  reports: operation('downInspReportInfo', 'EcologyReportCondition_Input', ['report']),
  penalties: operation('downPunishInfo', 'EcologyPunishCondition_Input', ['punish']),
} as const;
