/**
 * LLM calls get a table of their own, requests know how sure their cost is. What is there already is derived anew from the
 * stored spans; see `migrations/backfill-llm-calls.ts`.
 */
export const LLM_CALLS_SCHEMA = `
-- Derived: one row per finished LLM call, NULL where nobody stated a figure. request_start_ns is the start of its request, or its own
-- when it has none: statistics of a scope need no join. The cost here is the one that counts: that in the span's body is of the time it came.
CREATE TABLE data.llm_calls (
  trace_id UUID, span_id UBIGINT, request_id VARCHAR, start_ns BIGINT, end_ns BIGINT, duration_ms DOUBLE, status VARCHAR, error_type VARCHAR,
  provider VARCHAR, model VARCHAR, request_model VARCHAR, operation VARCHAR, stream BOOLEAN, ttft_ms DOUBLE,
  input_tokens BIGINT, output_tokens BIGINT, cache_read_tokens BIGINT, cache_write_tokens BIGINT, cache_write_1h_tokens BIGINT,
  reasoning_tokens BIGINT, audio_input_tokens BIGINT, audio_output_tokens BIGINT, image_input_tokens BIGINT, image_output_tokens BIGINT,
  stated_total_tokens BIGINT, usage_source VARCHAR, cache_added BOOLEAN, service_tier VARCHAR,
  cost_usd DOUBLE, cost_source VARCHAR, cost_estimated BOOLEAN, price_key VARCHAR, price_date VARCHAR, elsewhere_usd DOUBLE, elsewhere_key VARCHAR,
  request_start_ns BIGINT
);

-- NULL in rows of before is false and 0. No defaults: the engine cannot commit two columns with one to a table that has rows.
ALTER TABLE data.requests ADD COLUMN usage_estimated BOOLEAN;
ALTER TABLE data.requests ADD COLUMN cost_estimated BOOLEAN;
ALTER TABLE data.requests ADD COLUMN unpriced_call_count INTEGER;

CREATE OR REPLACE VIEW main.requests AS SELECT
  request_id, replace(trace_id::VARCHAR, '-', '') AS trace_id, parent_request_id, coalesce(name, '') AS name, coalesce(service_name, '') AS service_name,
  make_timestamp(start_ns // 1000) AS start_time, make_timestamp(end_ns // 1000) AS end_time, duration_ms, status, modality,
  coalesce(model, '') AS model, coalesce(provider, '') AS provider, stream, coalesce(user_id, '') AS user_id,
  coalesce(session_id, '') AS session_id,
  CASE WHEN tags IS NULL THEN []::VARCHAR[] ELSE string_split(trim(tags, chr(31)), chr(31)) END AS tags,
  request_size_bytes, response_size_bytes, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens,
  reasoning_tokens, coalesce(usage_estimated, false) AS usage_estimated, cost_usd, coalesce(cost_estimated, false) AS cost_estimated,
  coalesce(unpriced_call_count, 0) AS unpriced_calls, ttft_ms AS time_to_first_token_ms, llm_call_count, span_count,
  coalesce(error_type, '') AS error_type, coalesce(error_message, '') AS error_message,
  coalesce(error_fingerprint, '') AS error_fingerprint, coalesce(input_preview, '') AS input_preview,
  coalesce(output_preview, '') AS output_preview, CASE WHEN json_valid(custom_data) THEN custom_data::JSON ELSE to_json(custom_data) END AS custom_data
FROM data.requests;
COMMENT ON VIEW main.requests IS 'One row per request, newest data last; times are UTC, durations in milliseconds.';
COMMENT ON COLUMN main.requests.cost_usd IS 'NULL when no cost is known; partial when unpriced_calls is not 0.';

CREATE VIEW main.llm_calls AS SELECT
  replace(trace_id::VARCHAR, '-', '') AS trace_id, lpad(lower(to_hex(span_id)), 16, '0') AS span_id, coalesce(request_id, '') AS request_id,
  make_timestamp(start_ns // 1000) AS start_time, make_timestamp(end_ns // 1000) AS end_time, duration_ms, status,
  coalesce(error_type, '') AS error_type, coalesce(provider, '') AS provider, coalesce(model, '') AS model,
  coalesce(request_model, '') AS request_model, operation, stream, ttft_ms AS time_to_first_token_ms,
  output_tokens * 1000 / nullif(greatest(duration_ms - CASE WHEN stream THEN coalesce(ttft_ms, 0) ELSE 0 END, 0), 0) AS tokens_per_second,
  input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, cache_write_1h_tokens, reasoning_tokens, audio_input_tokens,
  audio_output_tokens, image_input_tokens, image_output_tokens, stated_total_tokens, coalesce(usage_source, '') AS usage_source,
  coalesce(service_tier, '') AS service_tier, cost_usd, coalesce(cost_source, '') AS cost_source, coalesce(cost_estimated, false) AS cost_estimated,
  coalesce(price_key, '') AS price_key, coalesce(price_date, '') AS price_date, elsewhere_usd, coalesce(elsewhere_key, '') AS elsewhere_key
FROM data.llm_calls;
COMMENT ON VIEW main.llm_calls IS 'One row per finished LLM call; times are UTC, durations in milliseconds, NULL where nobody stated a figure.';
COMMENT ON COLUMN main.llm_calls.tokens_per_second IS 'Output tokens by the time after the first token of a stream, else by the whole duration.';
COMMENT ON COLUMN main.llm_calls.cost_usd IS 'NULL when the cost is not known.';
`;
