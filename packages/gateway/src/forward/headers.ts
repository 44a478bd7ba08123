/** Belong to one connection, not to the message (RFC 9110, section 7.6.1). `expect` is answered by this hop. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);
const OWN_PREFIX = 'x-vedetta-';
const TRACE_PARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(?:-|$)/;
const MAX_CONTEXT_LENGTH = 200;
const MAX_TAGS = 32;
/** Shorter values are no secrets, and hiding them would blot out ordinary text. */
const MIN_SECRET_LENGTH = 8;
const SECRET_NAME = /auth|cookie|key|token|secret|password|credential|signature/;

/** What a client's headers say about the call. */
export interface CallContext {
  requestId: string | undefined;
  sessionId: string | undefined;
  userId: string | undefined;
  tags: string[] | undefined;
  traceId: string | undefined;
  parentSpanId: string | undefined;
}

/** A client's headers, divided. */
export interface RequestHeaders {
  /** Name, value, name, value...: as they came, in their order and case, without those of the connection and our own. */
  readonly forwarded: string[];
  readonly context: CallContext;
  /** Values that must never be stored. */
  readonly secrets: string[];
  readonly contentType: string;
  readonly contentEncoding: string;
  /** `undefined` when not stated. */
  readonly contentLength: number | undefined;
  readonly chunked: boolean;
}

/** Divides raw request headers in one pass. */
export function readRequestHeaders(raw: readonly string[]): RequestHeaders {
  const forwarded: string[] = [];
  const secrets: string[] = [];
  const context: CallContext = {
    requestId: undefined,
    sessionId: undefined,
    userId: undefined,
    tags: undefined,
    traceId: undefined,
    parentSpanId: undefined,
  };
  let contentType = '';
  let contentEncoding = '';
  let contentLength: number | undefined;
  let chunked = false;
  let listed: ReadonlySet<string> | undefined;
  let externalId: string | undefined;
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] as string;
    const value = raw[i + 1] as string;
    const lower = name.toLowerCase();
    if (SECRET_NAME.test(lower)) addSecret(lower, value, secrets);
    if (lower === 'host') continue;
    if (HOP_BY_HOP.has(lower)) {
      if (lower === 'connection') listed = namesListed(value);
      else if (lower === 'transfer-encoding') chunked = true;
      continue;
    }
    if (lower.startsWith(OWN_PREFIX)) {
      readOwn(lower.slice(OWN_PREFIX.length), value, context);
      continue;
    }
    if (lower === 'content-type') contentType = value.toLowerCase();
    else if (lower === 'content-encoding') contentEncoding = value.toLowerCase();
    else if (lower === 'content-length') contentLength = Number(value);
    else if (lower === 'x-request-id') externalId = label(value);
    else if (lower === 'traceparent') readTraceParent(value, context);
    forwarded.push(name, value);
  }
  // With a trace the call belongs to the request of that trace.
  if (context.traceId === undefined) context.requestId ??= externalId;
  return {
    forwarded: listed === undefined ? forwarded : without(forwarded, listed),
    context,
    secrets,
    contentType,
    contentEncoding,
    contentLength,
    chunked,
  };
}

/** An upstream's headers as text, without those of the connection. */
export function readResponseHeaders(raw: readonly Buffer[]): string[] {
  const headers: string[] = [];
  let listed: ReadonlySet<string> | undefined;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = (raw[i] as Buffer).toString('latin1');
    const value = raw[i + 1] as Buffer;
    const lower = name.toLowerCase();
    if (HOP_BY_HOP.has(lower)) {
      if (lower === 'connection') listed = namesListed(value.toString('latin1'));
      continue;
    }
    headers.push(name, value.toString('latin1'));
  }
  return listed === undefined ? headers : without(headers, listed);
}

/** Value of the first header of a name, `''` when there is none. */
export function headerValue(headers: readonly string[], name: string): string {
  for (let i = 0; i < headers.length; i += 2) {
    const each = headers[i] as string;
    if (each.length === name.length && each.toLowerCase() === name) return headers[i + 1] as string;
  }
  return '';
}

/** The headers with one set to a value, in place where it stands, else at the end; `undefined` takes it away. */
export function withHeader(headers: readonly string[], name: string, value: string | undefined): string[] {
  const changed: string[] = [];
  let placed = value === undefined;
  for (let i = 0; i < headers.length; i += 2) {
    const each = headers[i] as string;
    if (each.length !== name.length || each.toLowerCase() !== name) changed.push(each, headers[i + 1] as string);
    else if (!placed) {
      changed.push(each, value as string);
      placed = true;
    }
  }
  if (!placed) changed.push(name, value as string);
  return changed;
}

function readOwn(name: string, value: string, context: CallContext): void {
  const text = label(value);
  if (text === undefined) return;
  if (name === 'request') context.requestId = text;
  else if (name === 'session') context.sessionId = text;
  else if (name === 'user') context.userId = text;
  else if (name.startsWith('tag-') && (context.tags?.length ?? 0) < MAX_TAGS) {
    context.tags ??= [];
    context.tags.push(`${name.slice(4)}=${text}`);
  }
}

function readTraceParent(value: string, context: CallContext): void {
  const match = TRACE_PARENT.exec(value);
  if (match === null || /^0+$/.test(match[1] as string) || /^0+$/.test(match[2] as string)) return;
  context.traceId = match[1];
  context.parentSpanId = match[2];
}

function addSecret(name: string, value: string, secrets: string[]): void {
  if (name === 'cookie') {
    for (const pair of value.split(';')) keepSecret(pair.slice(pair.indexOf('=') + 1).trim(), secrets);
    return;
  }
  // `Bearer <key>`: providers quote the key without its scheme.
  const space = value.lastIndexOf(' ');
  keepSecret(space === -1 ? value : value.slice(space + 1), secrets);
}

/** Adds a value that is long enough to be a secret. */
export function keepSecret(value: string, secrets: string[]): void {
  if (value.length >= MIN_SECRET_LENGTH) secrets.push(value);
}

function label(value: string): string | undefined {
  // Node reads headers as Latin-1; what clients send is UTF-8 where it is not ASCII.
  const text = Buffer.from(value, 'latin1').toString('utf8').trim();
  return text === '' ? undefined : text.slice(0, MAX_CONTEXT_LENGTH);
}

function namesListed(value: string): ReadonlySet<string> | undefined {
  const names = value
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== 'close' && name !== 'keep-alive' && name !== '');
  return names.length === 0 ? undefined : new Set(names);
}

function without(headers: readonly string[], names: ReadonlySet<string>): string[] {
  const kept: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    if (!names.has((headers[i] as string).toLowerCase())) kept.push(headers[i] as string, headers[i + 1] as string);
  }
  return kept;
}
