/**
 * What a text holds that a secret of some kind needs, as bits. One pass over the characters decides which of the detectors,
 * whose patterns cost ten times as much, run at all; most texts need none.
 */
export const HINTS = {
  /** An `@`, as in an e-mail address or the credentials of a URL. */
  at: 1,
  /** A token that begins like a key or a JWT and is long enough for one. */
  token: 2,
  /** A `:` or `=` after a word that names a credential. */
  assignment: 4,
  /** White space after `bearer`. */
  bearer: 8,
  /** Thirteen digits, single spaces and dashes between them aside. */
  digits: 16,
  /** The dashes of a PEM header. */
  dashes: 32,
} as const;

// Classes of ASCII characters.
const OTHER = 0;
const LETTER = 1;
const DIGIT = 2;
const DASH = 3;
const JOINER = 4;
const AT = 5;
const ASSIGN = 6;
const SPACE = 7;

const CLASSES = new Uint8Array(128).map((_, code) => {
  const character = String.fromCharCode(code);
  if (/[A-Za-z]/.test(character)) return LETTER;
  if (/\d/.test(character)) return DIGIT;
  if (character === '-') return DASH;
  if (character === '_') return JOINER;
  if (character === '@') return AT;
  if (character === ':' || character === '=') return ASSIGN;
  return /\s/.test(character) ? SPACE : OTHER;
});

// How the keys that `detectors.ts` knows begin; a few more words than those pass, which does no harm.
const KEY_START =
  /(?:[srp]k[-_]|A[KSBC][IC]A|AIza|ya29|gh[pousr]_|github_|glpat-|xox|hf_|gsk_|xai-|pplx-|r8_|nvapi|tvly-|pcsk_|lsv2_|npm_|SG\.|eyJ)/y;
const MIN_TOKEN = 11;
const DOT = 46;
const MIN_CARD_DIGITS = 13;

// What stands before the `:` or `=`, quotes and spaces between them included.
const NAMES_CREDENTIAL = /(?:authorization|passwd|password|secret|api[_-]?key|token)["'\\]{0,4}\s{0,3}$/i;
const NAME_WINDOW = 22;

/** The bits of {@link HINTS} that hold for the text. */
export function secretHints(text: string): number {
  const { length } = text;
  let hints = 0;
  let token = 0;
  let digits = 0;
  let dashes = 0;
  // One step past the end, so that a token at the end is looked at like any other.
  for (let i = 0; i <= length; i++) {
    const code = i < length ? text.charCodeAt(i) : 32;
    const kind = code < 128 ? CLASSES[code] : OTHER;
    switch (kind) {
      case LETTER:
        token++;
        digits = 0;
        dashes = 0;
        continue;
      case DIGIT:
        token++;
        dashes = 0;
        if (++digits >= MIN_CARD_DIGITS) hints |= HINTS.digits;
        continue;
      case DASH:
        token++;
        if (++dashes >= 5) hints |= HINTS.dashes;
        continue;
      case JOINER:
        token++;
        digits = 0;
        dashes = 0;
        continue;
    }
    dashes = 0;
    if (kind === AT) hints |= HINTS.at;
    else if (kind === ASSIGN && namesCredential(text, i)) hints |= HINTS.assignment;
    else if (kind === SPACE && token >= 6 && endsWithBearer(text, i)) hints |= HINTS.bearer;
    if (kind !== SPACE) digits = 0;
    // Two kinds of keys have a dot after their first letters.
    const long = token >= MIN_TOKEN || (code === DOT && token >= 2 && token <= 5);
    if (long && beginsLikeKey(text, i - token)) hints |= HINTS.token;
    token = 0;
  }
  return hints;
}

function beginsLikeKey(text: string, start: number): boolean {
  KEY_START.lastIndex = start;
  if (KEY_START.test(text)) return true;
  // In JSON text the letter of an escape such as `\n` joins the token.
  if (text.charCodeAt(start - 1) !== 92) return false;
  KEY_START.lastIndex = start + 1;
  return KEY_START.test(text);
}

/** Cheap first: the last letter of every such name is d, n, t or y. */
function namesCredential(text: string, end: number): boolean {
  let last = end - 1;
  while (last >= 0 && end - last < 8 && !isLetter(text.charCodeAt(last))) last--;
  const letter = text.charCodeAt(last) | 32;
  if (letter !== 100 && letter !== 110 && letter !== 116 && letter !== 121) return false;
  return NAMES_CREDENTIAL.test(text.slice(Math.max(0, end - NAME_WINDOW), end));
}

function endsWithBearer(text: string, end: number): boolean {
  return (text.charCodeAt(end - 1) | 32) === 114 && text.slice(end - 6, end).toLowerCase() === 'bearer';
}

function isLetter(code: number): boolean {
  const letter = code | 32;
  return letter >= 97 && letter <= 122;
}
