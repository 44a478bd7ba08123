import type { BilledUnits, UsageSource } from '@vedetta/model';
import { readUnits, UNIT_NAMES } from '@vedetta/model';

/** Members of `LlmUnits` by their names in attributes. */
const MEMBERS: ReadonlyMap<string, string> = new Map([
  ...Object.entries(UNIT_NAMES).map(([member, name]) => [name, member] as const),
  ['image_size', 'imageSize'],
  ['image_quality', 'imageQuality'],
]);

/** Units that the user's code gave, whatever they are; `undefined` when no count is among them. */
export function givenUnits(given: unknown, source: UsageSource): BilledUnits | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  const members = given as { readonly [name: string]: unknown };
  const units = readUnits((name) => members[MEMBERS.get(name) ?? '']);
  return units === undefined ? undefined : { ...units, source };
}
