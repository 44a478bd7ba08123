import { spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** How {@link runDamageRounds} goes about it. */
export interface DamageOptions {
  /** A folder to work in. */
  readonly folder: string;
  /** The built `damage-program.js`. */
  readonly program: string;
  readonly rounds: number;
  /** 0 to 1: what is damaged, and where. */
  readonly random: () => number;
  /** Rounds at the same time. 1 by default. */
  readonly parallel?: number;
}

/** What became of the damaged stores; `faults` has a sentence for each that was wrong without a word, or did not end. */
export interface DamageReport {
  /** All is there: the byte did not matter. */
  readonly whole: number;
  /** Not opened, with the reason. */
  readonly refused: number;
  /** Opened; what cannot be read fails with the reason, the rest is right. */
  readonly partly: number;
  /** The engine ended the process: nothing wrong was shown. */
  readonly aborted: number;
  readonly faults: readonly string[];
}

interface Found {
  readonly state: string;
  readonly code?: string;
  readonly message?: string;
  readonly writes?: unknown;
  readonly closes?: unknown;
  readonly [table: string]: unknown;
}

type Child = Found | { readonly state: 'aborted' | 'hung'; readonly detail: string };

const FILES = ['vedetta.duckdb', 'vedetta.duckdb.wal'] as const;
const TABLES = ['requests', 'phases', 'spans'] as const;
const HUNG_AFTER_MS = 60_000;

/**
 * Fills a store, kills its process so that file and log both hold acknowledged data, and then, as often as asked, changes one
 * byte or cuts the end off in a copy of either and opens it in a process of its own. What is shown must be what was acknowledged.
 * What was opened is opened once more: damage must not have spread by what was written then.
 */
export async function runDamageRounds(options: DamageOptions): Promise<DamageReport> {
  const { folder, program, rounds, random, parallel = 1 } = options;
  const pristine = join(folder, 'pristine');
  mkdirSync(pristine, { recursive: true });
  await fill(program, join(pristine, FILES[0]));
  const expected = await readCopy('expected');
  if (expected.state !== 'opened')
    throw new Error(`The store could not be read before any damage: ${JSON.stringify(expected)}`);
  // Else it would say little that nothing was wrong.
  const control = judge(expected as Found, await readCopy('control'));
  if (control.kind !== 'whole') throw new Error(`An undamaged store is read as ${JSON.stringify(control)}.`);
  const report = { whole: 0, refused: 0, partly: 0, aborted: 0 };
  const faults: string[] = [];
  const damages = Array.from({ length: rounds }, () => chooseDamage(pristine, random));
  let next = 0;
  await Promise.all(
    Array.from({ length: parallel }, async () => {
      for (let round = next++; round < rounds; round = next++) await runRound(round, damages[round]!);
    }),
  );
  return { ...report, faults };

  async function readCopy(name: string): Promise<Child> {
    const copy = copyOf(name);
    try {
      return await runProgram(program, join(copy, FILES[0]));
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  }

  function copyOf(name: string): string {
    const copy = join(folder, name);
    mkdirSync(copy, { recursive: true });
    for (const file of [...FILES, `${FILES[0]}.acked`]) {
      if (existsSync(join(pristine, file))) copyFileSync(join(pristine, file), join(copy, file));
    }
    return copy;
  }

  async function runRound(round: number, damage: Damage): Promise<void> {
    const copy = copyOf(`round-${round}`);
    damage.apply(copy);
    try {
      for (const look of ['first', 'second'] as const) {
        const found = await runProgram(program, join(copy, FILES[0]));
        const judged = judge(expected as Found, found);
        if (judged.kind === 'fault') faults.push(`${damage.name}, ${look} look: ${judged.sentence}`);
        if (look === 'first' && judged.kind !== 'fault') report[judged.kind]++;
        if (judged.kind === 'fault' || judged.kind === 'refused') return;
      }
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  }
}

type Judged =
  | { readonly kind: 'whole' | 'refused' | 'partly' | 'aborted' }
  | { readonly kind: 'fault'; readonly sentence: string };

function judge(expected: Found, found: Child): Judged {
  if (found.state === 'hung') return { kind: 'fault', sentence: 'it does not end' };
  if (found.state === 'aborted') return { kind: 'aborted' };
  const { code, message, writes, closes } = found as Found;
  if (found.state === 'refused') {
    return code === 'damaged'
      ? { kind: 'refused' }
      : { kind: 'fault', sentence: `it is refused as ${code}: ${message}` };
  }
  let partly = writes !== 'stored' || closes !== 'closed';
  for (const table of TABLES) {
    const rows = (found as Found)[table];
    if (!Array.isArray(rows)) {
      partly = true;
      continue;
    }
    if (JSON.stringify(rows) !== JSON.stringify(expected[table])) {
      return { kind: 'fault', sentence: `${table} are not what was acknowledged, and nothing says so` };
    }
  }
  return { kind: partly ? 'partly' : 'whole' };
}

interface Damage {
  readonly name: string;
  apply(folder: string): void;
}

function chooseDamage(pristine: string, random: () => number): Damage {
  const file = FILES[random() < 0.5 ? 0 : 1];
  const { size } = statSync(join(pristine, file));
  const at = Math.floor(random() * size);
  if (random() < 0.2) {
    return { name: `${file} cut at ${at}`, apply: (folder) => truncateSync(join(folder, file), at) };
  }
  const flipped = 1 + Math.floor(random() * 255);
  return {
    name: `${file} byte ${at} ^ ${flipped}`,
    apply(folder) {
      const bytes = readFileSync(join(folder, file));
      bytes[at]! ^= flipped;
      writeFileSync(join(folder, file), bytes);
    },
  };
}

async function fill(program: string, path: string): Promise<void> {
  const child = spawn(process.execPath, [program, 'fill', path], { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.once('data', () => child.kill('SIGKILL'));
  const signal = await new Promise((resolve) => child.once('close', (_, by) => resolve(by)));
  if (signal !== 'SIGKILL') throw new Error('The store was not filled.');
}

function runProgram(program: string, path: string): Promise<Child> {
  const child = spawn(process.execPath, [program, 'read', path], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let errors = '';
  let hung = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-2000);
  });
  const timer = setTimeout(() => {
    hung = true;
    child.kill('SIGKILL');
  }, HUNG_AFTER_MS);
  return new Promise((resolve) => {
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      if (hung) resolve({ state: 'hung', detail: errors });
      else if (out.endsWith('\n')) resolve(JSON.parse(out) as Found);
      else resolve({ state: 'aborted', detail: `${signal ?? code}: ${errors}` });
    });
  });
}
