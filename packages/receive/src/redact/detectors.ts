import { HINTS } from './secret-hints.js';

/** Finds one kind of secret. */
export interface Detector {
  /** Named in the placeholder: `[redacted:kind]`. */
  readonly kind: string;
  /** Bits of `HINTS` that must all hold for the text; 0 when it runs on every text. */
  readonly needs: number;
  /** Replaces every secret of this kind and reports each. */
  replace(text: string, report: (kind: string) => void): string;
}

// Every quantifier that may run over a sender's text is bounded or starts at a token's start, so that no text takes more
// than linear time. In JSON text a token may follow an escape such as `\n`, whose letter is not part of it.
const TOKEN_START = '(?:(?<![A-Za-z0-9_-])|(?<=\\\\[nrtbf]))';

const PROVIDER_KEYS = [
  'sk-(?=[A-Za-z0-9_-]{0,200}[0-9A-Z])[A-Za-z0-9_-]{16,}', // OpenAI, Anthropic, OpenRouter, DeepSeek, Langfuse
  'sk-(?:proj|svcacct|admin|ant|or)-[A-Za-z0-9_-]{16,}', // the same by their prefix, whatever their letters
  'pk-lf-[a-z0-9-]{20,}',
  '(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}', // AWS access key ids
  'AIza[0-9A-Za-z_-]{30,}', // Google
  'ya29\\.[0-9A-Za-z_-]{20,}',
  'gh[pousr]_[A-Za-z0-9]{20,}',
  'github_pat_[A-Za-z0-9_]{20,}',
  'glpat-[A-Za-z0-9_-]{16,}',
  'xox[abeoprs]-[A-Za-z0-9-]{10,}', // Slack
  'hf_[A-Za-z0-9]{20,}', // Hugging Face
  'gsk_[A-Za-z0-9]{20,}', // Groq
  'xai-[A-Za-z0-9]{20,}',
  'pplx-[A-Za-z0-9]{20,}',
  'r8_[A-Za-z0-9]{20,}', // Replicate
  'nvapi-[A-Za-z0-9_-]{20,}',
  'tvly-[A-Za-z0-9_-]{16,}',
  'pcsk_[A-Za-z0-9_]{20,}', // Pinecone
  'lsv2_(?:pt|sk)_[a-f0-9_]{20,}', // LangSmith
  '[rsp]k_(?:live|test)_[A-Za-z0-9]{10,}', // Stripe
  'npm_[A-Za-z0-9]{30,}',
  'SG\\.[A-Za-z0-9_-]{16,}\\.[A-Za-z0-9_-]{16,}', // SendGrid
];

/** Built-in kinds, in the order they are applied: what encloses other kinds comes first. */
export const DETECTORS: readonly Detector[] = [
  pattern(
    'private_key',
    HINTS.dashes,
    /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----|$)/g,
  ),
  pattern(
    'jwt',
    HINTS.token,
    new RegExp(`${TOKEN_START}eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}\\.?[A-Za-z0-9_-]*`, 'g'),
  ),
  pattern('api_key', HINTS.token, new RegExp(`${TOKEN_START}(?:${PROVIDER_KEYS.join('|')})`, 'g')),
  keepingPrefix(
    'authorization',
    HINTS.assignment,
    /(authorization["'\\]{0,4}\s{0,3}[:=]\s{0,3}["'\\]{0,4})(?:(?:bearer|basic|token|digest)\s{1,3})?(?!\[redacted)[^\s"'\\,;}]+/gi,
  ),
  keepingPrefix(
    'bearer_token',
    HINTS.bearer,
    /(?:\b|(?<=\\[nrt]))(bearer\s{1,3})(?=[^\s]{0,100}\d)[A-Za-z0-9._~+/=-]{8,}/gi,
  ),
  keepingPrefix(
    'credential',
    HINTS.assignment,
    /((?:passwd|password|secret|api[_-]?key|(?:access|refresh|auth|id)[_-]?token)["'\\]{0,4}\s{0,3}(?:=\s{0,3}["'\\]{0,4}|:\s{0,3}["'\\]{1,4}))(?!\[redacted)[^\s"'\\,;&}]{6,}/gi,
  ),
  keepingPrefix('credential', HINTS.at, /(:\/\/)[^\s:@/"']{1,64}:[^\s@/"']{1,128}(?=@)/g),
  { kind: 'email', needs: HINTS.at, replace: replaceEmails },
  { kind: 'card_number', needs: HINTS.digits, replace: replaceCards },
];

function pattern(kind: string, needs: number, secret: RegExp): Detector {
  return {
    kind,
    needs,
    replace: (text, report) =>
      text.replace(secret, () => {
        report(kind);
        return `[redacted:${kind}]`;
      }),
  };
}

/** Masks what follows the pattern's first group, which says what the secret is for. */
function keepingPrefix(kind: string, needs: number, secret: RegExp): Detector {
  return {
    kind,
    needs,
    replace: (text, report) =>
      text.replace(secret, (_, prefix: string) => {
        report(kind);
        return `${prefix}[redacted:${kind}]`;
      }),
  };
}

const DOMAIN = /(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}/y;
const MAX_LOCAL_PART = 64;
const BACKSLASH = 92;

/** From each `@` outwards: a pattern would try every word of the text as a beginning. */
function replaceEmails(text: string, report: (kind: string) => void): string {
  let result = '';
  let copied = 0;
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    let start = at;
    while (start > copied && at - start < MAX_LOCAL_PART && isLocalPart(text.charCodeAt(start - 1))) start--;
    // In JSON text the letter of an escape such as `\n` stands before the address; without it the text would be no JSON.
    if (start > 0 && start < at && text.charCodeAt(start - 1) === BACKSLASH) start++;
    DOMAIN.lastIndex = at + 1;
    if (start === at || !DOMAIN.test(text)) continue;
    report('email');
    result += `${text.slice(copied, start)}[redacted:email]`;
    copied = DOMAIN.lastIndex;
  }
  return copied === 0 ? text : result + text.slice(copied);
}

function isLocalPart(code: number): boolean {
  const letter = code | 32;
  if ((letter >= 97 && letter <= 122) || (code >= 48 && code <= 57)) return true;
  return code === 46 || code === 95 || code === 37 || code === 43 || code === 45;
}

// Payment cards by network: first digits and length, with single spaces or dashes between digits.
const CARD = /(?<![\d.-])(?:\d[ -]?){12,18}\d(?!\d)/g;
const NETWORKS = /^(?:4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3[068]\d{12}|6\d{15,18})$/;

function replaceCards(text: string, report: (kind: string) => void): string {
  return text.replace(CARD, (found) => {
    const digits = found.replace(/[ -]/g, '');
    if (!NETWORKS.test(digits) || !passesLuhn(digits)) return found;
    report('card_number');
    return '[redacted:card_number]';
  });
}

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    const doubled = i % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
