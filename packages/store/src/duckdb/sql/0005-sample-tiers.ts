/**
 * Metric samples that were thinned out: chunks as `samples/tier-chunk.ts` says, by the width of their windows. A chunk is here or in
 * `sample_chunks`, never in both.
 */
export const SAMPLE_TIERS_SCHEMA = `
CREATE TABLE data.sample_tiers (
  series_id INTEGER, window_ms INTEGER, first_ms BIGINT, last_ms BIGINT, samples INTEGER, chunk BLOB
);
`;
