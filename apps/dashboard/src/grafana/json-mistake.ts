const SPACE = /[ \t\n\r]*/y;
const SCALAR =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids these in texts, and no others
  /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/uy;

/**
 * Where a text stops being JSON: the index of the first character that cannot stand there, the length of the text where it ends
 * too early; `undefined` for valid JSON. Browsers say it each in another way, or not at all.
 */
export function findJsonMistake(text: string): number | undefined {
  const open: ('{' | '[')[] = [];
  let expected: 'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'comma or end' | 'nothing' = 'value';
  for (let at = skip(SPACE, text, 0); at < text.length; at = skip(SPACE, text, at)) {
    const char = text[at] ?? '';
    const closes = open.at(-1) === '{' ? '}' : ']';
    const afterValue = (): typeof expected => (open.length === 0 ? 'nothing' : 'comma or end');
    if (expected.endsWith('or end') && char === closes && open.length > 0) {
      open.pop();
      expected = afterValue();
      at += 1;
    } else if (expected === 'comma or end' && char === ',') {
      expected = open.at(-1) === '{' ? 'key' : 'value';
      at += 1;
    } else if (expected === 'colon' && char === ':') {
      expected = 'value';
      at += 1;
    } else if (expected.startsWith('value') && (char === '{' || char === '[')) {
      open.push(char);
      expected = char === '{' ? 'key or end' : 'value or end';
      at += 1;
    } else if (expected.startsWith('value') || (expected.startsWith('key') && char === '"')) {
      const end = skip(SCALAR, text, at);
      if (end === at) return at;
      expected = expected.startsWith('key') ? 'colon' : afterValue();
      at = end;
    } else return at;
  }
  return expected === 'nothing' ? undefined : text.length;
}

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
