/** Encodings of OTLP/HTTP, by the names that `@vedetta/receive` uses. */
export type OtlpEncoding = 'protobuf' | 'json';

export const PROTOBUF_TYPE = 'application/x-protobuf';
export const JSON_TYPE = 'application/json';

/** The standard path, and the one under which exporters set up for Langfuse send. */
export const TRACE_PATHS = ['/v1/traces', '/api/public/otel/v1/traces'] as const;

/** As for traces, and those of Prometheus' own receiver. */
export const METRIC_PATHS = [
  '/v1/metrics',
  '/api/public/otel/v1/metrics',
  '/prometheus/api/v1/otlp/v1/metrics',
  '/api/v1/otlp/v1/metrics',
] as const;

/** Signals that are not received yet, answered in a way exporters understand. */
export const OTHER_SIGNAL_PATHS = ['/v1/logs', '/api/public/otel/v1/logs'] as const;

/** True for paths whose errors are a `google.rpc.Status`. */
export function isOtlpPath(path: string): boolean {
  return path.startsWith('/v1/') || path.startsWith('/api/public/otel/') || METRIC_PATHS.some((each) => each === path);
}

/** The encoding a `Content-Type` header names; parameters are ignored; `undefined` for any other type. */
export function encodingOf(contentType: string | undefined): OtlpEncoding | undefined {
  const type = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (type === PROTOBUF_TYPE || type === 'application/protobuf') return 'protobuf';
  return type === JSON_TYPE ? 'json' : undefined;
}
