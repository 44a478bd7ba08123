import { createStyle, type Style } from './output/style.js';

/** What a command may touch of the world around it; tests give their own. */
export interface CliContext {
  /** Writes a line to standard output: the answer. */
  readonly out: (line: string) => void;
  /** Writes a line to standard error: progress and complaints. */
  readonly err: (line: string) => void;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly style: Style;
  /** Characters in a line of the terminal; `undefined` when the output is no terminal: nothing is cut then. */
  readonly columns: number | undefined;
}

/** The context of this process. */
export function processContext(): CliContext {
  const { stdout } = process;
  return {
    out: (line) => stdout.write(`${line}\n`),
    err: (line) => process.stderr.write(`${line}\n`),
    env: process.env,
    cwd: process.cwd(),
    style: createStyle(wantsColor(process.env, stdout.isTTY === true)),
    columns: stdout.isTTY === true ? stdout.columns : undefined,
  };
}

/** Colours go to terminals only, unless NO_COLOR (https://no-color.org) or FORCE_COLOR say otherwise. */
export function wantsColor(env: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '' && env.FORCE_COLOR !== '0') return true;
  return isTerminal && env.TERM !== 'dumb';
}
