import type { BilledUnits, UsageSource } from '@vedetta/model';
import { readUnits, UNIT_NAMES } from '@vedetta/model';

/** What a call is billed for beside tokens, as far as it is known. Numbers from 0; seconds may be fractions. */
export interface LlmUnits {
  /** Pictures that were read. */
  readonly inputImages?: number;
  /** Pictures that were made. */
  readonly outputImages?: number;
  /** Of the pictures made: `1024x1024`. */
  readonly imageSize?: string;
  /** Of the pictures made: `hd`, `low`... */
  readonly imageQuality?: string;
  /** Seconds of audio or video. */
  readonly inputSeconds?: number;
  readonly outputSeconds?: number;
  /** Unicode code points. */
  readonly inputCharacters?: number;
  readonly outputCharacters?: number;
  /** Searches of a ranking, as its provider bills them. */
  readonly searchUnits?: number;
  /** Searches of the web, on top of tokens. */
  readonly webSearches?: number;
  readonly pages?: number;
}

/** Members of {@link LlmUnits} by their names in attributes. */
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
