import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { WireExport, WireMetric, WireMetrics, WireSpan } from './otlp-proto.js';
import { decodeExport, decodeMetrics, decodeMetricsJson } from './otlp-proto.js';

/** One call as a receiver saw it. */
export interface ReceivedCall {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly content: WireExport;
}

/** One push of metrics as a receiver saw it. */
export interface ReceivedPush {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly content: WireMetrics;
}

/** A real HTTP server that takes exports and answers as it is told. */
export interface OtlpReceiver {
  readonly endpoint: string;
  readonly calls: readonly ReceivedCall[];
  /** All spans of all calls that were answered with success. */
  readonly spans: readonly WireSpan[];
  /** Pushes of metrics, whatever they were answered. */
  readonly pushes: readonly ReceivedPush[];
  /** Metrics of all pushes that were answered with success. */
  readonly metrics: readonly WireMetric[];
  /** Resolves when `spans` satisfies the condition. */
  until(condition: (spans: readonly WireSpan[], calls: readonly ReceivedCall[]) => boolean): Promise<void>;
  close(): Promise<void>;
}

/** Answers a call; returns whether what it brought counts as taken. */
export type Answer = (
  response: ServerResponse,
  call: { readonly headers: IncomingHttpHeaders },
  index: number,
) => boolean;

/** OTLP's full success. */
export const accept: Answer = (response) => {
  response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
  return true;
};

/** A status without a body. */
export function refuse(status: number, headers: { readonly [name: string]: string } = {}): Answer {
  return (response) => {
    response.writeHead(status, headers).end();
    return false;
  };
}

export async function startReceiver(answer: Answer = accept, answerPush: Answer = accept): Promise<OtlpReceiver> {
  const pushes: ReceivedPush[] = [];
  const metrics: WireMetric[] = [];
  const calls: ReceivedCall[] = [];
  const spans: WireSpan[] = [];
  let waiting: (() => void)[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks);
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
      const { url: path = '', headers } = request;
      if (path.endsWith('/v1/metrics')) {
        const isJson = headers['content-type'] === 'application/json';
        const push = { path, headers, content: (isJson ? decodeMetricsJson : decodeMetrics)(body) };
        pushes.push(push);
        if (answerPush(response, push, pushes.length - 1)) metrics.push(...push.content.metrics);
      } else {
        const call = { path, headers, content: decodeExport(body) };
        calls.push(call);
        if (answer(response, call, calls.length - 1)) spans.push(...call.content.spans);
      }
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    calls,
    spans,
    pushes,
    metrics,
    async until(condition) {
      while (!condition(spans, calls)) await new Promise<void>((resolve) => waiting.push(resolve));
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
