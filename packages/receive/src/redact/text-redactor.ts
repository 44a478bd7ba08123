import { cutText } from '@vedetta/model';
import type { SecretPattern } from './content-policy.js';
import type { Detector } from './detectors.js';
import { DETECTORS } from './detectors.js';
import { secretHints } from './secret-hints.js';

// The shortest secret that is looked for, an e-mail address such as `a@b.co`.
const MIN_LENGTH = 6;

// Short texts repeat (models, methods, names of services): those found clean are remembered.
const MAX_REMEMBERED_LENGTH = 64;
const MAX_REMEMBERED = 16_384;

// Where only the beginning is kept, this much more of the text is searched, so that a secret across the cut is recognised.
// A secret that begins before the cut and ends after the window is masked to the window's end.
const WINDOW = 1024;

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
    const clean = this.#replace(text);
    if (short && clean === text) {
      if (this.#clean.size >= MAX_REMEMBERED) this.#clean.clear();
      this.#clean.add(text);
    }
    return clean;
  }

  /** Masks, then cuts. Costs no more than the searched window however long the text is. */
  redactAndCut(text: string, maxCodePoints: number): string {
    if (text.length <= maxCodePoints) return this.redact(text);
    let window = maxCodePoints * 2 + WINDOW;
    if (text.length <= window) return cutText(this.redact(text), maxCodePoints);
    if ((text.charCodeAt(window - 1) & 0xfc00) === 0xd800) window--;
    const clean = this.redact(text.slice(0, window));
    // What follows the window was left out: the cut must show even when masking made the rest short.
    return cutText(clean.length > maxCodePoints ? clean : `${clean}…`, maxCodePoints);
  }

  /** Secrets found since the last call, by kind. */
  takeCounts(): { readonly [kind: string]: number } {
    const counts = Object.fromEntries(this.#found);
    this.#found = new Map();
    return counts;
  }

  #replace(text: string): string {
    let hints = secretHints(text);
    if (hints === 0 && !this.#custom) return text;
    let result = text;
    for (const { needs, replace } of this.#detectors) {
      if ((needs & hints) !== needs) continue;
      const next = replace(result, this.#report);
      if (next === result) continue;
      // What stood against a secret without a gap now begins at its placeholder's end.
      hints |= secretHints(next);
      result = next;
    }
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
    needs: 0,
    replace: (text, report) =>
      text.replace(secret, (match) => {
        // A pattern that matches nothing would fill the text with placeholders.
        if (match === '') return match;
        report(kind);
        return `[redacted:${kind}]`;
      }),
  };
}
