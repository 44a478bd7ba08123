import type { Command } from 'commander';
import type { CliContext } from '../context.js';

/**
 * One command: its own file in this folder, listed by hand in `command-table.ts`. The function makes the whole command with
 * its arguments, options and action; an action throws `CliFailure` for an expected end.
 */
export type DefineCommand = (context: CliContext) => Command;
