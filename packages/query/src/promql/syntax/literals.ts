const UNIT_SECONDS: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
};
const DURATION = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;
const UNITS = ['y', 'w', 'd', 'h', 'm', 's', 'ms'] as const;

/** Seconds of `1h30m`; `undefined` when it is no duration. Units go from large to small, each at most once. */
export function parseDuration(text: string): number | undefined {
  const match = text === '' ? null : DURATION.exec(text);
  if (match === null) return undefined;
  let ms = 0;
  for (const [i, unit] of UNITS.entries()) {
    const count = match[i + 1];
    if (count !== undefined) ms += Number(count) * Math.round((UNIT_SECONDS[unit] ?? 0) * 1000);
  }
  return ms / 1000;
}

/** A number, or a duration in seconds, with an optional sign; `undefined` when it is neither. */
export function parseNumber(text: string): number | undefined {
  const sign = text.startsWith('-') ? -1 : 1;
  const digits = (text.startsWith('-') || text.startsWith('+') ? text.slice(1) : text).trim().replaceAll('_', '');
  if (/^inf$/i.test(digits)) return sign * Number.POSITIVE_INFINITY;
  if (/^nan$/i.test(digits)) return Number.NaN;
  if (/^0x[0-9a-f]+$/i.test(digits)) return sign * Number.parseInt(digits, 16);
  // As in Go a leading zero makes an integer octal where all digits are.
  if (/^0[0-7]+$/.test(digits)) return sign * Number.parseInt(digits, 8);
  if (/^(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(digits)) return sign * Number(digits);
  const seconds = parseDuration(digits);
  return seconds === undefined ? undefined : sign * seconds;
}

const SIMPLE_ESCAPES: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  '\\': 92,
  "'": 39,
  '"': 34,
};
const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|([\s\S]?))/g;

/** What a string literal with its quotes stands for, by Go's rules; `undefined` when it is none. Backquotes take everything as it is. */
export function unquote(literal: string): string | undefined {
  const quote = literal[0];
  if (literal.length < 2 || literal.at(-1) !== quote) return undefined;
  const body = literal.slice(1, -1);
  if (quote === '`') return body.includes('`') ? undefined : body;
  if (quote !== '"' && quote !== "'") return undefined;
  if (body.includes('\n')) return undefined;
  if (!body.includes('\\')) return body;
  // Escapes may spell single bytes of a character, so the text is put together from bytes.
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  let last = 0;
  for (const match of body.matchAll(ESCAPE)) {
    for (const byte of encoder.encode(body.slice(last, match.index))) bytes.push(byte);
    last = match.index + match[0].length;
    const [, hex, short, long, octal, simple] = match;
    if (hex !== undefined) bytes.push(Number.parseInt(hex, 16));
    else if (octal !== undefined) bytes.push(Number.parseInt(octal, 8));
    else if (short !== undefined || long !== undefined) {
      const code = Number.parseInt((short ?? long)!, 16);
      if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return undefined;
      for (const byte of encoder.encode(String.fromCodePoint(code))) bytes.push(byte);
    } else {
      const code = SIMPLE_ESCAPES[simple ?? ''];
      if (code === undefined) return undefined;
      bytes.push(code);
    }
  }
  for (const byte of encoder.encode(body.slice(last))) bytes.push(byte);
  return new TextDecoder().decode(new Uint8Array(bytes));
}
