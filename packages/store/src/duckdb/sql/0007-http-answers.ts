/**
 * What HTTP servers answered, a row a request, in a table of its own: read out of the bodies of all spans each time, a day took as long
 * as everything. Rows of spans that are stored already are made here.
 */
export const HTTP_ANSWERS_SCHEMA = `
-- Of a span as it came, once. endpoint is NULL where the sender named no route; failed is the status of the span.
CREATE TABLE data.http_answers (
  trace_id UUID, start_ns BIGINT, duration_ms DOUBLE, endpoint VARCHAR, method VARCHAR, status_code INTEGER,
  request_size_bytes BIGINT, response_size_bytes BIGINT, failed BOOLEAN
);

INSERT INTO data.http_answers
SELECT trace_id, start_ns, (end_ns - start_ns) / 1e6, nullif(a ->> 'http.route', ''), method,
  try_cast(coalesce(a ->> 'http.response.status_code', a ->> 'http.status_code') AS INTEGER),
  try_cast(coalesce(a ->> 'http.request.body.size', a ->> 'http.request_content_length') AS BIGINT),
  try_cast(coalesce(a ->> 'http.response.body.size', a ->> 'http.response_content_length') AS BIGINT), status = 2
FROM (
  SELECT *, coalesce(a ->> 'http.request.method', a ->> 'http.method') AS method FROM (
    SELECT trace_id, start_ns, end_ns, status, kind, body::JSON -> '$.a' AS a FROM data.spans WHERE contains(body, '"http.')
  )
)
WHERE (kind = 2 OR (a ->> 'vedetta.span.kind') = 'request') AND method <> '';

CREATE OR REPLACE VIEW main.api_metrics AS SELECT
  make_timestamp(start_ns // 1000) AS timestamp, coalesce(endpoint, 'unknown') AS endpoint, method, status_code,
  duration_ms AS response_time_ms, request_size_bytes, response_size_bytes,
  CASE WHEN failed OR status_code >= 500 THEN 1 ELSE 0 END AS error_count
FROM data.http_answers;
COMMENT ON VIEW main.api_metrics IS 'One row per HTTP request that a monitored application answered; endpoint is the pattern of its route.';
COMMENT ON COLUMN main.api_metrics.error_count IS '1 when the span failed or the status is 500 or above, else 0.';
`;
