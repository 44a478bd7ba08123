import { createRequire } from 'node:module';
import { isSpanId, isTraceId } from '@vedetta/model';
import type { ParentContext } from './traceparent.js';

/** The part of `@opentelemetry/api` (1.9 and newer 1.x) that the SDK uses: pass the module itself. */
export interface OpenTelemetryApi {
  readonly context: {
    active(): unknown;
    with(context: never, fn: () => unknown): unknown;
  };
  readonly trace: {
    getSpanContext(context: never): { readonly traceId: string; readonly spanId: string } | undefined;
    setSpanContext(context: never, spanContext: never): unknown;
  };
}

const SAMPLED = 1;

/** Joins the recorder's context with OpenTelemetry's, both ways. */
export interface TraceBridge {
  /** The span that the application's own OpenTelemetry set-up has active. */
  activeSpan(): ParentContext | undefined;
  /** Runs `fn` so that OpenTelemetry spans started in it become children of `span`. Throws what `fn` throws. */
  runIn<T>(span: ParentContext, fn: () => T): T;
}

/**
 * The bridge to an API that was passed in, or to the one that is installed beside the application; `undefined` when there
 * is none. The API finds its global state by itself, so it does not matter which copy of it is loaded.
 */
export function bridgeOpenTelemetry(api: OpenTelemetryApi | boolean): TraceBridge | undefined {
  if (api === false) return undefined;
  if (api !== true) return createBridge(api, () => true);
  const found = findApi();
  return found === undefined ? undefined : createBridge(found, hasContextManager);
}

/** Where all copies of the API's version 1 keep their global state. */
const GLOBAL_STATE = Symbol.for('opentelemetry.js.api.1');

/**
 * The API is often installed by some dependency and set up by nobody. Then there is no context to join, and finding that
 * out through the API costs more than the rest of a phase.
 */
function hasContextManager(): boolean {
  return (globalThis as { [GLOBAL_STATE]?: { context?: unknown } })[GLOBAL_STATE]?.context !== undefined;
}

function createBridge(api: OpenTelemetryApi, isSetUp: () => boolean): TraceBridge {
  return {
    activeSpan() {
      if (!isSetUp()) return undefined;
      try {
        const span = api.trace.getSpanContext(api.context.active() as never);
        if (span === undefined || !isTraceId(span.traceId) || !isSpanId(span.spanId)) return undefined;
        return { traceId: span.traceId, spanId: span.spanId };
      } catch {
        return undefined;
      }
    },
    runIn<T>(span: ParentContext, fn: () => T): T {
      if (!isSetUp()) return fn();
      let context: unknown;
      try {
        const spanContext = { traceId: span.traceId, spanId: span.spanId, traceFlags: SAMPLED, isRemote: false };
        context = api.trace.setSpanContext(api.context.active() as never, spanContext as never);
      } catch {
        return fn();
      }
      return api.context.with(context as never, fn) as T;
    },
  };
}

let installed: { readonly api: OpenTelemetryApi | undefined } | undefined;

function findApi(): OpenTelemetryApi | undefined {
  installed ??= { api: loadFrom(import.meta.url) ?? loadFrom(process.argv[1]) };
  return installed.api;
}

function loadFrom(place: string | undefined): OpenTelemetryApi | undefined {
  if (place === undefined) return undefined;
  try {
    const api: unknown = createRequire(place)('@opentelemetry/api');
    const { context, trace } = api as OpenTelemetryApi;
    return typeof context.with === 'function' && typeof trace.setSpanContext === 'function'
      ? (api as OpenTelemetryApi)
      : undefined;
  } catch {
    // Not installed: the peer is optional.
    return undefined;
  }
}
