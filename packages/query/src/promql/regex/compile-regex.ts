import type { CharTest, RegexNode } from './parse-regex.js';
import { isWord, parseRegex, RegexError } from './parse-regex.js';

/** An anchored pattern. Matching takes time linear in the text: the states of the pattern are walked side by side, nothing is tried twice. */
export interface Regex {
  /** All texts that match, where the pattern is one text or a list of them. */
  readonly literals: readonly string[] | undefined;
  test(text: string): boolean;
  /** The groups of a match of the whole text (0 is all of it), `undefined` where it does not match. */
  match(text: string): readonly (string | undefined)[] | undefined;
  readonly names: ReadonlyMap<string, number>;
}

type Instruction =
  | { readonly op: 'char'; readonly test: CharTest }
  | { readonly op: 'split'; first: number; second: number }
  | { readonly op: 'jump'; to: number }
  | { readonly op: 'save'; readonly slot: number }
  | { readonly op: 'assert'; readonly holds: (before: number, after: number) => boolean }
  | { readonly op: 'match' };

// Counted repetitions multiply; RE2 has a limit of the same kind.
const MAX_INSTRUCTIONS = 20_000;
const MAX_LITERALS = 256;
const NO_CHAR = -1;
const LINE_FEED = 10;

/** Throws `RegexError` for a pattern that is none or too large. */
export function compileRegex(pattern: string): Regex {
  const { node, groups, names } = parseRegex(pattern);
  const literals = literalsOf(node);
  const program: Instruction[] = [];
  emit(node, program);
  program.push({ op: 'match' });
  const simple = simpleTest(pattern);
  const something = pattern === '.+';
  const known = literals === undefined ? undefined : new Set(literals);
  const prefix = prefixOf(node);
  // Walks never overlap, so all of them share the lists.
  const lists = { current: new ThreadList(program.length), next: new ThreadList(program.length) };
  return {
    literals,
    names,
    test(text) {
      if (known !== undefined) return known.has(text);
      if (simple !== undefined) return simple(text);
      if (something) return text !== '';
      return text.startsWith(prefix) && run(program, lists, text, 0) !== undefined;
    },
    match(text) {
      const slots = run(program, lists, text, (groups + 1) * 2);
      if (slots === undefined) return undefined;
      const found: (string | undefined)[] = [text];
      for (let group = 1; group <= groups; group += 1) {
        const from = slots[group * 2];
        const to = slots[group * 2 + 1];
        found.push(from === undefined || to === undefined ? undefined : text.slice(from, to));
      }
      return found;
    },
  };
}

function literalsOf(node: RegexNode): readonly string[] | undefined {
  switch (node.kind) {
    case 'char':
      return node.literal === undefined ? undefined : [node.literal];
    case 'group':
      return literalsOf(node.item);
    case 'sequence': {
      let texts: readonly string[] = [''];
      for (const item of node.items) {
        const next = literalsOf(item);
        if (next === undefined || texts.length * next.length > MAX_LITERALS) return undefined;
        texts = texts.flatMap((text) => next.map((more) => text + more));
      }
      return texts;
    }
    case 'choice': {
      const all: string[] = [];
      for (const item of node.items) {
        const texts = literalsOf(item);
        if (texts === undefined || all.length + texts.length > MAX_LITERALS) return undefined;
        all.push(...texts);
      }
      return all;
    }
    case 'repeat':
    case 'assert':
      return undefined;
  }
}

/** Patterns that only ask how a text begins, ends or what is in it need no walk. */
function simpleTest(pattern: string): ((text: string) => boolean) | undefined {
  const match = /^(\.\*)?([\w /:@,=-]*)(\.\*)?$/.exec(pattern);
  if (match === null) return undefined;
  const [, before, part = '', after] = match;
  if (before !== undefined && after !== undefined) return (text) => text.includes(part);
  if (after !== undefined) return (text) => text.startsWith(part);
  return before === undefined ? undefined : (text) => text.endsWith(part);
}

/** The text that every match begins with. */
function prefixOf(node: RegexNode): string {
  if (node.kind === 'char') return node.literal ?? '';
  if (node.kind === 'group') return prefixOf(node.item);
  if (node.kind !== 'sequence') return '';
  let prefix = '';
  for (const item of node.items) {
    if (item.kind !== 'char' || item.literal === undefined) break;
    prefix += item.literal;
  }
  return prefix;
}

function emit(node: RegexNode, program: Instruction[]): void {
  if (program.length > MAX_INSTRUCTIONS) throw new RegexError('error parsing regexp: expression too large');
  switch (node.kind) {
    case 'char':
      program.push({ op: 'char', test: node.test });
      return;
    case 'sequence':
      for (const item of node.items) emit(item, program);
      return;
    case 'group':
      program.push({ op: 'save', slot: node.index * 2 });
      emit(node.item, program);
      program.push({ op: 'save', slot: node.index * 2 + 1 });
      return;
    case 'choice':
      emitChoice(node.items, program);
      return;
    case 'repeat':
      emitRepeat(node, program);
      return;
    case 'assert':
      program.push({ op: 'assert', holds: ASSERTIONS[node.what] });
  }
}

