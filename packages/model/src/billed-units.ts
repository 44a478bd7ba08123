import type { UsageSource } from './usage.js';

/** Counts of {@link BilledUnits} by their names in attributes, in the API and in SQL. */
export const UNIT_NAMES = {
  inputImages: 'input_images',
  outputImages: 'output_images',
  inputSeconds: 'input_seconds',
  outputSeconds: 'output_seconds',
  inputCharacters: 'input_characters',
  outputCharacters: 'output_characters',
  searchUnits: 'search_units',
  webSearches: 'web_searches',
  pages: 'pages',
} as const;

/** A count of {@link BilledUnits}. */
export type UnitCount = keyof typeof UNIT_NAMES;

/**
 * What a call is billed for beside tokens. Absent means that nobody said, which is not 0. Seconds are of audio or video and may be
 * fractions; characters are Unicode code points.
 */
export type BilledUnits = { readonly [K in UnitCount]?: number } & {
  /** Of the pictures made: `1024x1024`. Absent: the provider's default. */
  readonly imageSize?: string;
  /** Of the pictures made: `hd`, `low`, `medium`, `high`. Absent: the provider's default. */
  readonly imageQuality?: string;
  /** Where the counts come from. */
  readonly source: UsageSource;
};

/** What {@link BilledUnits} are in attributes (under `vedetta.usage.`), in the API and in SQL: names in snake case, unknown ones left out. */
export type UnitRecord = { readonly [name: string]: number | string };

const COUNTS = Object.entries(UNIT_NAMES) as readonly (readonly [UnitCount, string])[];
const TEXTS = [
  ['imageSize', 'image_size'],
  ['imageQuality', 'image_quality'],
] as const;
const SOURCE = 'units_source';
const SOURCES: ReadonlySet<unknown> = new Set(['reported', 'counted', 'estimated', 'supplied'] satisfies UsageSource[]);
/** A size or quality; anything else in their place, which may come from anywhere, is none. */
const WORD = /^[\w .:-]{1,40}$/;

/** Units as members in snake case; their source is the member `units_source`. */
export function toUnitRecord(units: BilledUnits): UnitRecord {
  const record: { [name: string]: number | string } = {};
  for (const [field, name] of [...COUNTS, ...TEXTS]) {
    const value = units[field];
    if (value !== undefined) record[name] = value;
  }
  record[SOURCE] = units.source;
  return record;
}

/**
 * Reads units by their names in snake case, whatever the values are: counts that are no numbers from 0, and texts that are no words,
 * are not there. `undefined` when there is no count. A source that is not known means `reported`.
 */
export function readUnits(read: (name: string) => unknown): BilledUnits | undefined {
  const units: { [name: string]: number | string } = {};
  let some = false;
  for (const [field, name] of COUNTS) {
    const value = read(name);
    if (typeof value !== 'number' || !(value >= 0 && value <= Number.MAX_SAFE_INTEGER)) continue;
    units[field] = value;
    some = true;
  }
  if (!some) return undefined;
  for (const [field, name] of TEXTS) {
    const value = read(name);
    if (typeof value === 'string' && WORD.test(value)) units[field] = value;
  }
  const source = read(SOURCE);
  units.source = SOURCES.has(source) ? (source as UsageSource) : 'reported';
  return units as unknown as BilledUnits;
}

/** Whether what a call used is more than its tokens tell; searches of the web alone come with a chat that is billed by tokens. */
export function isBilledByUnits(units: BilledUnits | undefined): boolean {
  return units !== undefined && COUNTS.some(([count]) => count !== 'webSearches' && units[count] !== undefined);
}
