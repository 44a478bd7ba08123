import { createHmac } from 'node:crypto';

// Twelve hex digits: two of a million people share them with a chance of one in five hundred.
const PSEUDONYM_DIGITS = 12;
const PLACEHOLDER = /\[redacted:([^\]:]+)\]/;
// The same person comes with every request, and a hash costs more than all the rest of masking.
const MAX_REMEMBERED = 4096;

// Where the dialects state who a request is for, and in which conversation.
const IDENTITY_KEYS: ReadonlySet<string> = new Set([
  'user.id',
  'enduser.id',
  'session.id',
  'gen_ai.conversation.id',
  'langfuse.user.id',
  'langfuse.session.id',
  'ai.telemetry.metadata.userId',
  'ai.telemetry.metadata.sessionId',
  'traceloop.association.properties.user_id',
  'traceloop.association.properties.session_id',
  'traceloop.association.properties.thread_id',
  'langsmith.metadata.user_id',
  'langsmith.metadata.session_id',
  'langsmith.metadata.thread_id',
  'langsmith.metadata.conversation_id',
]);

/** True when the attribute holds the id of a user, a session or a conversation. */
export function isIdentityKey(key: string): boolean {
  return IDENTITY_KEYS.has(key);
}

/**
 * Replaces ids that had to be masked by pseudonyms, `[redacted:email:1f2e3d4c5b6a]`: one person stays one and two stay two,
 * and without the key nobody can tell whose it is or try addresses on it.
 */
export class IdentityMasker {
  readonly #key: string | Uint8Array;
  readonly #known = new Map<string, string>();

  constructor(key: string | Uint8Array) {
    this.#key = key;
  }

  /** The pseudonym of `id`; `masked` is the id with its secrets replaced, which says of what kind they are. */
  pseudonym(id: string, masked: string): string {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const kind = PLACEHOLDER.exec(masked)?.[1] ?? 'identity';
    // Mail systems take no notice of an address's case, and people write theirs in either.
    const digest = createHmac('sha256', this.#key).update(id.trim().toLowerCase()).digest('hex');
    const pseudonym = `[redacted:${kind}:${digest.slice(0, PSEUDONYM_DIGITS)}]`;
    if (this.#known.size >= MAX_REMEMBERED) this.#known.clear();
    this.#known.set(id, pseudonym);
    return pseudonym;
  }
}
