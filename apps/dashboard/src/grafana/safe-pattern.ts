const MAX_LENGTH = 500;
/** A repeated group whose inside repeats too: such patterns can take longer than anybody waits. */
const NESTED_REPEAT = /\((?:[^()\\]|\\.)*[+*}](?:[^()\\]|\\.)*\)\s*[+*{]/;

/**
 * A pattern out of a dashboard, as `/…/flags` or plain; `undefined` for one that is none, is too long, or could run for ever
 * on a text that is made for it.
 */
export function safePattern(text: string, fallbackFlags = ''): RegExp | undefined {
  if (text === '' || text.length > MAX_LENGTH || NESTED_REPEAT.test(text)) return undefined;
  const slashed = /^\/(.*)\/([gimsuy]*)$/s.exec(text);
  try {
    return slashed === null
      ? new RegExp(text, fallbackFlags)
      : new RegExp(slashed[1] ?? '', (slashed[2] ?? '').replaceAll('y', ''));
  } catch {
    return undefined;
  }
}
