import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent } from 'undici';
import { CaptureBudget } from './capture/capture-budget.js';
import type { GatewayCounters } from './counters.js';
import { createCounters } from './counters.js';
import type { CallTimeouts } from './forward/forwarded-call.js';
import { ForwardedCall } from './forward/forwarded-call.js';
import { readRequestHeaders } from './forward/headers.js';
import { maskQuery } from './forward/query.js';
import { refuse } from './forward/refusal.js';
import type { KnownRequest } from './record/call-recording.js';
import { CallRecording } from './record/call-recording.js';
import type { SpanSink } from './record/recorder.js';
import { Recorder } from './record/recorder.js';
import type { Target, UpstreamOptions } from './upstream.js';
import { Upstreams } from './upstream.js';

/** How often running calls are looked at: time-outs are met this exactly, announcements are this late at most. */
const TICK_MS = 100;
/** Memory for copies of bodies, all calls together. */
const CAPTURE_BYTES = 64 * 1024 * 1024;
/** Providers send more headers than browsers do. */
const MAX_HEADER_BYTES = 128 * 1024;
/** Idle connections go before the usual server closes them (5 s), unless it says that it keeps them longer. */
const KEEP_ALIVE_MS = 4000;

/** What a gateway is made of. */
export interface GatewayOptions {
  readonly upstreams: readonly UpstreamOptions[];
  /** Takes the spans of calls, in batches; it is never waited for, and what it throws is counted. */
  readonly sink: SpanSink;
  readonly timeouts: CallTimeouts;
  /** Asks for usage where a provider sends it only on request, and takes out what the client would see of it. */
  readonly injectUsage: boolean;
  /** The root of a request the server knows, so that calls which state its id join it. */
  readonly findRequest?: (requestId: string) => KnownRequest | undefined;
  /** An upstream refused a call because usage was asked for; it is not asked again. */
  readonly onUsageRefused?: (upstream: string) => void;
}

/** A gateway: passes calls to the upstreams it was given and records those that call a model. */
export interface Gateway {
  readonly counters: Readonly<GatewayCounters>;
  /** Names of the upstreams, those without an address too. */
  readonly upstreams: readonly string[];
  readonly activeCalls: number;
  /** Takes a request to `/gateway/<rest>`. Answers itself only where no upstream is meant, or none answered. */
  handle(request: IncomingMessage, response: ServerResponse, rest: string): void;
  /** Takes a request on a port that belongs to one upstream. */
  handleFor(upstream: string, request: IncomingMessage, response: ServerResponse): void;
  /** Resolves when every call that has ended was handed to the sink. */
  flush(): Promise<void>;
  /** Cuts the calls that run, hands on what was recorded, closes the connections. Idempotent. */
  close(): Promise<void>;
}

/**
 * Creates a gateway. It listens to nothing itself: requests come from the HTTP server of its host, before any of them is parsed.
 *
 * @example
 * const gateway = createGateway({ upstreams: [{ name: 'openai', url: 'https://api.openai.com', provider }], sink, ...settings });
 * createServer((request, response) => gateway.handle(request, response, request.url.slice('/gateway/'.length)));
 */
