import type { Endpoint, RequestFacts } from '@vedetta/providers';
import { CallRecorder } from './call-recorder.js';
import type { ClientKind } from './client-kind.js';
import { monitorOf } from './monitor-of.js';
import type { StreamUsage } from './observe-stream.js';
import { isGatewayUrl } from './provider-name.js';
import { safely } from './safely.js';
import type { StainlessClient } from './stainless-client.js';
import type { TrackOptions } from './track-options.js';

/** A call that is being recorded. */
export interface HttpCall {
  readonly recorder: CallRecorder;
  /** What to send: the caller's own arguments, but for usage that is asked for on its behalf. */
  readonly args: readonly unknown[];
  /** Present when usage is asked for on the caller's behalf. */
  readonly usage: StreamUsage | undefined;
}

/** What the clients hand to `post`. */
interface PostOptions {
  readonly body?: unknown;
  readonly signal?: AbortSignal | null;
  readonly headers?: unknown;
  readonly __metadata?: { readonly model?: unknown };
}

/** Starts to record a call of a model; `undefined` for every other call. */
export function startHttpCall(
  client: StainlessClient,
  kind: ClientKind,
  options: TrackOptions,
  args: readonly unknown[],
): HttpCall | undefined {
  const [path, sent] = args;
  if (typeof path !== 'string') return undefined;
  const endpoint = kind.api?.match('POST', path);
  if (endpoint === undefined) return undefined;
  // Options with a file in them are a promise: what they say is not known when the call starts.
  const post = (typeof sent === 'object' && sent !== null && !(sent instanceof Promise) ? sent : {}) as PostOptions;
  const facts: RequestFacts = endpoint.readRequest(post.body);
  const model = kind.model(client) ?? endpoint.pathModel ?? facts.model ?? '';
  const recorder = new CallRecorder(
    monitorOf(options),
    options,
    {
      operation: endpoint.operation,
      modality: endpoint.modality,
      provider: options.provider ?? kind.providerName(client),
      model,
      stream: facts.stream ?? false,
      facts,
      signal: post.signal ?? undefined,
    },
    endpoint.readResponse(),
  );
  if (sent instanceof Promise)
    void sent.then(
      (form: unknown) => safely(() => noteForm(recorder, endpoint, form)),
      () => {},
    );
  const usage = options.streamUsage === true ? endpoint.usageOption?.(post.body) : undefined;
  const headers = isGatewayUrl(client.baseURL) ? joinedHeaders(post.headers, recorder.traceparent) : undefined;
  if ((usage === undefined && headers === undefined) || sent instanceof Promise) return { recorder, args, usage };
  const changed = {
    ...post,
    ...(usage === undefined ? {} : { body: { ...(post.body as object), ...usage.members } }),
    ...(headers === undefined ? {} : { headers }),
  };
  return { recorder, args: [path, changed, ...args.slice(2)], usage };
}

/**
 * Headers that make what a Vedetta gateway records of the call a step of it, so that nothing counts twice. `undefined` where the
 * caller's own headers say which trace it is, or have a form that cannot be added to.
 */
function joinedHeaders(headers: unknown, traceparent: string): object | undefined {
  if (headers === undefined || headers === null) return { traceparent };
  if (typeof headers !== 'object' || Object.getPrototypeOf(headers) !== Object.prototype) return undefined;
  if (Object.keys(headers).some((name) => name.toLowerCase() === 'traceparent')) return undefined;
  return { ...headers, traceparent };
}

/** The client leaves the model of a form beside it; what else was asked for stands in the form. */
function noteForm(recorder: CallRecorder, endpoint: Endpoint, form: unknown): void {
  const { __metadata, body } = (form ?? {}) as PostOptions;
  const model = __metadata?.model;
  const fields = body instanceof FormData ? textFields(body) : undefined;
  recorder.asksFor(typeof model === 'string' ? model : '', fields && endpoint.readRequest(fields));
}

/** The texts in a form, the first of each name; files are left alone. */
function textFields(form: FormData): { readonly [name: string]: string } {
  const fields = new Map<string, string>();
  for (const [name, value] of form) {
    if (typeof value === 'string' && !fields.has(name)) fields.set(name, value);
  }
  return Object.fromEntries(fields);
}
