import { promisify } from 'node:util';
import type { RawSpan, Span } from '@vedetta/model';
import type { ContentPolicy, DecodeLimits, DecodeResult, OtlpEncoding } from '@vedetta/receive';
import { decodeTracesInSlices, normaliseSpans, redactSpans } from '@vedetta/receive';
import type { Commit, Store, WriteOutcome } from '@vedetta/store';
import type { Logger } from 'pino';
import type { IngestCounters } from './ingest/ingest-counters.js';
import { countFailed, countRefused } from './ingest/ingest-counters.js';

/** Spans that are written together. Exporters send 512 in a batch. */
const SLICE_SPANS = 1024;
/** Spans between two looks at the clock: those of LLM calls cost a hundred times what others do. */
const STEP_SPANS = 16;
/** So long spans are normalised and redacted before other requests have their turn. */
const TURN_MS = 1;
/** How often a store that fails every write is complained of. */
const FAILURE_LOG_INTERVAL_MS = 10_000;
/** The engine may quote what it was given. */
const MAX_REASON = 500;
const nextTurn = promisify(setImmediate);

/** What became of a batch. `stored` may be acknowledged: it is durable. The others say what the sender may do. */
export type IngestOutcome =
  | {
      readonly kind: 'stored';
      /** Spans that can never be accepted, and why; the rest of the batch is stored. */
      readonly rejected: number;
      readonly rejectedReason: string;
    }
  | { readonly kind: 'invalid'; readonly message: string }
  | Exclude<WriteOutcome, { readonly kind: 'stored' }>;

/** The one way in, whatever captures. */
export interface Pipeline {
  /** An OTLP body, decompressed. */
  takeBody(body: Uint8Array, encoding: OtlpEncoding): Promise<IngestOutcome>;
  /** Spans made in this process: events and scores that came by the HTTP API. */
  takeSpans(spans: readonly RawSpan[]): Promise<IngestOutcome>;
}

/** The parts the pipeline is composed of. */
export interface PipelineParts {
  readonly store: Store;
  readonly counters: IngestCounters;
  readonly limits: DecodeLimits;
  readonly content: ContentPolicy;
  /** Estimates the tokens that nobody counted; `undefined` at once when there are none to estimate. */
  readonly estimate: (spans: readonly Span[]) => Promise<void> | undefined;
  /** Sets what LLM calls cost. */
  readonly price: (spans: readonly Span[]) => void;
  readonly log: Pick<Logger, 'error'>;
  /** Called after each commit; never in its way. */
  readonly announce: (commit: Commit) => void;
  /** Told of each announcement that was taken, also of one that tells the store nothing new. */
  readonly running: (span: Span) => void;
  readonly now: () => number;
}

/** decode -> normalise -> estimate -> price -> redact -> limit -> write -> announce: the whole way of a span from a body to a live page. */
export function createPipeline(parts: PipelineParts): Pipeline {
  const { store, counters, limits, content, estimate, price, log, announce, running, now } = parts;
  store.writer.onCommit(announce);

  // Senders try again at once: a line for each would bury the first.
  let failureLoggedUnixMs = Number.NEGATIVE_INFINITY;
  function logFailure(reason: string): void {
    if (now() - failureLoggedUnixMs < FAILURE_LOG_INTERVAL_MS) return;
    failureLoggedUnixMs = now();
    log.error(
      { reason: reason.slice(0, MAX_REASON), failedWrites: counters.failedWrites },
      'spans could not be stored',
    );
  }

  // A long body is decoded some ten milliseconds at a time, and other requests are answered in between.
  async function decode(body: Uint8Array, encoding: OtlpEncoding): Promise<DecodeResult> {
    const slices = decodeTracesInSlices(body, encoding, limits);
    let step = slices.next();
    while (!step.done) {
      await nextTurn();
      step = slices.next();
    }
    return step.value;
  }

  // The whole text is needed to count its tokens, and the tokens to price them: both come before anything is masked or cut.
  async function prepare(raw: readonly RawSpan[]): Promise<Span[]> {
    if (raw.length <= STEP_SPANS) return prepareStep(raw);
    const prepared: Span[] = [];
    let turnEndsMs = performance.now() + TURN_MS;
    for (let from = 0; from < raw.length; from += STEP_SPANS) {
      if (performance.now() > turnEndsMs) {
        await nextTurn();
        turnEndsMs = performance.now() + TURN_MS;
      }
      for (const span of await prepareStep(raw.slice(from, from + STEP_SPANS))) prepared.push(span);
    }
    return prepared;
  }

  async function prepareStep(raw: readonly RawSpan[]): Promise<Span[]> {
    const spans = normaliseSpans(raw);
    const estimated = estimate(spans);
    if (estimated !== undefined) await estimated;
    price(spans);
    return redactAndLimit(spans);
  }

  // Secrets are masked before anything is cut, else half a key would be left standing at the end of a preview.
  function redactAndLimit(spans: Span[]): Span[] {
    const report = redactSpans(spans, content);
    for (const found of Object.values(report.found)) counters.redactions += found;
    return spans;
  }

  async function write(spans: readonly Span[]): Promise<WriteOutcome> {
    const outcome = await store.writer.write(spans);
    count(outcome, counters, now());
    if (outcome.kind === 'failed') logFailure(outcome.message);
    if (outcome.kind === 'stored') for (const span of spans) if (span.endUnixNano === 0n) running(span);
    return outcome;
  }

  // A large batch goes in slices, so that other requests are answered in between. When one is not stored, the answer is that
  // nothing may be relied on: the sender sends the whole batch again and what is stored already counts as duplicate.
  async function take(raw: readonly RawSpan[]): Promise<WriteOutcome> {
    let writing: Promise<WriteOutcome> = write(await prepare(raw.slice(0, SLICE_SPANS)));
    for (let from = SLICE_SPANS; from < raw.length; from += SLICE_SPANS) {
      await nextTurn();
      const slice = await prepare(raw.slice(from, from + SLICE_SPANS));
      const before = await writing;
      if (before.kind !== 'stored') return before;
      writing = write(slice);
    }
    return writing;
  }

  return {
    async takeBody(body, encoding) {
      const decoded = await decode(body, encoding);
      if (decoded.kind === 'invalid') {
        counters.invalidBodies += 1;
        return decoded;
      }
      counters.receivedSpans += decoded.spans.length + decoded.rejected;
      counters.rejectedSpans += decoded.rejected;
      const outcome = await take(decoded.spans);
      if (outcome.kind !== 'stored') return outcome;
      return { kind: 'stored', rejected: decoded.rejected, rejectedReason: decoded.rejectedReason };
    },
    async takeSpans(spans) {
      counters.receivedSpans += spans.length;
      const outcome = await take(spans);
      return outcome.kind === 'stored' ? { kind: 'stored', rejected: 0, rejectedReason: '' } : outcome;
    },
  };
}

function count(outcome: WriteOutcome, counters: IngestCounters, nowUnixMs: number): void {
  switch (outcome.kind) {
    case 'stored':
      counters.storedSpans += outcome.storedSpans;
      counters.duplicateSpans += outcome.duplicateSpans;
      return;
    case 'busy':
      countRefused(counters, nowUnixMs);
      return;
    case 'failed':
      countFailed(counters, nowUnixMs);
  }
}
