import type { Usage } from '@vedetta/model';

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

/** The sum of counts, `undefined` when the first is unknown; unknown others count as 0. */
export function sumOf(first: number | undefined, ...others: readonly (number | undefined)[]): number | undefined {
  return first === undefined ? undefined : others.reduce<number>((sum, count) => sum + (count ?? 0), first);
}
