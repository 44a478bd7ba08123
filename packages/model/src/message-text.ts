import type { Message } from './message.js';

/** Length of a preview in code points: what a table row shows. */
export const PREVIEW_CODE_POINTS = 200;

/**
 * Text of the last user message, for a table row: its text parts joined by a space, white space folded, at most 200 code
 * points, `…` at the end when something was cut. `''` when there is no user message with text.
 */
export function lastUserText(messages: readonly Message[] | undefined): string {
  for (let i = (messages?.length ?? 0) - 1; i >= 0; i--) {
    const message = messages?.[i];
    if (message === undefined || !isUser(message.role)) continue;
    const text = messageText(message);
    if (text !== '') return text;
  }
  return '';
}

/**
 * Text of the first answer that has any, cut like {@link lastUserText}. Messages of `system`, `user` and `tool` are passed
 * over, since some senders repeat the history in the output. `''` when the model only called tools or said nothing.
 */
export function answerText(messages: readonly Message[] | undefined): string {
  for (const message of messages ?? []) {
    if (message.role === 'system' || message.role === 'tool' || isUser(message.role)) continue;
    const text = messageText(message);
    if (text !== '') return text;
  }
  return '';
}

/**
 * Cuts a text to a number of code points, never inside a surrogate pair; what is left ends with `…`, which counts as one of
 * them. Costs no more than the part that is kept.
 */
export function cutText(text: string, maxCodePoints: number): string {
  if (text.length <= maxCodePoints) return text;
  if (!hasSurrogate(text, maxCodePoints)) return `${text.slice(0, maxCodePoints - 1)}…`;
  let unit = 0;
  let keep = 0;
  for (let points = 0; points < maxCodePoints; points++) {
    if (unit >= text.length) return text;
    keep = unit;
    unit += (text.codePointAt(unit) ?? 0) > 0xffff ? 2 : 1;
  }
  return unit >= text.length ? text : `${text.slice(0, keep)}…`;
}

/** True when one of the first units is half of a pair: units and code points are then not the same. */
function hasSurrogate(text: string, units: number): boolean {
  for (let i = 0; i < units; i++) {
    if ((text.charCodeAt(i) & 0xf800) === 0xd800) return true;
  }
  return false;
}

function messageText(message: Message): string {
  let text = '';
  for (const part of message.parts) {
    if (part.type !== 'text' || typeof part.content !== 'string') continue;
    text = text === '' ? part.content : `${text} ${part.content}`;
    if (text.length > PREVIEW_CODE_POINTS * 4) break;
  }
  // Folding needs no more than a few times the preview's length; a prompt may have megabytes.
  return cutText(
    text
      .slice(0, PREVIEW_CODE_POINTS * 4)
      .replace(/\s+/g, ' ')
      .trim(),
    PREVIEW_CODE_POINTS,
  );
}

function isUser(role: string): boolean {
  return role === 'user' || role === 'human';
}
