/** LLM calls know what they are billed for beside tokens; those of before stated none. */
export const BILLED_UNITS_SCHEMA = `
-- JSON by the names of the model's UNIT_NAMES, with image_size, image_quality and units_source. NULL where nobody stated any.
ALTER TABLE data.llm_calls ADD COLUMN units VARCHAR;

CREATE OR REPLACE VIEW main.llm_calls AS SELECT
  replace(trace_id::VARCHAR, '-', '') AS trace_id, lpad(lower(to_hex(span_id)), 16, '0') AS span_id, coalesce(request_id, '') AS request_id,
  make_timestamp(start_ns // 1000) AS start_time, make_timestamp(end_ns // 1000) AS end_time, duration_ms, status,
  coalesce(error_type, '') AS error_type, coalesce(provider, '') AS provider, coalesce(model, '') AS model,
  coalesce(request_model, '') AS request_model, operation, stream, ttft_ms AS time_to_first_token_ms,
  output_tokens * 1000 / nullif(greatest(duration_ms - CASE WHEN stream THEN coalesce(ttft_ms, 0) ELSE 0 END, 0), 0) AS tokens_per_second,
  input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, cache_write_1h_tokens, reasoning_tokens, audio_input_tokens,
  audio_output_tokens, image_input_tokens, image_output_tokens, stated_total_tokens, coalesce(usage_source, '') AS usage_source,
  coalesce(service_tier, '') AS service_tier, cost_usd, coalesce(cost_source, '') AS cost_source, coalesce(cost_estimated, false) AS cost_estimated,
  coalesce(price_key, '') AS price_key, coalesce(price_date, '') AS price_date, elsewhere_usd, coalesce(elsewhere_key, '') AS elsewhere_key,
  try_cast(units AS JSON) AS billed_units
FROM data.llm_calls;
COMMENT ON VIEW main.llm_calls IS 'One row per finished LLM call; times are UTC, durations in milliseconds, NULL where nobody stated a figure.';
COMMENT ON COLUMN main.llm_calls.tokens_per_second IS 'Output tokens by the time after the first token of a stream, else by the whole duration.';
COMMENT ON COLUMN main.llm_calls.cost_usd IS 'NULL when the cost is not known.';
COMMENT ON COLUMN main.llm_calls.billed_units IS 'What the call is billed for beside tokens, such as output_images, input_seconds or search_units; NULL when nobody stated any.';
`;
