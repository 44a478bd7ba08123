/**
 * Metric samples: series by number, and of each its chunks (packed as `samples/sample-chunk.ts` says). Rows come in the order in
 * which chunks are complete, so that the engine's zone maps prune by time. Labels are a JSON array of pairs, sorted by name.
 */
export const SAMPLES_SCHEMA = `
CREATE TABLE data.series (series_id INTEGER, labels VARCHAR);
CREATE TABLE data.sample_chunks (series_id INTEGER, first_ms BIGINT, last_ms BIGINT, samples INTEGER, chunk BLOB);
`;
