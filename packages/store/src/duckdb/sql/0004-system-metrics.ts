/**
 * Metrics of the machine by time, a row an interval, and what HTTP servers answered as a view over the stored spans. Percentages
 * are 0 to 100, NULL is not known.
 */
export const SYSTEM_METRICS_SCHEMA = `
CREATE TABLE data.system_metrics (
  time_ms BIGINT, cpu_percent DOUBLE, memory_percent DOUBLE, memory_used_mb DOUBLE, memory_available_mb DOUBLE,
  disk_usage_percent DOUBLE, disk_free_gb DOUBLE, network_bytes_sent BIGINT, network_bytes_recv BIGINT, active_connections INTEGER
);

CREATE VIEW main.system_metrics AS SELECT
  make_timestamp(time_ms * 1000) AS timestamp, cpu_percent, memory_percent, memory_used_mb, memory_available_mb,
  disk_usage_percent, disk_free_gb, network_bytes_sent, network_bytes_recv, active_connections
FROM data.system_metrics;
COMMENT ON VIEW main.system_metrics IS 'How the machine of the server was, a row an interval; bytes count from the start of its interfaces.';

CREATE VIEW main.api_metrics AS SELECT
  timestamp, endpoint, method, status_code, response_time_ms, request_size_bytes, response_size_bytes,
  CASE WHEN failed OR status_code >= 500 THEN 1 ELSE 0 END AS error_count
FROM (
  SELECT make_timestamp(start_ns // 1000) AS timestamp, coalesce(a ->> 'http.route', 'unknown') AS endpoint,
    coalesce(a ->> 'http.request.method', a ->> 'http.method') AS method,
    try_cast(coalesce(a ->> 'http.response.status_code', a ->> 'http.status_code') AS INTEGER) AS status_code,
    (end_ns - start_ns) / 1e6 AS response_time_ms,
    try_cast(coalesce(a ->> 'http.request.body.size', a ->> 'http.request_content_length') AS BIGINT) AS request_size_bytes,
    try_cast(coalesce(a ->> 'http.response.body.size', a ->> 'http.response_content_length') AS BIGINT) AS response_size_bytes,
    status = 2 AS failed
  FROM (
    SELECT start_ns, end_ns, status, kind, body::JSON -> '$.a' AS a FROM data.spans WHERE contains(body, '"http.')
  )
  WHERE kind = 2 OR (a ->> 'vedetta.span.kind') = 'request'
)
WHERE method IS NOT NULL;
COMMENT ON VIEW main.api_metrics IS 'One row per HTTP request that a monitored application answered; endpoint is the pattern of its route.';
COMMENT ON COLUMN main.api_metrics.error_count IS '1 when the span failed or the status is 500 or above, else 0.';
`;
