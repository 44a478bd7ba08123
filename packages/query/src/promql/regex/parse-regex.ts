/** What a pattern means; the syntax is RE2's, which Prometheus speaks. */
export type RegexNode =
  | { readonly kind: 'char'; readonly test: CharTest; readonly literal?: string }
  | { readonly kind: 'sequence'; readonly items: readonly RegexNode[] }
  | { readonly kind: 'choice'; readonly items: readonly RegexNode[] }
  | {
      readonly kind: 'repeat';
      readonly item: RegexNode;
      readonly min: number;
      readonly max: number;
      readonly lazy: boolean;
    }
  | { readonly kind: 'group'; readonly item: RegexNode; readonly index: number }
  | { readonly kind: 'assert'; readonly what: 'begin' | 'end' | 'line_begin' | 'line_end' | 'word' | 'not_word' };

export type CharTest = (code: number) => boolean;

export interface ParsedRegex {
  readonly node: RegexNode;
  readonly groups: number;
  readonly names: ReadonlyMap<string, number>;
}

/** The pattern is none, or larger than is taken. */
export class RegexError extends Error {
  override readonly name = 'RegexError';
}

interface Flags {
  readonly ignoreCase: boolean;
  readonly dotAll: boolean;
  readonly multiline: boolean;
  readonly swapGreed: boolean;
}

// RE2's own limit of a counted repetition.
const MAX_REPEAT = 1000;
const MAX_DEPTH = 200;
const MAX_LENGTH = 10_000;
const LINE_FEED = 10;

/** Throws `RegexError`. Prometheus has `.` match line feeds (flag `s`). */
export function parseRegex(pattern: string): ParsedRegex {
  if (pattern.length > MAX_LENGTH) throw new RegexError(`error parsing regexp: longer than ${MAX_LENGTH} characters`);
  return new RegexParser(pattern).parse();
}

class RegexParser {
  readonly #chars: readonly string[];
  readonly #names = new Map<string, number>();
  #at = 0;
  #groups = 0;
  #depth = 0;
  #flags: Flags = { ignoreCase: false, dotAll: true, multiline: false, swapGreed: false };

  constructor(pattern: string) {
    this.#chars = [...pattern];
  }

