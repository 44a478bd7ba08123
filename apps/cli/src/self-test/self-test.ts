import { errorMessage } from '../failure.js';
import type { ReachableServer } from '../server-address.js';
import { type LiveListener, listenLive } from './live-listener.js';
import { createSyntheticRequest, type SyntheticRequest } from './synthetic-request.js';

const CALL_LIMIT_MS = 5000;
const LIVE_LIMIT_MS = 5000;

/** What became of one step. `skipped`: a step before it failed, so it could not be tried. */
export interface StepResult {
  readonly name: string;
  readonly outcome: 'ok' | 'failed' | 'skipped';
  readonly elapsedMs: number;
  /** What was found, or why it failed. */
  readonly detail: string;
}

interface StepState {
  readonly server: ReachableServer;
  readonly request: SyntheticRequest;
  live: LiveListener | undefined;
}

interface Step {
  readonly name: string;
  /** Without it the steps after it make no sense. */
  readonly essential: boolean;
  /** Answers what it found; throws an error that says what is wrong. */
  readonly run: (state: StepState) => Promise<string>;
}

/** The whole path of a request, in order. */
const STEPS: readonly Step[] = [
  { name: 'server answers', essential: true, run: serverAnswers },
  { name: 'live updates connect', essential: false, run: connectLive },
  { name: 'request is received (OTLP)', essential: true, run: sendRequest },
  { name: 'request is stored', essential: false, run: readRequest },
  { name: 'timeline shows its phases', essential: false, run: readTimeline },
  { name: 'SQL finds it', essential: false, run: readSql },
  { name: 'live page is told', essential: false, run: hearLive },
];

/**
 * Sends one made-up request through a running server and looks for it everywhere that it must show. Deletes nothing: the
 * request stays, under the service `vedetta-self-test`, until its retention ends.
 */
export async function runSelfTest(
  server: ReachableServer,
  onStep: (result: StepResult) => void,
): Promise<readonly StepResult[]> {
  const state: StepState = { server, request: createSyntheticRequest(Date.now()), live: undefined };
  const results: StepResult[] = [];
  let broken = false;
  for (const step of STEPS) {
    const result: StepResult = broken
      ? { name: step.name, outcome: 'skipped', elapsedMs: 0, detail: 'a step before it failed' }
      : await runStep(step, state);
    if (result.outcome === 'failed' && step.essential) broken = true;
    results.push(result);
    onStep(result);
  }
  state.live?.close();
  return results;
}

async function runStep(step: Step, state: StepState): Promise<StepResult> {
  const started = performance.now();
  const done = (outcome: 'ok' | 'failed', detail: string): StepResult => ({
    name: step.name,
    outcome,
    elapsedMs: performance.now() - started,
    detail,
  });
  try {
    return done('ok', await step.run(state));
  } catch (error) {
    return done('failed', errorMessage(error));
  }
}

async function serverAnswers({ server }: StepState): Promise<string> {
  const status = await server.client.status(AbortSignal.timeout(CALL_LIMIT_MS));
  if (status.status !== 'ok') throw new Error(`it is ${status.status}: ${status.problems.join('; ')}`);
  return `version ${status.version}, pid ${status.pid}`;
}

async function connectLive(state: StepState): Promise<string> {
  state.live = await listenLive(state.server.baseUrl, state.server.apiKey);
  return 'GET /api/live';
}

async function sendRequest({ server, request }: StepState): Promise<string> {
  const response = await fetch(`${server.baseUrl}/v1/traces`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(server.apiKey === undefined ? {} : { authorization: `Bearer ${server.apiKey}` }),
    },
    body: request.body,
    signal: AbortSignal.timeout(CALL_LIMIT_MS),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`POST /v1/traces answered ${response.status}: ${text.slice(0, 300)}`);
  const answer = JSON.parse(text) as { partialSuccess?: { rejectedSpans?: string | number; errorMessage?: string } };
  if (Number(answer.partialSuccess?.rejectedSpans ?? 0) > 0) {
    throw new Error(`spans were rejected: ${answer.partialSuccess?.errorMessage ?? 'no reason given'}`);
  }
  return `request ${request.requestId}`;
}

async function readRequest({ server, request }: StepState): Promise<string> {
  const row = await server.client.request(request.requestId, AbortSignal.timeout(CALL_LIMIT_MS));
  expectEqual('status', row.status, 'completed');
  expectEqual('input_tokens', row.input_tokens, request.inputTokens);
  expectEqual('output_tokens', row.output_tokens, request.outputTokens);
  return `${row.span_count} spans, ${row.model}`;
}

async function readTimeline({ server, request }: StepState): Promise<string> {
  const timeline = await server.client.requestTimeline(request.requestId, AbortSignal.timeout(CALL_LIMIT_MS));
  const phases = timeline.phases.map((phase) => phase.phase);
  expectEqual('phases', phases.join(', '), request.phases.join(', '));
  return phases.join(', ');
}

async function readSql({ server, request }: StepState): Promise<string> {
  const sql = `select count(distinct phase) as phases from request_phases where request_id = '${request.requestId}'`;
  const answer = await server.client.sql({ sql }, AbortSignal.timeout(CALL_LIMIT_MS));
  expectEqual('phases in request_phases', Number(answer.rows[0]?.phases ?? 0), request.phases.length);
  return 'view request_phases';
}

async function hearLive({ live, request }: StepState): Promise<string> {
  if (live === undefined) throw new Error('the connection failed');
  await live.waitFor(request.requestId, LIVE_LIMIT_MS);
  return 'event "requests"';
}

function expectEqual(what: string, actual: unknown, expected: unknown): void {
  if (actual !== expected)
    throw new Error(`${what} is ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`);
}
