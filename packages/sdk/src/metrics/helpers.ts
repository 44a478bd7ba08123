import { MetricRegistry } from '@vedetta/metrics';
import { ownNames } from '../own-names.js';
import { describeError, toText } from '../text.js';
import { AiMeasures } from './ai-measures.js';
import { DatabaseMeasures } from './database-measures.js';
import type {
  AiRequestFacts,
  DatabaseOperationFacts,
  HttpRequestFacts,
  IndexingStatus,
  RagQueryFacts,
} from './facts.js';
import { HttpMeasures } from './http-measures.js';
import { IndexingMeasures } from './indexing-measures.js';
import type { MeasureHost } from './measures.js';
import type { ChatMessage, IndexedFile, Metrics, TimedAiRequest, TimedIndexingJob, TimedRagQuery } from './metrics.js';
import { ChatMeasures, SatisfactionMeasures, ServiceMeasures, UserMeasures } from './people-measures.js';
import { RagMeasures } from './rag-measures.js';
import type { Timed, TimedOutcome } from './timed.js';
import { runTimed, startTimed, succeeded } from './timed.js';

type HelperNames = Extract<keyof Metrics, `track${string}` | `start${string}` | `end${string}`>;

const MAX_ID_CHARS = 256;
/** Of one query: a list given by mistake is not one of stages. */
const MAX_STAGES = 100;

/** The helpers of {@link Metrics}. The metrics of each are made when it is first used: an application without RAG shows none of RAG. */
export abstract class Helpers implements Pick<Metrics, HelperNames> {
  protected readonly host: MeasureHost;
  readonly #notice: (message: () => string) => void;
  readonly #measures = new Map<new (host: MeasureHost) => unknown, unknown>();

  constructor(host: MeasureHost, notice: (message: () => string) => void) {
    this.host = host;
    this.#notice = notice;
  }

  trackHttpRequest(request: HttpRequestFacts): void {
    this.attempt(() => {
      this.#of(HttpMeasures).record(request);
      this.recordSizes(request);
    });
  }