  parse(): ParsedRegex {
    const node = this.#choice();
    if (this.#at < this.#chars.length) throw this.#error('unexpected )');
    return { node, groups: this.#groups, names: this.#names };
  }

  #choice(): RegexNode {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw this.#error('expression nests too deeply');
    const items = [this.#sequence()];
    while (this.#take('|')) items.push(this.#sequence());
    this.#depth -= 1;
    return items.length === 1 ? items[0]! : { kind: 'choice', items };
  }

  #sequence(): RegexNode {
    const items: RegexNode[] = [];
    for (;;) {
      const char = this.#chars[this.#at];
      if (char === undefined || char === '|' || char === ')') break;
      const atom = this.#atom();
      if (atom !== undefined) items.push(this.#repeated(atom));
    }
    return items.length === 1 ? items[0]! : { kind: 'sequence', items };
  }

  #repeated(atom: RegexNode): RegexNode {
    let node = atom;
    let repeats = 0;
    for (;;) {
      const range = this.#quantifier();
      if (range === undefined) return node;
      // RE2 refuses a** and the like.
      repeats += 1;
      if (repeats > 1) throw this.#error('invalid nested repetition operator');
      const lazy = this.#take('?') !== this.#flags.swapGreed;
      node = { kind: 'repeat', item: node, min: range[0], max: range[1], lazy };
    }
  }

  #quantifier(): readonly [number, number] | undefined {
    if (this.#take('*')) return [0, Number.POSITIVE_INFINITY];
    if (this.#take('+')) return [1, Number.POSITIVE_INFINITY];
    if (this.#take('?')) return [0, 1];
    if (this.#chars[this.#at] !== '{') return undefined;
    const match = /^\{(\d+)(?:(,)(\d*))?\}/.exec(this.#chars.slice(this.#at, this.#at + 12).join(''));
    if (match === null) return undefined;
    this.#at += match[0].length;
    const min = Number(match[1]);
    const max = match[2] === undefined ? min : match[3] === '' ? Number.POSITIVE_INFINITY : Number(match[3]);
    if (min > MAX_REPEAT || (max !== Number.POSITIVE_INFINITY && max > MAX_REPEAT) || max < min) {
      throw this.#error(`invalid repeat count: \`${match[0]}\``);
    }
    return [min, max];
  }

  #atom(): RegexNode | undefined {
    const char = this.#chars[this.#at]!;
    this.#at += 1;
    switch (char) {
      case '(':
        return this.#group();
      case '[':
        return { kind: 'char', test: this.#cased(this.#charClass()) };
      case '.':
        return { kind: 'char', test: this.#flags.dotAll ? () => true : (code) => code !== LINE_FEED };
      case '^':
        return { kind: 'assert', what: this.#flags.multiline ? 'line_begin' : 'begin' };
      case '$':
        return { kind: 'assert', what: this.#flags.multiline ? 'line_end' : 'end' };
      case '\\':
        return this.#escape();
      case '*':
      case '+':
      case '?':
        throw this.#error(`missing argument to repetition operator: \`${char}\``);
      default:
        return this.#literal(char);
    }
  }

  #literal(char: string): RegexNode {
    const code = char.codePointAt(0)!;
    if (!this.#flags.ignoreCase) return { kind: 'char', test: (other) => other === code, literal: char };
    return { kind: 'char', test: this.#cased((other) => other === code) };
  }

  #group(): RegexNode | undefined {
    const outer = this.#flags;
    if (!this.#take('?')) {
      this.#groups += 1;
      return this.#closed(this.#groups, outer);
    }
    const rest = this.#chars.slice(this.#at, this.#at + 100).join('');
    const named = /^P?<([A-Za-z0-9_]+)>/.exec(rest);
    if (named !== null) {
      this.#at += named[0].length;
      this.#groups += 1;
      const name = named[1]!;
      if (this.#names.has(name)) throw this.#error(`duplicate capture group name: \`${name}\``);
      this.#names.set(name, this.#groups);
      return this.#closed(this.#groups, outer);
    }
    const flags = /^([imsU]*)(?:-([imsU]+))?([:)])/.exec(rest);
    if (flags === null) throw this.#error('invalid or unsupported Perl syntax: `(?`');
    this.#at += flags[0].length;
    this.#flags = withFlags(withFlags(outer, flags[1]!, true), flags[2] ?? '', false);
    // Flags without a colon hold to the end of the enclosing group.
    if (flags[3] === ')') return undefined;
    return this.#closed(undefined, outer);
  }

  #closed(index: number | undefined, outer: Flags): RegexNode {
    const item = this.#choice();
    if (!this.#take(')')) throw this.#error('missing closing )');
    this.#flags = outer;
    return index === undefined ? item : { kind: 'group', item, index };
  }

  #escape(): RegexNode {
    const char = this.#chars[this.#at];
    if (char === 'A') return this.#assertion('begin');
    if (char === 'z') return this.#assertion('end');
    if (char === 'b') return this.#assertion('word');
    if (char === 'B') return this.#assertion('not_word');
    if (char === 'Q') return this.#quoted();
    const set = this.#classEscape();
    if (set !== undefined) return { kind: 'char', test: this.#cased(set) };
    return this.#literal(String.fromCodePoint(this.#charEscape()));
  }

  #assertion(what: 'begin' | 'end' | 'word' | 'not_word'): RegexNode {
    this.#at += 1;
    return { kind: 'assert', what };
  }

  #quoted(): RegexNode {
    this.#at += 1;
    const items: RegexNode[] = [];
    while (this.#at < this.#chars.length) {
      if (this.#chars[this.#at] === '\\' && this.#chars[this.#at + 1] === 'E') {
        this.#at += 2;
        break;
      }
      items.push(this.#literal(this.#chars[this.#at]!));
      this.#at += 1;
    }
    return { kind: 'sequence', items };
  }

  /** `\d` and the like, after the backslash; nothing is taken when it is none. */
  #classEscape(): CharTest | undefined {
    const char = this.#chars[this.#at] ?? '';
    const simple = CLASS_ESCAPES[char.toLowerCase()];
    if (simple !== undefined && 'dwsDWS'.includes(char)) {
      this.#at += 1;
      return char === char.toLowerCase() ? simple : (code) => !simple(code);
    }
    if (char !== 'p' && char !== 'P') return undefined;
    const match = /^[pP](?:\{(\^?)([A-Za-z_]+)\}|([A-Z]))/.exec(this.#chars.slice(this.#at, this.#at + 40).join(''));
    if (match === null) throw this.#error('invalid character class range: `\\p`');
    this.#at += match[0].length;
    const property = match[2] ?? match[3]!;
    const test = unicodeTest(property);
    if (test === undefined) throw this.#error(`invalid character class range: \`\\p{${property}}\``);
    return (char === 'P') !== (match[1] === '^') ? (code) => !test(code) : test;
  }

  #charEscape(): number {
    const char = this.#chars[this.#at];
    if (char === undefined) throw this.#error('trailing backslash at end of expression');
    const rest = this.#chars.slice(this.#at, this.#at + 12).join('');
    const hex = /^x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})/.exec(rest);
    const octal = /^(?:0[0-7]{0,2}|[1-7][0-7]{2})/.exec(rest);
    const code =
      hex !== null ? Number.parseInt(hex[1] ?? hex[2]!, 16) : octal !== null ? Number.parseInt(octal[0], 8) : undefined;
    if (code !== undefined && code <= 0x10ffff) {
      this.#at += (hex ?? octal)![0].length;
      return code;
    }
    this.#at += 1;
    const control = CONTROL_ESCAPES[char];
    if (control !== undefined) return control;
    if (/[A-Za-z0-9]/.test(char)) throw this.#error(`invalid escape sequence: \`\\${char}\``);
    return char.codePointAt(0)!;
  }

  #charClass(): CharTest {
    const negated = this.#take('^');
    const tests: CharTest[] = [];
    for (let first = true; ; first = false) {
      const char = this.#chars[this.#at];
      if (char === undefined) throw this.#error('missing closing ]');
      if (char === ']' && !first) break;
      const posix = /^\[:(\^?)([a-z]+):\]/.exec(this.#chars.slice(this.#at, this.#at + 14).join(''));
      if (posix !== null) {
        const test = POSIX_CLASSES[posix[2]!];
        if (test === undefined) throw this.#error(`invalid character class range: \`${posix[0]}\``);
        this.#at += posix[0].length;
        tests.push(posix[1] === '^' ? (code) => !test(code) : test);
        continue;
      }
      if (char === '\\') {
        this.#at += 1;
        const set = this.#classEscape();
        if (set !== undefined) {
          tests.push(set);
          continue;
        }
        this.#at -= 1;
      }
      tests.push(this.#classRange());
    }
    this.#at += 1;
    return (code) => tests.some((test) => test(code)) !== negated;
  }

  #classRange(): CharTest {
    const low = this.#classChar();
    if (this.#chars[this.#at] !== '-' || this.#chars[this.#at + 1] === ']') return (code) => code === low;
    this.#at += 1;
    const high = this.#classChar();
    if (high < low) throw this.#error('invalid character class range');
    return (code) => code >= low && code <= high;
  }

  #classChar(): number {
    const char = this.#chars[this.#at];
    if (char === undefined) throw this.#error('missing closing ]');
    this.#at += 1;
    return char === '\\' ? this.#charEscape() : char.codePointAt(0)!;
  }

  #cased(test: CharTest): CharTest {
    if (!this.#flags.ignoreCase) return test;
    return (code) => {
      if (test(code)) return true;
      const char = String.fromCodePoint(code);
      return test(char.toLowerCase().codePointAt(0)!) || test(char.toUpperCase().codePointAt(0)!);
    };
  }

  #take(char: string): boolean {
    if (this.#chars[this.#at] !== char) return false;
    this.#at += 1;
    return true;
  }

  #error(why: string): RegexError {
    return new RegexError(`error parsing regexp: ${why}`);
  }
}

function withFlags(flags: Flags, letters: string, on: boolean): Flags {
  return {
    ignoreCase: letters.includes('i') ? on : flags.ignoreCase,
    dotAll: letters.includes('s') ? on : flags.dotAll,
    multiline: letters.includes('m') ? on : flags.multiline,
    swapGreed: letters.includes('U') ? on : flags.swapGreed,
  };
}

/** One character at a time: the property is looked up by a pattern of fixed shape. */
function unicodeTest(property: string): CharTest | undefined {
  for (const name of [property, `Script=${property}`]) {
    try {
      const pattern = new RegExp(`^\\p{${name}}$`, 'u');
      return (code) => pattern.test(String.fromCodePoint(code));
    } catch {
      // Not a property of that kind: the next spelling is tried, and the caller says what is wrong.
    }
  }
  return undefined;
}

const isDigit: CharTest = (code) => code >= 48 && code <= 57;
const isUpper: CharTest = (code) => code >= 65 && code <= 90;
const isLower: CharTest = (code) => code >= 97 && code <= 122;
const isAlpha: CharTest = (code) => isUpper(code) || isLower(code);
const isSpace: CharTest = (code) => code === 32 || code === 9 || code === 10 || code === 12 || code === 13;

/** `\w`, as the assertion `\b` understands it: ASCII alone. */
export const isWord: CharTest = (code) => isAlpha(code) || isDigit(code) || code === 95;

const CLASS_ESCAPES: Readonly<Record<string, CharTest>> = { d: isDigit, w: isWord, s: isSpace };
const CONTROL_ESCAPES: Readonly<Record<string, number>> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 };
const POSIX_CLASSES: Readonly<Record<string, CharTest>> = {
  alnum: (code) => isAlpha(code) || isDigit(code),
  alpha: isAlpha,
  ascii: (code) => code < 128,
  blank: (code) => code === 32 || code === 9,
  cntrl: (code) => code < 32 || code === 127,
  digit: isDigit,
  graph: (code) => code > 32 && code < 127,
  lower: isLower,
  print: (code) => code >= 32 && code < 127,
  punct: (code) => code > 32 && code < 127 && !isAlpha(code) && !isDigit(code),
  space: (code) => isSpace(code) || code === 11,
  upper: isUpper,
  word: isWord,
  xdigit: (code) => isDigit(code) || (code >= 65 && code <= 70) || (code >= 97 && code <= 102),
};
