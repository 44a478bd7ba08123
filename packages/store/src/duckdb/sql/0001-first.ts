/**
 * First schema. Tables live in `data`, what users query are the views of `main`.
 *
 * No table has a key or an index: they cost more on insert than a pruned scan costs on read (docs/adr/0002). Rows arrive
 * roughly in time order, so the engine's zone maps on `start_ns` prune by time.
 * Ids are kept in binary (UUID, UBIGINT), times as nanoseconds since the epoch, unknown values as NULL.
 */
export const FIRST_SCHEMA = `
CREATE SCHEMA data;

CREATE TABLE data.meta (key VARCHAR, value VARCHAR);

-- Resource and scope of senders, once per distinct content; a very old one may come again, so join one row an id.
CREATE TABLE data.origins (
  origin_id UBIGINT, service_name VARCHAR, scope_name VARCHAR, scope_version VARCHAR, resource VARCHAR
);

-- The truth: every span, once. The body is the bulk of the store: one compression given beats a trial of all of them at
-- each checkpoint four times, and this one is the smallest. "body" is JSON: a attributes, e events, l links, f facts, g GenAI facts, m status message.
CREATE TABLE data.spans (
  trace_id UUID, span_id UBIGINT, parent_id UBIGINT, start_ns BIGINT, end_ns BIGINT, kind UTINYINT, status UTINYINT,
  origin_id UBIGINT, name VARCHAR, operation VARCHAR, provider VARCHAR, model VARCHAR,
  input_tokens BIGINT, output_tokens BIGINT, body VARCHAR USING COMPRESSION zstd
);

-- Announced spans until their final form replaces them: few rows, changed often.
CREATE TABLE data.running_spans (
  trace_id UUID, span_id UBIGINT, parent_id UBIGINT, start_ns BIGINT, end_ns BIGINT, kind UTINYINT, status UTINYINT,
  origin_id UBIGINT, name VARCHAR, operation VARCHAR, provider VARCHAR, model VARCHAR,
  input_tokens BIGINT, output_tokens BIGINT, body VARCHAR, seen_ms BIGINT, expired BOOLEAN
);

-- Derived: one row per request. search_text is name, previews, error, user, session and id in lower case. logs_total: it has
-- ended and has no phase named total_request, so that time_logs shows it as one. trace_first_ns and trace_last_ns bound the starts of all spans of its trace.
CREATE TABLE data.requests (
  request_id VARCHAR, trace_id UUID, root_span_id UBIGINT, parent_request_id VARCHAR, name VARCHAR, service_name VARCHAR,
  start_ns BIGINT, end_ns BIGINT, duration_ms DOUBLE, status VARCHAR, modality VARCHAR, model VARCHAR, provider VARCHAR,
  stream BOOLEAN, user_id VARCHAR, session_id VARCHAR, tags VARCHAR, request_size_bytes BIGINT, response_size_bytes BIGINT,
  input_tokens BIGINT, output_tokens BIGINT, cache_read_tokens BIGINT, cache_write_tokens BIGINT, reasoning_tokens BIGINT,
  cost_usd DOUBLE, ttft_ms DOUBLE, llm_call_count INTEGER, span_count INTEGER, error_type VARCHAR, error_message VARCHAR,
  error_fingerprint VARCHAR, input_preview VARCHAR, output_preview VARCHAR, custom_data VARCHAR, current_phase VARCHAR,
  last_seen_ms BIGINT, trace_first_ns BIGINT, trace_last_ns BIGINT, search_text VARCHAR, logs_total BOOLEAN
);

-- Derived: one row per phase. From request_start_ns on, and model and modality, columns repeat the request's: neither statistics nor
-- time_logs need a join.
CREATE TABLE data.phases (
  request_id VARCHAR, trace_id UUID, span_id UBIGINT, phase VARCHAR, start_ns BIGINT, end_ns BIGINT, duration_ms DOUBLE,
  success BOOLEAN, model VARCHAR, modality VARCHAR, metadata VARCHAR, request_start_ns BIGINT, request_running BOOLEAN,
  stream BOOLEAN, error_type VARCHAR, error_message VARCHAR, request_size_bytes BIGINT, response_size_bytes BIGINT, custom_data VARCHAR
);

CREATE TABLE data.custom_events (
  trace_id UUID, span_id UBIGINT, request_id VARCHAR, event_name VARCHAR, start_ns BIGINT, data VARCHAR
);

CREATE TABLE data.scores (
  trace_id UUID, span_id UBIGINT, request_id VARCHAR, name VARCHAR, value DOUBLE, label VARCHAR, comment VARCHAR, start_ns BIGINT
);

CREATE VIEW main.requests AS SELECT
  request_id, replace(trace_id::VARCHAR, '-', '') AS trace_id, parent_request_id, coalesce(name, '') AS name, coalesce(service_name, '') AS service_name,
  make_timestamp(start_ns // 1000) AS start_time, make_timestamp(end_ns // 1000) AS end_time, duration_ms, status, modality,
  coalesce(model, '') AS model, coalesce(provider, '') AS provider, stream, coalesce(user_id, '') AS user_id,
  coalesce(session_id, '') AS session_id,
  CASE WHEN tags IS NULL THEN []::VARCHAR[] ELSE string_split(trim(tags, chr(31)), chr(31)) END AS tags,
  request_size_bytes, response_size_bytes, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens,
  reasoning_tokens, cost_usd, ttft_ms AS time_to_first_token_ms, llm_call_count, span_count,
  coalesce(error_type, '') AS error_type, coalesce(error_message, '') AS error_message,
  coalesce(error_fingerprint, '') AS error_fingerprint, coalesce(input_preview, '') AS input_preview,
  coalesce(output_preview, '') AS output_preview, CASE WHEN json_valid(custom_data) THEN custom_data::JSON ELSE to_json(custom_data) END AS custom_data
FROM data.requests;
COMMENT ON VIEW main.requests IS 'One row per request, newest data last; times are UTC, durations in milliseconds.';

CREATE VIEW main.spans AS SELECT
  replace(s.trace_id::VARCHAR, '-', '') AS trace_id, lpad(lower(to_hex(s.span_id)), 16, '0') AS span_id,
  CASE WHEN s.parent_id = 0 THEN '' ELSE lpad(lower(to_hex(s.parent_id)), 16, '0') END AS parent_span_id,
  coalesce(o.service_name, '') AS service_name, coalesce(s.name, '') AS name, make_timestamp(s.start_ns // 1000) AS start_time, make_timestamp(s.end_ns // 1000) AS end_time,
  (s.end_ns - s.start_ns) / 1e6 AS duration_ms, s.status = 2 AS failed, coalesce(s.operation, '') AS operation,
  coalesce(s.provider, '') AS provider, coalesce(s.model, '') AS model, s.input_tokens, s.output_tokens,
  s.body::JSON -> '$.a' AS attributes
FROM data.spans s LEFT JOIN (
  SELECT origin_id, any_value(service_name) AS service_name FROM data.origins GROUP BY origin_id
) o USING (origin_id);
COMMENT ON VIEW main.spans IS 'Every finished span as it was received; attributes are JSON.';

CREATE VIEW main.request_phases AS SELECT
  request_id, coalesce(phase, '') AS phase, make_timestamp(start_ns // 1000) AS start_time, make_timestamp(end_ns // 1000) AS end_time, duration_ms
FROM data.phases;
COMMENT ON VIEW main.request_phases IS 'One row per phase of a request; times are UTC, durations in milliseconds.';

CREATE VIEW main.custom_events AS SELECT
  coalesce(request_id, '') AS request_id, event_name, make_timestamp(start_ns // 1000) AS timestamp, 
  CASE WHEN json_valid(data) THEN data::JSON ELSE to_json(data) END AS data
FROM data.custom_events;
COMMENT ON VIEW main.custom_events IS 'Custom events, on a request or standing alone (request_id is empty).';

CREATE VIEW main.scores AS SELECT
  coalesce(request_id, '') AS request_id, name, value, coalesce(label, '') AS label, coalesce(comment, '') AS comment,
  make_timestamp(start_ns // 1000) AS timestamp
FROM data.scores;
COMMENT ON VIEW main.scores IS 'Scores given to requests after the fact.';

-- Times of the views have no zone. The engine's own now() has one: beside it each row's time would be put through the calendar, ten times the query.
CREATE MACRO main.now() AS current_localtimestamp();
CREATE MACRO main.get_current_timestamp() AS current_localtimestamp();

CREATE VIEW main.time_logs AS
SELECT
  request_id, make_timestamp(start_ns // 1000) AS timestamp, phase, duration_ms, coalesce(model, '') AS model, modality, stream,
  success, coalesce(error_type, '') AS error_type, coalesce(error_message, '') AS error_message, request_size_bytes,
  response_size_bytes, CASE WHEN json_valid(custom_data) THEN custom_data::JSON ELSE to_json(custom_data) END AS custom_data
FROM data.phases
UNION ALL
SELECT
  request_id, make_timestamp(start_ns // 1000), 'total_request', duration_ms, coalesce(model, ''), modality, stream,
  status = 'completed', coalesce(error_type, ''), coalesce(error_message, ''), request_size_bytes,
  response_size_bytes, CASE WHEN json_valid(custom_data) THEN custom_data::JSON ELSE to_json(custom_data) END
FROM data.requests WHERE logs_total;
COMMENT ON VIEW main.time_logs IS
  'One row per phase of a request, and a row total_request for each finished request that has no phase of that name.';
COMMENT ON COLUMN main.time_logs.timestamp IS 'Start of the phase, UTC.';
COMMENT ON COLUMN main.time_logs.success IS 'Of the phase; the other columns from model on are the request''s.';
`;
