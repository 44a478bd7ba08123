import type { SampleTier, ThinnedCounts } from '../api/sample-store.js';
import type { ChunkTable } from './chunk-table.js';
import { decodeChunk } from './decode-chunk.js';
import type { Labels } from './labels.js';
import { thinOut } from './thin-out.js';
import { decodeThinned, encodeThinned } from './tier-chunk.js';

/** Windows of a block, whose samples become one chunk a series: as many as a chunk of fresh samples has. */
const WINDOWS_A_BLOCK = 288;
/** A chunk of fresh samples that begins in a block ends so much later at most. */
const CHUNK_SPAN_MS = 2 * 60 * 60_000;

/** What thinning out works with. */
export interface ThinOutParts {
  readonly table: ChunkTable;
  readonly tiers: readonly SampleTier[];
  readonly nowMs: number;
  readonly labelsOf: (seriesId: number) => Labels;
  /** Asked between two steps. */
  readonly isStopped: () => boolean;
}

/** Brings what is old enough to each tier, from the tier before it, block by block, oldest first. */
export async function thinOutTiers({ table, tiers, nowMs, labelsOf, isStopped }: ThinOutParts): Promise<ThinnedCounts> {
  const total = { samplesBefore: 0, samplesAfter: 0 };
  for (const [i, { ageMs, windowMs }] of tiers.entries()) {
    // From every smaller width: a tier may have been left out of the settings since.
    for (const fromWindowMs of [0, ...tiers.slice(0, i).map((tier) => tier.windowMs)]) {
      const blockMs = windowMs * WINDOWS_A_BLOCK;
      const beforeMs = nowMs - ageMs;
      for (let afterMs = Number.NEGATIVE_INFINITY; ; ) {
        const oldestMs = await table.oldest(fromWindowMs, beforeMs, afterMs);
        if (oldestMs === undefined) break;
        const fromMs = Math.floor(oldestMs / blockMs) * blockMs;
        const toMs = fromMs + blockMs;
        if (toMs + CHUNK_SPAN_MS > beforeMs) break;
        const block = { windowMs: fromWindowMs, toWindowMs: windowMs, fromMs, toMs };
        for (let nextId = 0; ; ) {
          if (isStopped()) return total;
          const step = await table.replace(block, nextId, (seriesId, chunks) =>
            thinSeries(seriesId, labelsOf(seriesId), chunks, block),
          );
          if (step === undefined) break;
          total.samplesBefore += step.samplesBefore;
          total.samplesAfter += step.samplesAfter;
          nextId = step.nextId;
        }
        afterMs = toMs;
      }
    }
  }
  return total;
}

function thinSeries(
  seriesId: number,
  labels: Labels,
  chunks: readonly Uint8Array[],
  { windowMs, toWindowMs }: { readonly windowMs: number; readonly toWindowMs: number },
) {
  const parts = chunks.map((chunk) =>
    windowMs === 0 ? { kept: decodeChunk(chunk), aggregates: undefined } : decodeThinned(chunk),
  );
  const thinned = thinOut(labels, parts, toWindowMs);
  const { timestampsMs } = thinned.kept;
  return {
    seriesId,
    firstMs: timestampsMs[0] ?? 0,
    lastMs: timestampsMs.at(-1) ?? 0,
    count: timestampsMs.length,
    bytes: encodeThinned(thinned),
  };
}
