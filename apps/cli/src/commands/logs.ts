import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Command } from 'commander';
import { logFilePath } from '../daemon/log-file.js';
import { endPosition, readNewText, tailText } from '../daemon/log-tail.js';
import { CliFailure } from '../failure.js';
import { formatLogLine } from '../output/log-line.js';
import { addPlaceOptions, type PlaceFlags, parseCount, resolveConfig } from '../settings.js';
import type { DefineCommand } from './command.js';

const POLL_MS = 200;

interface LogsFlags extends PlaceFlags {
  readonly follow?: boolean;
  readonly lines: number;
  readonly json?: boolean;
}

/** `vedetta logs` */
export const logsCommand: DefineCommand = (context) =>
  addPlaceOptions(new Command('logs').description('show the log of the server that runs in the background'))
    .option('-f, --follow', 'go on showing what is added, until Ctrl-C')
    .option('-n, --lines <n>', 'how many of the last lines to show', parseCount, 50)
    .option('--json', 'show the lines as they were written')
    .action(async (flags: LogsFlags) => {
      const { dataDir } = await resolveConfig(context, flags);
      const file = logFilePath(dataDir);
      if (!existsSync(file)) {
        throw new CliFailure(
          'failed',
          `There is no log at ${file}: no server has run in the background on this data directory.`,
        );
      }
      const show = (text: string): void => {
        for (const line of text.split('\n')) {
          if (line !== '') context.out(flags.json ? line : formatLogLine(line, context.style));
        }
      };
      // The position is taken first: a line that comes in between is shown twice rather than never.
      let position = endPosition(file);
      show(tailText(file, flags.lines));
      if (!flags.follow) return;
      const interrupted = new AbortController();
      process.once('SIGINT', () => interrupted.abort());
      process.once('SIGTERM', () => interrupted.abort());
      while (!interrupted.signal.aborted) {
        const added = readNewText(file, position);
        position = added.position;
        show(added.text);
        await delay(POLL_MS, undefined, { signal: interrupted.signal }).catch(() => undefined);
      }
    });
