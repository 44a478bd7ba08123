/**
 * How much of prompts, responses, tool arguments and documents is kept. `off`: none. `preview`: the first 200 characters of
 * each text. `full`: all of it. `numbers`: no free text at all, only numbers, booleans, ids and names from a fixed list.
 * Secrets are masked in every mode, before anything is cut.
 */
export type ContentMode = 'off' | 'preview' | 'full' | 'numbers';

/** All modes, in the order of the documentation. */
export const CONTENT_MODES: readonly ContentMode[] = ['off', 'preview', 'full', 'numbers'];

/** A kind of secret of the user's own. The whole match becomes `[redacted:kind]`. */
export interface SecretPattern {
  readonly kind: string;
  /** Its flags are kept but for `g`, which is always set. It runs on every text: keep it linear. */
  readonly pattern: RegExp;
}

/** What happens to text before it is stored. Compiled once for each object: keep it. */
export interface ContentPolicy {
  readonly mode: ContentMode;
  /** Code points that a text keeps in mode `preview`, 200 by default. */
  readonly previewCodePoints?: number;
  readonly patterns?: readonly SecretPattern[];
  /**
   * Ids of users and sessions that have to be masked, e-mail addresses above all, become pseudonyms under this key:
   * `[redacted:email:1f2e3d4c5b6a]`, one for each address whatever its case. It must be secret, random (32 bytes) and the same
   * after a restart. Without it all such ids become one placeholder, `[redacted:email]`, and can't be told apart.
   */
  readonly identityKey?: string | Uint8Array;
}

/** The default: previews of 200 code points, built-in kinds of secrets. */
export const DEFAULT_CONTENT_POLICY: ContentPolicy = { mode: 'preview' };
