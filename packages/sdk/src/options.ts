import type { SdkEnvironment } from './environment.js';
import type { ContentPolicy } from './llm-call.js';
import type { MetricsOptions } from './metrics/metrics.js';
import type { ResolvedMetricsOptions } from './metrics/metrics-options.js';
import { resolveMetricsOptions } from './metrics/metrics-options.js';
import type { Log } from './notice.js';
import { Notices, stderrNotices } from './notice.js';
import type { OpenTelemetryApi } from './open-telemetry.js';
import { createOtlpSink } from './otlp/otlp-sink.js';
import { MAX_DATA_BYTES } from './phase-recorder.js';
import type { Sink } from './sink.js';
import { toText } from './text.js';

/** How a monitor is made. Everything has a default; what is given here wins over the environment. */
export interface MonitorOptions {
  /** Default: `VEDETTA_SERVICE_NAME`, `OTEL_SERVICE_NAME`, the name in package.json, else `unknown_service:node`. */
  readonly serviceName?: string;
  /**
   * Base URL of the server; `/v1/traces` is appended. Default: `VEDETTA_ENDPOINT`, `OTEL_EXPORTER_OTLP_ENDPOINT`, else
   * `http://127.0.0.1:8080`. Unused when `sinks` is given.
   */
  readonly endpoint?: string;
  /** Sent as `authorization: Bearer <key>`. Default: `VEDETTA_API_KEY`. */
  readonly apiKey?: string;
  /** Further headers of the exports. */
  readonly headers?: { readonly [name: string]: string };
  /** Where spans go. Default: one OTLP/HTTP sink. */
  readonly sinks?: readonly Sink[];
  /** Requests that run longer are announced as running, in milliseconds; `Infinity` for never. Default 250. */
  readonly announceAfterMs?: number;
  /**
   * `off`: prompts and answers never leave the process. `full`: they do, and a Vedetta server redacts and cuts them.
   * Default `full`, but `off` when only `OTEL_EXPORTER_OTLP_ENDPOINT` says where to send: nobody chose that for prompts.
   */
  readonly content?: 'full' | 'off';
  /** Applied to every text of prompts and answers before it leaves; content whose redaction fails is left out. */
  readonly redact?: (text: string) => string;
  /** How `monitor.metrics` are collected and pushed; `false` for neither. */
  readonly metrics?: MetricsOptions | false;
  /** Requests kept for `monitor.recent()`. Default 1000. */
  readonly recentLimit?: number;
  /** Join OpenTelemetry when `@opentelemetry/api` is installed (`true`, the default), never, or through the API given. */
  readonly openTelemetry?: OpenTelemetryApi | boolean;
  /** Deliver what is left when the process ends. Default true. */
  readonly flushOnExit?: boolean;
  /** `false` records nothing at all; so does `VEDETTA_DISABLED=true`. Default true. */
  readonly enabled?: boolean;
  /** Where the SDK's own notices go, at most one a minute. Default: standard error. */
  readonly log?: Log;
}

/** Options with every default filled in. */
export interface ResolvedOptions {
  readonly serviceName: string;
  readonly sinks: readonly Sink[];
  readonly announceAfterMs: number;
  readonly content: ContentPolicy;
  readonly recentLimit: number;
  readonly openTelemetry: OpenTelemetryApi | boolean;
  readonly flushOnExit: boolean;
  /** `undefined` where nothing is collected. */
  readonly metrics: ResolvedMetricsOptions | undefined;
  readonly notices: Notices;
}

/**
 * User's word, then the environment, then the default. A value that cannot be used is reported and replaced by its
 * default: an observability library has no right to stop the application.
 */
export function resolveOptions(options: MonitorOptions, environment: SdkEnvironment): ResolvedOptions {
  const notices = options.log === undefined ? stderrNotices : new Notices(options.log);
  const enabled = options.enabled ?? !environment.disabled;
  return {
    serviceName: toText(options.serviceName ?? environment.serviceName ?? '', 200) || 'unknown_service:node',
    sinks: enabled ? (options.sinks ?? [createOtlpSink(options, environment)]) : [],
    announceAfterMs: atLeast(options.announceAfterMs, 1, 250),
    content: {
      mode: contentMode(options, environment),
      redact: typeof options.redact === 'function' ? options.redact : undefined,
      maxBytes: MAX_DATA_BYTES,
    },
    recentLimit: Math.floor(atLeast(options.recentLimit, 0, 1000)),
    openTelemetry: options.openTelemetry ?? true,
    flushOnExit: options.flushOnExit ?? true,
    metrics: resolveMetricsOptions(options, environment),
    notices,
  };
}

function contentMode(options: MonitorOptions, environment: SdkEnvironment): 'full' | 'off' {
  if (options.content === 'full' || options.content === 'off') return options.content;
  const isChosen = options.sinks !== undefined || (options.endpoint ?? environment.endpoint) !== undefined;
  return isChosen || environment.otlpEndpoint === undefined ? 'full' : 'off';
}

function atLeast(value: number | undefined, minimum: number, fallback: number): number {
  return typeof value === 'number' && value >= minimum ? value : fallback;
}
