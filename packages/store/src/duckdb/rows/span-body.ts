import type { Attributes, GenAiFacts, Span, SpanEvent, SpanFacts, SpanLink } from '@vedetta/model';

/** What a span's `body` column holds, as JSON with one-letter keys; absent when empty. */
interface SpanBody {
  readonly a?: Attributes;
  readonly e?: readonly { readonly n: string; readonly t: string; readonly a?: Attributes }[];
  readonly l?: readonly SpanLink[];
  readonly f?: SpanFacts;
  readonly g?: GenAiFacts;
  readonly m?: string;
}

/** The parts of a span that its other columns do not hold. */
export interface DecodedBody {
  readonly attributes: Attributes;
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanLink[];
  readonly facts: SpanFacts;
  readonly genAi: GenAiFacts | undefined;
  readonly statusMessage: string;
}

export function encodeBody(span: Span): string {
  const body: { -readonly [K in keyof SpanBody]: SpanBody[K] } = { a: span.attributes, f: span.facts };
  if (span.events.length > 0) {
    body.e = span.events.map(({ name, timeUnixNano, attributes }) => ({
      n: name,
      t: timeUnixNano.toString(),
      a: attributes,
    }));
  }
  if (span.links.length > 0) body.l = span.links;
  if (span.genAi !== undefined) body.g = span.genAi;
  if (span.statusMessage !== '') body.m = span.statusMessage;
  return JSON.stringify(body);
}

/** Reads what {@link encodeBody} wrote. */
export function decodeBody(text: string): DecodedBody {
  const body = JSON.parse(text) as SpanBody;
  return {
    attributes: body.a ?? {},
    events: (body.e ?? []).map(({ n, t, a }) => ({ name: n, timeUnixNano: BigInt(t), attributes: a ?? {} })),
    links: body.l ?? [],
    facts: body.f ?? {},
    genAi: body.g,
    statusMessage: body.m ?? '',
  };
}
