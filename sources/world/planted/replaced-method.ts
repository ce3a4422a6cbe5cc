import type { WorldCapability } from '../types.ts';

/** A method that INST-C still has in its scope, years after its successor came into force. */
export const REPLACED_METHOD: WorldCapability = {
  itemNumber: '2.5',
  object: '固定污染源废气',
  parameter: '非甲烷总烃',
  standard: 'HJ/T 38-1999',
  restriction: null,
  site: '示例路3号',
};
