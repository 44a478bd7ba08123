import { nestsDeeperThan } from '@vedetta/model';
import { ProblemError } from './problem.js';

/** No body of the API needs more; deeper ones are made to exhaust the stack. */
const MAX_BODY_DEPTH = 50;

/**
 * Parses the body of a request. Throws a 400 that says which of these it is: empty, no JSON, nested too deep, or made to
 * change the prototype of the objects it is copied into (keys `__proto__`, and `constructor` with a `prototype`).
 */
export function parseJsonBody(text: string): unknown {
  if (text.trim() === '') throw new ProblemError(400, 'the body is empty; send a JSON object');
  if (nestsDeeperThan(text, MAX_BODY_DEPTH)) {
    throw new ProblemError(
      400,
      `the body is nested more than ${MAX_BODY_DEPTH} levels deep; send less, or send it as text`,
    );
  }
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    throw new ProblemError(400, `the body is not valid JSON${whereOf(error)}`);
  }
  const key = findPoison(body);
  if (key !== undefined) {
    throw new ProblemError(
      400,
      `the body has the key ${JSON.stringify(key)}, which is not taken; give it another name`,
    );
  }
  return body;
}

/** The engine's sentence quotes the text, which may be a prompt: only the place is kept of it, where it says one. */
function whereOf(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position !== undefined) return `: there is a mistake at character ${position}`;
  return /unexpected end/i.test(message) ? ': it ends too early' : '';
}

/** Goes as deep as the body, which is bounded before. */
function findPoison(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, member] of Object.entries(value)) {
    if (key === '__proto__') return key;
    if (key === 'constructor' && typeof member === 'object' && member !== null && Object.hasOwn(member, 'prototype')) {
      return key;
    }
    const found = findPoison(member);
    if (found !== undefined) return found;
  }
  return undefined;
}