export function createGateway(options: GatewayOptions): Gateway {
  const { timeouts, injectUsage, sink } = options;
  const upstreams = new Upstreams(options.upstreams);
  const counters = createCounters();
  const budget = new CaptureBudget(CAPTURE_BYTES);
  const calls = new Set<ForwardedCall>();
  const findRequest = options.findRequest ?? (() => undefined);
  const dispatcher = new Agent({
    connect: { timeout: timeouts.connectMs },
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
    pipelining: 1,
  });
  const recorder = new Recorder(sink, counters, (recording) => {
    const { upstream } = recording;
    if (!upstream.asksUsage || !recording.usageAsked || !recording.refused('stream_options')) return;
    upstream.asksUsage = false;
    options.onUsageRefused?.(upstream.name);
  });
  let timer: NodeJS.Timeout | undefined;
  let closing: Promise<void> | undefined;

  const guard = (work: () => void): void => {
    try {
      work();
    } catch {
      counters.captureErrors += 1;
    }
  };

  const tick = (): void => {
    const nowMs = performance.now();
    for (const call of calls) call.checkTime(nowMs);
    recorder.announce(nowMs);
    if (calls.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };

  function forward(target: Target & { kind: 'upstream' }, request: IncomingMessage, response: ServerResponse): void {
    const { upstream, path } = target;
    const headers = readRequestHeaders(request.rawHeaders);
    const method = request.method ?? 'GET';
    const question = path.indexOf('?');
    const bare = question === -1 ? path : path.slice(0, question);
    counters.calls += 1;
    const endpoint = matchOrNothing(upstream.provider, method, bare);
    let recording: CallRecording | undefined;
    if (endpoint === undefined) counters.unrecordedCalls += 1;
    else {
      guard(() => {
        const { context, secrets, contentEncoding, contentLength } = headers;
        const query = question === -1 ? '' : maskQuery(path, secrets);
        recording = new CallRecording({
          upstream,
          endpoint,
          method,
          path: bare,
          query,
          context,
          secrets,
          contentEncoding,
          contentLength,
          contentType: request.headers['content-type'] ?? '',
          budget,
          findRequest,
        });
        recorder.start(recording);
      });
    }
    const call = new ForwardedCall({
      dispatcher,
      upstream,
      path: upstream.basePath + path,
      request,
      response,
      headers,
      recording,
      endpoint,
      injectUsage,
      budget,
      timeouts,
      guard,
      onEnd: (ended, outcome) => {
        calls.delete(ended);
        const finished = recording;
        if (finished !== undefined) guard(() => recorder.end(finished, outcome));
      },
      onUsageAsked: () => {
        counters.usageAsked += 1;
        if (recording !== undefined) recording.usageAsked = true;
      },
    });
    calls.add(call);
    timer ??= setInterval(tick, TICK_MS).unref();
    call.start();
  }

  function matchOrNothing(provider: UpstreamOptions['provider'], method: string, path: string) {
    let endpoint: ReturnType<typeof provider.match>;
    guard(() => {
      endpoint = provider.match(method, path);
    });
    return endpoint;
  }

  function take(target: Target, request: IncomingMessage, response: ServerResponse): void {
    response.on('error', () => {});
    const names = upstreams.names.join(', ');
    switch (target.kind) {
      case 'upstream':
        forward(target, request, response);
        return;
      case 'unknown': {
        const shown = JSON.stringify(target.name.slice(0, 100));
        refuse(response, 404, `there is no upstream ${shown}; there are ${names}`, instanceOf(request));
        return;
      }
      case 'unconfigured': {
        const { name } = target;
        const detail = `the upstream ${name} has no address yet: set gateway.upstreams.${name}.url, or VEDETTA_GATEWAY_${variableName(name)}_URL`;
        refuse(response, 404, detail, instanceOf(request));
        return;
      }
      case 'dot_segments':
        refuse(response, 400, 'the path must not have segments "." or ".."', instanceOf(request));
    }
  }

  return {
    counters,
    upstreams: upstreams.names,
    get activeCalls() {
      return calls.size;
    },
    handle: (request, response, rest) => take(upstreams.find(rest), request, response),
    handleFor: (upstream, request, response) => take(upstreams.at(upstream, request.url ?? '/'), request, response),
    flush: () => recorder.flush(),
    close() {
      closing ??= (async () => {
        for (const call of calls) call.cut();
        clearInterval(timer);
        await recorder.flush();
        await dispatcher.destroy();
      })();
      return closing;
    },
  };
}

/** The part of a variable's name that stands for an upstream. */
function variableName(upstream: string): string {
  return upstream.toUpperCase().replaceAll(/[.-]/g, '_');
}

function instanceOf(request: IncomingMessage): string {
  const url = request.url ?? '/';
  const query = url.indexOf('?');
  return (query === -1 ? url : url.slice(0, query)).slice(0, 200);
}