function emitChoice(items: readonly RegexNode[], program: Instruction[]): void {
  const ends: { op: 'jump'; to: number }[] = [];
  for (const [i, item] of items.entries()) {
    if (i === items.length - 1) {
      emit(item, program);
      break;
    }
    const split: Instruction = { op: 'split', first: program.length + 1, second: 0 };
    program.push(split);
    emit(item, program);
    const end = { op: 'jump' as const, to: 0 };
    program.push(end);
    ends.push(end);
    split.second = program.length;
  }
  for (const end of ends) end.to = program.length;
}

function emitRepeat(node: RegexNode & { kind: 'repeat' }, program: Instruction[]): void {
  for (let i = 0; i < node.min; i += 1) emit(node.item, program);
  const split = (): { op: 'split'; first: number; second: number } => {
    const instruction = { op: 'split' as const, first: program.length + 1, second: program.length + 1 };
    program.push(instruction);
    return instruction;
  };
  const leave = (instruction: { first: number; second: number }): void => {
    if (node.lazy) instruction.first = program.length;
    else instruction.second = program.length;
  };
  if (node.max === Number.POSITIVE_INFINITY) {
    const start = program.length;
    const loop = split();
    emit(node.item, program);
    program.push({ op: 'jump', to: start });
    leave(loop);
    return;
  }
  const exits: { first: number; second: number }[] = [];
  for (let i = node.min; i < node.max; i += 1) {
    exits.push(split());
    emit(node.item, program);
  }
  for (const exit of exits) leave(exit);
}

/** Pike's machine: threads in order of preference, at most one for an instruction. */
function run(
  program: readonly Instruction[],
  lists: { readonly current: ThreadList; readonly next: ThreadList },
  text: string,
  slotCount: number,
): readonly (number | undefined)[] | undefined {
  let { current, next } = lists;
  current.clear();
  let before = NO_CHAR;
  let position = 0;
  let after = text.length === 0 ? NO_CHAR : text.codePointAt(0)!;
  addThread(program, current, 0, before, after, position, slotCount === 0 ? NO_SLOTS : []);
  for (;;) {
    const width = after > 0xffff ? 2 : 1;
    const following =
      after === NO_CHAR || position + width >= text.length ? NO_CHAR : text.codePointAt(position + width)!;
    next.clear();
    for (let i = 0; i < current.count; i += 1) {
      const at = current.dense[i]!;
      const instruction = program[at]!;
      if (instruction.op === 'match') {
        // The pattern is anchored: a match before the end of the text is none.
        if (after === NO_CHAR) return current.slots[i]!;
      } else if (instruction.op === 'char' && after !== NO_CHAR && instruction.test(after)) {
        addThread(program, next, at + 1, after, following, position + width, current.slots[i]!);
      }
    }
    if (after === NO_CHAR || next.count === 0) return undefined;
    [current, next] = [next, current];
    before = after;
    position += width;
    after = following;
  }
}

type Slots = readonly (number | undefined)[];
const NO_SLOTS: Slots = Object.freeze([]);

class ThreadList {
  readonly dense: Int32Array;
  readonly slots: Slots[] = [];
  readonly #seen: Uint32Array;
  #mark = 1;
  count = 0;

  constructor(size: number) {
    this.dense = new Int32Array(size);
    this.#seen = new Uint32Array(size);
  }

  clear(): void {
    this.#mark += 1;
    this.count = 0;
  }

  /** `false` when a thread was there already, which is to be preferred. */
  visit(at: number): boolean {
    if (this.#seen[at] === this.#mark) return false;
    this.#seen[at] = this.#mark;
    return true;
  }

  push(at: number, slots: Slots): void {
    this.dense[this.count] = at;
    this.slots[this.count] = slots;
    this.count += 1;
  }
}

function addThread(
  program: readonly Instruction[],
  list: ThreadList,
  start: number,
  before: number,
  after: number,
  position: number,
  startSlots: Slots,
): void {
  const stack: { readonly at: number; readonly slots: Slots }[] = [{ at: start, slots: startSlots }];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { at, slots } = top;
    if (!list.visit(at)) continue;
    const instruction = program[at]!;
    switch (instruction.op) {
      case 'jump':
        stack.push({ at: instruction.to, slots });
        break;
      case 'split':
        stack.push({ at: instruction.second, slots }, { at: instruction.first, slots });
        break;
      case 'save':
        stack.push({ at: at + 1, slots: slots === NO_SLOTS ? slots : saved(slots, instruction.slot, position) });
        break;
      case 'assert':
        if (instruction.holds(before, after)) stack.push({ at: at + 1, slots });
        break;
      case 'char':
      case 'match':
        list.push(at, slots);
    }
  }
}

function saved(slots: Slots, slot: number, position: number): Slots {
  const copy = slots.slice();
  copy[slot] = position;
  return copy;
}

const word = (code: number) => code !== NO_CHAR && isWord(code);
const ASSERTIONS: Readonly<
  Record<(RegexNode & { kind: 'assert' })['what'], (before: number, after: number) => boolean>
> = {
  begin: (before) => before === NO_CHAR,
  end: (_, after) => after === NO_CHAR,
  line_begin: (before) => before === NO_CHAR || before === LINE_FEED,
  line_end: (_, after) => after === NO_CHAR || after === LINE_FEED,
  word: (before, after) => word(before) !== word(after),
  not_word: (before, after) => word(before) === word(after),
};
