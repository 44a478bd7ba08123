import { ApiError } from './envelope.js';

/** Parameters of a question, those of a form before those of the address; unknown ones are not looked at. */
export class Parameters {
  readonly #form: URLSearchParams;
  readonly #query: URLSearchParams;

  constructor(url: string, form: URLSearchParams | undefined) {
    const at = url.indexOf('?');
    this.#query = new URLSearchParams(at < 0 ? '' : url.slice(at + 1));
    this.#form = form ?? new URLSearchParams();
  }

  /** `''` when it is absent. */
  text(name: string): string {
    return this.#form.get(name) ?? this.#query.get(name) ?? '';
  }

  all(name: string): readonly string[] {
    return [...this.#form.getAll(name), ...this.#query.getAll(name)];
  }

  /** Milliseconds since the epoch; the default where it is absent. */
  time(name: string, absent: number): number {
    const text = this.text(name);
    if (text === '') return absent;
    const ms = parseTime(text);
    if (ms === undefined) throw invalid(name, `cannot parse "${text}" to a valid timestamp`);
    return ms;
  }

  /** Milliseconds; `undefined` where it is absent. */
  duration(name: string): number | undefined {
    const text = this.text(name);
    if (text === '') return undefined;
    const ms = parseDuration(text);
    if (ms === undefined) throw invalid(name, `cannot parse "${text}" to a valid duration`);
    return ms;
  }

  /** How many to answer at most; `undefined` for all, which 0 says too. */
  limit(name = 'limit'): number | undefined {
    const text = this.text(name);
    if (text === '') return undefined;
    if (!/^\d{1,15}$/.test(text)) throw invalid(name, `cannot parse "${text}" to a number of at least 0`);
    return Number(text) === 0 ? undefined : Number(text);
  }
}

export function invalid(name: string, reason: string): ApiError {
  return new ApiError('bad_data', `invalid parameter "${name}": ${reason}`);
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i;
/** Where Prometheus' times end; clients send these for all there is. */
const MAX_MS = 8.64e15;

/** Seconds since the epoch, or RFC 3339, as milliseconds. */
export function parseTime(text: string): number | undefined {
  if (NUMBER.test(text)) {
    const ms = Math.round(Number(text) * 1000);
    return Number.isFinite(ms) ? Math.min(Math.max(ms, -MAX_MS), MAX_MS) : undefined;
  }
  if (!RFC3339.test(text)) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}

const UNIT_MS: Readonly<Record<string, number>> = {
  y: 31_536_000_000,
  w: 604_800_000,
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
};
const DURATION = /^(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?(?:\d+ms)?$/;

/** Seconds, or a duration such as `1h30m`, as milliseconds. */
export function parseDuration(text: string): number | undefined {
  if (NUMBER.test(text)) return boundedMs(Number(text) * 1000);
  if (text === '' || !DURATION.test(text)) return undefined;
  let ms = 0;
  for (const [, count, unit = ''] of text.matchAll(/(\d+)(ms|[ywdhms])/g)) ms += Number(count) * (UNIT_MS[unit] ?? 0);
  return boundedMs(ms);
}

function boundedMs(ms: number): number | undefined {
  return Math.abs(ms) <= MAX_MS ? ms : undefined;
}
