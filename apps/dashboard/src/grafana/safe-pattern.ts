const MAX_LENGTH = 500;

/**
 * A pattern out of a dashboard, as `/…/flags` or plain; `undefined` for one that is none, is too long, or could run for ever
 * on a text that is made for it.
 */
export function safePattern(text: string, fallbackFlags = ''): RegExp | undefined {
  if (text === '' || text.length > MAX_LENGTH) return undefined;
  const slashed = /^\/(.*)\/([gimsuy]*)$/s.exec(text);
  const source = slashed === null ? text : (slashed[1] ?? '');
  if (repeatsChoices(source)) return undefined;
  try {
    return new RegExp(source, slashed === null ? fallbackFlags : (slashed[2] ?? '').replaceAll('y', ''));
  } catch {
    return undefined;
  }
}

/** A group is repeated that repeats inside or has alternatives: there may be exponentially many ways to match one text. */
function repeatsChoices(source: string): boolean {
  /** For each open group: a choice was seen in it. */
  const groups: boolean[] = [];
  const choose = () => {
    if (groups.length > 0) groups[groups.length - 1] = true;
  };
  let set = false;
  for (let i = 0; i < source.length; i++) {
    const char = source[i];
    if (char === '\\') i += 1;
    else if (set) set = char !== ']';
    else if (char === '[') set = true;
    else if (char === '(') {
      groups.push(false);
      if (source[i + 1] === '?') i += 1;
    } else if (char === ')') {
      const chose = groups.pop() === true;
      if (chose && /^[+*{]/.test(source.slice(i + 1, i + 2))) return true;
      if (chose) choose();
    } else if (char !== undefined && '+*?{|'.includes(char)) choose();
  }
  return false;
}
