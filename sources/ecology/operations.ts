/** What is asked of the platform, as documents for its Mesh schema. The operation's name is also its jkid. */
import { parse, type DocumentNode } from 'graphql';

export type ReadOperationName =
  | 'downInspSynctime'
  | 'downStationInfo'
  | 'downInspStmDevice'
  | 'downInspTestingResultInfo'
  | 'downInspProcess'
  | 'downInspReportInfo'
  | 'downPunishInfo';

/** Extensions of the province: what changed, by the time of upload. */
export type ChangeOperationName =
  | 'downStationChange'
  | 'downInspStmDeviceChange'
  | 'downInspTestingResultChange'
  | 'downInspReportChange'
  | 'downPunishChange';

/** Elements of a body, one of which holds the record. */
export type RecordElement = 'station' | 'line' | 'device' | 'insp' | 'task' | 'process' | 'report' | 'punish' | 'sync';

export interface Operation {
  readonly name: ReadOperationName | ChangeOperationName;
  readonly elements: readonly RecordElement[];
  readonly document: DocumentNode;
}

/**
 * @param conditionType name of the condition's input type in the Mesh schema, see schema.json
 * @param resultFields what a result has beside its condition and its records
 */
function operation(
  name: Operation['name'],
  conditionType: string,
  elements: readonly RecordElement[],
  resultFields = '',
): Operation {
  const document = parse(`
    query ${name}($address: String!, $conditions: [${conditionType}]!) {
      ${name}(address: $address, input: { jkid: "${name}", data: [{ body: $conditions }] }) {
        code
        result { conditionno ${resultFields} body { ${elements.join(' ')} } }
      }
    }`);
  return { name, elements, document };
}

function changesOf(name: ChangeOperationName, elements: readonly RecordElement[]): Operation {
  return operation(name, 'EcologyChangeCondition_Input', elements, 'total lasttime lastid');
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

export const CHANGES = {
  stations: changesOf('downStationChange', ['station']),
  devices: changesOf('downInspStmDeviceChange', ['line', 'device']),
  tests: changesOf('downInspTestingResultChange', ['insp', 'task']),
  reports: changesOf('downInspReportChange', ['report']),
  penalties: changesOf('downPunishChange', ['punish']),
} as const;
