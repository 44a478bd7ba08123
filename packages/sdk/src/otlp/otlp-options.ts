import type { SdkEnvironment } from '../environment.js';
import { resolveTarget } from './target.js';

/** How spans are sent over OTLP/HTTP. Everything has a default. */
export interface OtlpSinkOptions {
  /** Base URL; `/v1/traces` is appended. Default: `VEDETTA_ENDPOINT`, `OTEL_EXPORTER_OTLP_ENDPOINT`, else the local server. */
  readonly endpoint?: string;
  /** Sent as `authorization: Bearer <key>`. Default: `VEDETTA_API_KEY`. */
  readonly apiKey?: string;
  readonly headers?: { readonly [name: string]: string };
  /** Overrides the monitor's. */
  readonly serviceName?: string;
  /**
   * Announce requests that still run. Default: yes, unless the endpoint came from `OTEL_EXPORTER_OTLP_ENDPOINT`: other
   * receivers take a span without an end for a broken one.
   */
  readonly announcements?: boolean;
  /** Spans that may wait; what comes on top is dropped and counted. Default 32768. */
  readonly maxQueueSpans?: number;
  /** Estimated bytes that may wait. Default 16 MiB. */
  readonly maxQueueBytes?: number;
  /** Spans in one call. Default 512. */
  readonly batchSpans?: number;
  /** Longest wait of a span for others to travel with, in milliseconds. Default 250. */
  readonly flushIntervalMs?: number;
  /** A call without an answer counts as lost after this, in milliseconds. Default 10000. */
  readonly timeoutMs?: number;
}

/** Options with every default filled in. */
export interface ResolvedOtlpOptions {
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
  readonly serviceName: string | undefined;
  readonly announcements: boolean;
  readonly maxQueueSpans: number;
  readonly maxQueueBytes: number;
  readonly batchSpans: number;
  readonly flushIntervalMs: number;
  readonly timeoutMs: number;
  /** What was given and could not be used, in a sentence. */
  readonly problem: string | undefined;
}

/** User's word, then the environment, then the default. */
export function resolveOtlpOptions(options: OtlpSinkOptions, environment: SdkEnvironment): ResolvedOtlpOptions {
  const { url, headers, isForeign, problem } = resolveTarget(options, environment, '/v1/traces');
  return {
    url,
    headers,
    serviceName: options.serviceName,
    announcements: options.announcements ?? !isForeign,
    maxQueueSpans: positive(options.maxQueueSpans, 32_768),
    maxQueueBytes: positive(options.maxQueueBytes, 16 * 1024 * 1024),
    batchSpans: positive(options.batchSpans, 512),
    flushIntervalMs: positive(options.flushIntervalMs, 250),
    timeoutMs: positive(options.timeoutMs, 10_000),
    problem,
  };
}

/** The number as an integer when it is finite and at least 1, else the fallback. */
export function positive(value: number | undefined, fallback: number): number {
  return typeof value === 'number' && value >= 1 && Number.isFinite(value) ? Math.floor(value) : fallback;
}
