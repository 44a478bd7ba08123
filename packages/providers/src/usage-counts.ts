import type { BilledUnits, Usage } from '@vedetta/model';

/** Counts of a {@link Usage}; `undefined` where the provider did not say. */
export type UsageCounts = {
  -readonly [K in keyof Usage as NonNullable<Usage[K]> extends number ? K : never]?: number | undefined;
};

const NAMES = [
  'inputTokens',
  'outputTokens',
  'cacheReadTokens',
  'cacheWriteTokens',
  'cacheWrite1hTokens',
  'reasoningTokens',
  'audioInputTokens',
  'audioOutputTokens',
  'imageInputTokens',
  'imageOutputTokens',
  'statedTotalTokens',
] as const satisfies readonly (keyof UsageCounts)[];

/** Usage as a provider reported it; `undefined` when it named no count at all. */
export function reportedUsage(counts: UsageCounts, cacheAdded = false): Usage | undefined {
  const usage: UsageCounts = {};
  let some = false;
  for (const name of NAMES) {
    const count = counts[name];
    if (count === undefined) continue;
    usage[name] = count;
    some = true;
  }
  if (!some) return undefined;
  return { ...(usage as Omit<Usage, 'source'>), source: 'reported', ...(cacheAdded ? { cacheAdded: true } : {}) };
}

/** What is known of {@link BilledUnits}; `undefined` where nobody said. */
export type KnownUnits = { -readonly [K in Exclude<keyof BilledUnits, 'source'>]?: BilledUnits[K] | undefined };

/** Usage with units that the provider reported beside its tokens, or without any; as it was when there is no count among them. */
export function withUnits(usage: Usage | undefined, units: KnownUnits): Usage | undefined {
  const members = Object.entries(units).filter(([, value]) => value !== undefined);
  if (!members.some(([, value]) => typeof value === 'number')) return usage;
  return { ...(usage ?? { source: 'reported' }), units: { ...Object.fromEntries(members), source: 'reported' } };
}

/** Characters of a text as providers count them: Unicode code points. */
export function characterCount(text: string): number {
  let count = text.length;
  for (let i = 1; i < text.length; i++) {
    if ((text.charCodeAt(i) & 0xfc00) === 0xdc00 && (text.charCodeAt(i - 1) & 0xfc00) === 0xd800) count--;
  }
  return count;
}

/** The sum of counts, `undefined` when the first is unknown; unknown others count as 0. */
export function sumOf(first: number | undefined, ...others: readonly (number | undefined)[]): number | undefined {
  return first === undefined ? undefined : others.reduce<number>((sum, count) => sum + (count ?? 0), first);
}
