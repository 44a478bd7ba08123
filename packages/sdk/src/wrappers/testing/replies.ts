import type { Reply } from './upstream.js';

/** A JSON answer. */
export function json(value: unknown, status = 200): Reply {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

/** A chat completion of OpenAI. */
export function completion(content: string): Reply {
  const usage = { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 };
  const choices = [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }];
  return json({ id: 'c1', object: 'chat.completion', created: 1, model: 'gpt-4o-2024', choices, usage });
}

/** One event of a streamed chat completion. */
export function chunk(delta: object, more: object = {}): string {
  const choices = [{ index: 0, delta, finish_reason: null }];
  const piece = { id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'gpt-4o', choices, ...more };
  return `data: ${JSON.stringify(piece)}\n\n`;
}

/** A stream of server-sent events. */
export function events(pieces: AsyncIterable<string> | Iterable<string>): Reply {
  return { headers: { 'content-type': 'text/event-stream' }, pieces };
}

/** The pieces, and then nothing until the client goes away. */
export async function* endless(...pieces: readonly string[]): AsyncGenerator<string> {
  yield* pieces;
  await new Promise(() => {});
}
