import { Command } from 'commander';
import type { CliContext } from '../context.js';
import { CliFailure } from '../failure.js';
import { runSelfTest, type StepResult } from '../self-test/self-test.js';
import { findServer } from '../server-address.js';
import { addPlaceOptions, type PlaceFlags } from '../settings.js';
import type { DefineCommand } from './command.js';

/** `vedetta test` */
export const testCommand: DefineCommand = (context) =>
  addPlaceOptions(
    new Command('test').description('send a made-up request through the running server and report each step'),
  )
    .option('--json', 'answer as JSON')
    .action(async (flags: PlaceFlags & { json?: boolean }) => {
      const server = await findServer(context, flags);
      if (!flags.json) context.out(`Testing ${server.baseUrl}`);
      const results = await runSelfTest(server, (result) => {
        if (!flags.json) context.out(describe(result, context));
      });
      if (flags.json) context.out(JSON.stringify(results, null, 2));
      const failed = results.filter((result) => result.outcome !== 'ok').length;
      if (failed > 0) throw new CliFailure('testFailed', `${failed} of ${results.length} steps did not work.`);
      if (!flags.json) context.out(`All ${results.length} steps work.`);
    });

function describe({ name, outcome, elapsedMs, detail }: StepResult, { style }: CliContext): string {
  const mark =
    outcome === 'ok' ? style.good('ok     ') : outcome === 'failed' ? style.bad('failed ') : style.warning('skipped');
  return `  ${mark}  ${name.padEnd(28)} ${`${elapsedMs.toFixed(1)} ms`.padStart(10)}  ${style.dim(detail)}`;
}
