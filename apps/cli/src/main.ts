import { ApiError } from '@vedetta/client';
import { Command, CommanderError } from 'commander';
import { COMMAND_TABLE } from './command-table.js';
import { type CliContext, processContext } from './context.js';
import { EXIT_CODES } from './exit-codes.js';
import { CliFailure } from './failure.js';
import { VERSION } from './version.js';

const AFTER_HELP = `
Settings are also variables (VEDETTA_PORT, VEDETTA_HOST, VEDETTA_DATA_DIR, VEDETTA_CONFIG...) and a configuration file.
Exit codes are listed in docs/cli.md.`;

/** Runs the program with the arguments after its name and sets the exit code of the process. */
export async function main(args: readonly string[]): Promise<void> {
  leaveQuietlyWhenNobodyReads();
  // Timers of AbortSignal.timeout keep no process alive: a connection that was closed at once would end it in mid-air.
  const busy = setInterval(() => {}, 60_000);
  process.exitCode = await runCommand(args, processContext());
  clearInterval(busy);
}

/**
 * Runs one command and answers its exit code, with everything said. Resolves when the command is done; a server in the
 * foreground is done when it was told to stop.
 */
export async function runCommand(args: readonly string[], context: CliContext): Promise<number> {
  try {
    await createProgram(context).parseAsync(args.length === 0 ? ['help'] : args, { from: 'user' });
    return EXIT_CODES.ok.code;
  } catch (error) {
    return report(error, context);
  }
}

/** The whole command line. */
function createProgram(context: CliContext): Command {
  const program = new Command('vedetta')
    .description('Vedetta, the lookout for LLM applications: see where the time of each request goes.')
    .version(VERSION, '-V, --version')
    .helpCommand('help [command]', 'explain a command')
    .addHelpText('after', AFTER_HELP)
    .showSuggestionAfterError();
  for (const define of COMMAND_TABLE) program.addCommand(define(context));
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => context.out(text.trimEnd()),
      writeErr: (text) => context.err(text.trimEnd()),
    });
  }
  return program;
}

/** Prints what went wrong and answers the exit code. */
function report(error: unknown, context: CliContext): number {
  if (error instanceof CommanderError) {
    // Commander has printed it, and throws for --help and --version too.
    return error.exitCode === 0 ? EXIT_CODES.ok.code : EXIT_CODES.usage.code;
  }
  if (error instanceof CliFailure) {
    context.err(context.style.bad(error.message));
    return EXIT_CODES[error.exit].code;
  }
  if (error instanceof ApiError) {
    context.err(context.style.bad(`The server refused (${error.status}): ${error.message}`));
    return EXIT_CODES.refused.code;
  }
  context.err(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return EXIT_CODES.failed.code;
}

/** `vedetta sql ... | head` closes the pipe early: that is no error of ours. */
function leaveQuietlyWhenNobodyReads(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT_CODES.ok.code);
    throw error;
  });
}
