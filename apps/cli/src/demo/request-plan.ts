import type { Random } from './random.js';
import { REQUEST_KINDS, type RequestKind } from './request-kinds.js';

/** Everything that one simulated request will do, decided before it starts. */
export interface RequestPlan {
  readonly name: string;
  readonly modality: string;
  readonly model: string;
  readonly provider: string;
  readonly stream: boolean;
  readonly userId: string;
  readonly sessionId: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly requestSizeBytes: number;
  readonly phases: readonly PlannedPhase[];
  readonly timeToFirstTokenMs: number;
  readonly prompt: string;
  readonly answer: string;
  readonly fault: PlannedFault | undefined;
  /** Pattern of the route that answers it, and the status it answers with. */
  readonly route: string;
  readonly httpStatus: number;
  /** What its user thinks of the answer; most say nothing. */
  readonly thumb: 'up' | 'down' | undefined;
}

export interface PlannedPhase {
  readonly name: string;
  readonly durationMs: number;
  /** The phase in which the model is called. */
  readonly callsModel: boolean;
}

/** How a request goes wrong: its last phase fails with this. */
export interface PlannedFault {
  readonly status: 'failed' | 'timeout' | 'cancelled';
  readonly type: string;
  readonly message: string;
  readonly httpStatus: number;
}

/** Tokens of a request that are given, by a recorded workload. */
export interface GivenTokens {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

const USERS = 40;

/** Rates of what real services show: a few errors, a few very slow requests. */
const FAULT_SHARE = 0.025;
const SLOW_SHARE = 0.02;
const SLOW_FACTOR = 6;
/** Few say what they think, and most of those are pleased. */
const SCORE_SHARE = 0.12;
const PLEASED_SHARE = 0.85;

/** Decides one request. Tokens are drawn when none are given. */
export function planRequest(random: Random, given?: GivenTokens): RequestPlan {
  const kind = random.pick(REQUEST_KINDS.map((entry) => [entry, entry.weight] as const));
  const model = random.pick(kind.models);
  const inputTokens = given?.inputTokens ?? Math.round(random.logNormal(kind.inputTokens, 0.8));
  const outputTokens = given?.outputTokens ?? Math.round(random.logNormal(kind.outputTokens, 0.7));
  const slow = random.next() < SLOW_SHARE ? SLOW_FACTOR : 1;
  const timeToFirstTokenMs = slow * (random.logNormal(120, 0.4) + inputTokens / model.promptTokensPerMs);
  const generationMs = timeToFirstTokenMs + (slow * outputTokens) / model.answerTokensPerMs;
  const fault = random.next() < FAULT_SHARE ? planFault(random, model.name) : undefined;
  const user = Math.floor(USERS * random.next() ** 2) + 1;
  const [prompt, answer] = random.pick(kind.texts.map((texts) => [texts, 1] as const));
  return {
    name: kind.name,
    modality: kind.modality,
    model: model.name,
    provider: model.provider,
    stream: random.next() < kind.streamShare,
    userId: `user-${String(user).padStart(3, '0')}`,
    sessionId: `session-${user}-${Math.floor(random.next() * 3) + 1}`,
    inputTokens,
    outputTokens,
    requestSizeBytes: 200 + inputTokens * 4,
    phases: planPhases(random, kind, generationMs),
    timeToFirstTokenMs,
    prompt,
    answer,
    fault,
    route: kind.route,
    httpStatus: fault?.httpStatus ?? 200,
    thumb:
      fault === undefined && random.next() < SCORE_SHARE ? (random.next() < PLEASED_SHARE ? 'up' : 'down') : undefined,
  };
}

/** Time from the start of a request to its end, in milliseconds. */
export function planDurationMs(plan: RequestPlan): number {
  return plan.phases.reduce((sum, phase) => sum + phase.durationMs, 0);
}

function planPhases(random: Random, kind: RequestKind, generationMs: number): PlannedPhase[] {
  return kind.phases.map((phase) =>
    phase.medianMs === 'model'
      ? { name: phase.name, durationMs: generationMs, callsModel: true }
      : { name: phase.name, durationMs: random.logNormal(phase.medianMs, 0.5), callsModel: false },
  );
}

function planFault(random: Random, model: string): PlannedFault {
  const number = Math.floor(random.next() * 9000) + 1000;
  return random.pick<PlannedFault>([
    [
      {
        status: 'failed',
        type: 'RateLimitError',
        message: `429 rate limit reached for ${model}: try again in ${number} ms`,
        httpStatus: 429,
      },
      4,
    ],
    [
      {
        status: 'failed',
        type: 'ProviderError',
        message: `503 the engine is overloaded (request req_${number}a9f3c2b71de)`,
        httpStatus: 502,
      },
      2,
    ],
    [
      {
        status: 'failed',
        type: 'ContextLengthError',
        message: `the prompt has ${number * 20} tokens, ${model} takes fewer`,
        httpStatus: 400,
      },
      1,
    ],
    [
      {
        status: 'failed',
        type: 'ConnectionError',
        message: `connect ECONNREFUSED 10.0.3.${number % 250}:8000`,
        httpStatus: 502,
      },
      1,
    ],
    [{ status: 'timeout', type: 'TimeoutError', message: 'no answer within 30000 ms', httpStatus: 504 }, 2],
    [{ status: 'cancelled', type: 'AbortError', message: 'the client closed the connection', httpStatus: 499 }, 2],
  ]);
}
