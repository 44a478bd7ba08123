import { cutText } from '@vedetta/model';
import type { SecretPattern } from './content-policy.js';
import type { Detector } from './detectors.js';
import { DETECTORS } from './detectors.js';

// The shortest secret that is looked for, an e-mail address such as `a@b.co`.
const MIN_LENGTH = 6;

// Something without which no detector can find anything: a long token, an address, an assignment, a header, a card number.
const MAY_HOLD_SECRET = /@|[:=]["'\\\s]|=|:\/\/|eyJ|[A-Za-z0-9_-]{16}|bearer\s|-----|\d{4}[ -]\d{4}/i;

// Short texts repeat (models, methods, names of services): those found clean are remembered.
const MAX_REMEMBERED_LENGTH = 64;
const MAX_REMEMBERED = 16_384;

// Where only the beginning is kept, this much more of the text is searched, so that a secret across the cut is seen whole.
const WINDOW = 8192;

/** Masks secrets in texts and counts them by kind. */
export class TextRedactor {
  readonly #detectors: readonly Detector[];
  readonly #clean = new Set<string>();
  readonly #custom: boolean;
  #found = new Map<string, number>();

  constructor(patterns: readonly SecretPattern[] = []) {
    this.#custom = patterns.length > 0;
    this.#detectors = [...DETECTORS, ...patterns.map(toDetector)];
  }

  /** The text with every secret replaced by `[redacted:kind]`; the same string when it holds none. */
  redact(text: string): string {
    if (text.length < MIN_LENGTH && !this.#custom) return text;
    const short = text.length <= MAX_REMEMBERED_LENGTH;
    if (short && this.#clean.has(text)) return text;
    const clean = this.#custom || MAY_HOLD_SECRET.test(text) ? this.#replace(text) : text;
    if (short && clean === text) {
      if (this.#clean.size >= MAX_REMEMBERED) this.#clean.clear();
      this.#clean.add(text);
    }
    return clean;
  }

  /** Masks, then cuts. Costs no more than the searched window however long the text is. */
  redactAndCut(text: string, maxCodePoints: number): string {
    if (text.length <= maxCodePoints) return this.redact(text);
    const window = maxCodePoints * 2 + WINDOW;
    if (text.length <= window) return cutText(this.redact(text), maxCodePoints);
    const clean = this.redact(text.slice(0, window));
    // What follows the window was left out: the cut must show even when masking made the rest short.
    return cutText(`${clean}…`, maxCodePoints);
  }

  /** Secrets found since the last call, by kind. */
  takeCounts(): { readonly [kind: string]: number } {
    const counts = Object.fromEntries(this.#found);
    this.#found = new Map();
    return counts;
  }

  #replace(text: string): string {
    let result = text;
    for (const detector of this.#detectors) result = detector.replace(result, this.#report);
    return result;
  }

  readonly #report = (kind: string): void => {
    this.#found.set(kind, (this.#found.get(kind) ?? 0) + 1);
  };
}

function toDetector({ kind, pattern }: SecretPattern): Detector {
  const flags = pattern.flags.includes('g') ? pattern.flags : `${pattern.flags}g`;
  const secret = new RegExp(pattern.source, flags);
  return {
    kind,
    replace: (text, report) =>
      text.replace(secret, (match) => {
        // A pattern that matches nothing would fill the text with placeholders.
        if (match === '') return match;
        report(kind);
        return `[redacted:${kind}]`;
      }),
  };
}
