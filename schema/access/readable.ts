/** The policy's own words as conditions of the store: what of a list a caller may read. */
import type { Caller } from './caller.ts';
import { demandEver, PROVINCE_DIGITS, reachOf, type Action } from './policy.ts';

export type Condition = Readonly<Record<string, unknown>>;

/** Codes that begin with a prefix. @param field where the region stands, e.g. "subject.regionCode" */
export const withinRegion = (field: string, prefix: string): Condition => ({
  [field]: { $gte: prefix, $lt: `${prefix}\uffff` },
});

/**
 * What `may(caller, action, ...)` lets the caller read.
 * @param departmentFields where the departments stand that are concerned
 * @throws HubError of the policy for a caller that may read none
 */
export function readableUnder(
  caller: Caller,
  action: Action,
  departmentFields: readonly string[],
  regionField: string,
): Condition {
  demandEver(caller, action);
  const { departmentId, regions } = caller;
  const own: Condition[] = departmentId === null ? [] : departmentFields.map((field) => ({ [field]: departmentId }));
  const regional =
    reachOf(caller, action) === 'ANY'
      ? regions.flatMap((prefix) => [
          withinRegion(regionField, prefix),
          ...(prefix.length <= PROVINCE_DIGITS ? [{ [regionField]: null }] : []),
        ])
      : [];
  const any = [...own, ...regional];
  return any.length === 0 ? { _id: { $in: [] } } : { $or: any };
}