  trackAiRequest(request: AiRequestFacts): void;
  trackAiRequest<T>(request: AiRequestFacts, fn: (request: TimedAiRequest) => T): T;
  trackAiRequest<T>(request: AiRequestFacts, fn?: (request: TimedAiRequest) => T): T | undefined {
    if (typeof fn === 'function') return runTimed(this.startAiRequest(request), fn);
    this.attempt(() => this.#of(AiMeasures).record(request));
    return undefined;
  }

  startAiRequest(request: AiRequestFacts): TimedAiRequest {
    const known: { -readonly [name in keyof AiRequestFacts]: AiRequestFacts[name] } = { model: 'unknown' };
    const set = (facts: Partial<AiRequestFacts>) => {
      this.attempt(() => {
        if (facts.model !== undefined) known.model = facts.model;
        if (facts.type !== undefined) known.type = facts.type;
        if (facts.usage !== undefined) known.usage = facts.usage;
        if (facts.success !== undefined) known.success = facts.success;
        if (facts.error !== undefined) known.error = facts.error;
      });
    };
    set(request);
    const timed = startTimed<TimedOutcome & Pick<AiRequestFacts, 'usage'>>((durationMs, outcome) => {
      if (outcome !== undefined) set(outcome);
      known.durationMs = durationMs;
      this.#of(AiMeasures).record(known);
    });
    return Object.assign(timed, { set });
  }

  trackChatMessage(message: ChatMessage = {}): void {
    this.attempt(() => {
      const { userType = 'user', sessionId, userId } = message;
      this.#of(ChatMeasures).message(userType, toText(sessionId, MAX_ID_CHARS));
      if (userId !== undefined) this.trackActiveUser(userId);
    });
  }

  endChatSession(sessionId: string): void {
    this.attempt(() => this.#of(ChatMeasures).sessionEnded(toText(sessionId, MAX_ID_CHARS)));
  }

  trackRagQuery(query: RagQueryFacts): void;
  trackRagQuery<T>(fn: (query: TimedRagQuery) => T): T;
  trackRagQuery<T>(query: RagQueryFacts | ((query: TimedRagQuery) => T)): T | undefined {
    if (typeof query === 'function') return runTimed(this.startRagQuery(), query);
    this.attempt(() => {
      const measures = this.#of(RagMeasures);
      const { stages } = query;
      if (typeof stages === 'object' && stages !== null) {
        for (const stage of ownNames(stages).slice(0, MAX_STAGES)) measures.stage(stage, stages[stage]);
      }
      measures.query(query.durationMs, query.success !== false);
    });
    return undefined;
  }

  startRagQuery(): TimedRagQuery {
    const timed = startTimed<TimedOutcome>((durationMs, outcome) => {
      this.#of(RagMeasures).query(durationMs, succeeded(outcome));
    });
    const recordStage = (name: string, durationMs: number) => {
      this.attempt(() => this.#of(RagMeasures).stage(name, durationMs));
    };
    const stage = <T>(name: string, fn: () => T): T =>
      runTimed(
        startTimed((durationMs) => recordStage(name, durationMs)),
        fn,
      );
    return Object.assign(timed, { stage, recordStage });
  }

  trackVectorSearch(durationMs: number): void;
  trackVectorSearch<T>(fn: () => T): T;
  trackVectorSearch<T>(search: number | (() => T)): T | undefined {
    const record = (durationMs: number) => this.attempt(() => this.#of(RagMeasures).search(durationMs));
    if (typeof search === 'function') return runTimed(startTimed(record), search);
    record(search);
    return undefined;
  }

  trackIndexingJob<T>(fn: (job: TimedIndexingJob) => T): T {
    return runTimed(this.startIndexingJob(), fn);
  }

  startIndexingJob(options: { readonly queued?: boolean } = {}): TimedIndexingJob {
    const isQueued = this.attempt(() => options.queued === true) ?? false;
    let status: IndexingStatus | undefined;
    let startMs = performance.now();
    const move = (to: IndexingStatus, durationMs?: number) => {
      const from = status;
      status = to;
      this.attempt(() => this.#of(IndexingMeasures).moved(from, to, durationMs));
    };
    const timed = startTimed<TimedOutcome & { readonly status?: 'cancelled' }>((_totalMs, outcome) => {
      const end = outcome?.status === 'cancelled' ? 'cancelled' : succeeded(outcome) ? 'completed' : 'failed';
      move(end, status === 'queued' ? undefined : performance.now() - startMs);
    });
    move(isQueued ? 'queued' : 'running');
    const run = () => {
      if (status !== 'queued') return;
      startMs = performance.now();
      move('running');
    };
    const file = (indexed: IndexedFile) => this.trackFile(indexed);
    const job = Object.assign(timed, { run, file });
    return Object.defineProperty(job, 'status', { get: () => status, enumerable: true }) as unknown as TimedIndexingJob;
  }

  trackFile(file: IndexedFile): void {
    this.attempt(() => this.#of(IndexingMeasures).file(file.format, file.success !== false));
  }

  trackDatabaseOperation(operation: DatabaseOperationFacts & { readonly durationMs: number }): void;
  trackDatabaseOperation<T>(operation: DatabaseOperationFacts, fn: () => T): T;
  trackDatabaseOperation<T>(
    operation: DatabaseOperationFacts & { readonly durationMs?: number },
    fn?: () => T,
  ): T | undefined {
    if (typeof fn === 'function') return runTimed(this.startDatabaseOperation(operation), fn);
    this.attempt(() => this.#of(DatabaseMeasures).record(operation, operation.durationMs));
    return undefined;
  }

  startDatabaseOperation(operation: DatabaseOperationFacts): Timed {
    return startTimed((durationMs) => this.#of(DatabaseMeasures).record(operation, durationMs));
  }

  trackActiveUser(userId: string): void {
    this.attempt(() => this.#of(UserMeasures).seen(toText(userId, MAX_ID_CHARS)));
  }

  trackSatisfaction(score: number): void {
    this.attempt(() => this.#of(SatisfactionMeasures).scored(score));
  }

  trackServiceHealth(service: string, healthy: boolean): void {
    this.attempt(() => this.#of(ServiceMeasures).checked(service, healthy));
  }

  /** Sizes of a request that was stated. */
  protected abstract recordSizes(request: HttpRequestFacts): void;

  /** Runs a part of the recording; what goes wrong in it is reported, and no business of the application's. */
  protected attempt<T>(record: () => T): T | undefined {
    try {
      return record();
    } catch (error) {
      this.#notice(() => `something was not counted: ${describeError(error).message}`);
      return undefined;
    }
  }

  /** The metrics of a subject, made when they are first needed; where a name of theirs is taken, such that show nowhere. */
  #of<M>(Measures: new (host: MeasureHost) => M): M {
    const known = this.#measures.get(Measures);
    if (known !== undefined) return known as M;
    const measures =
      this.attempt(() => new Measures(this.host)) ?? new Measures({ ...this.host, registry: new MetricRegistry() });
    this.#measures.set(Measures, measures);
    return measures;
  }
}
