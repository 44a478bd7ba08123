import { Command } from 'commander';
import { CliFailure } from '../failure.js';
import { formatCsv, formatTable } from '../output/table.js';
import { formatCount } from '../output/units.js';
import { findServer } from '../server-address.js';
import { addPlaceOptions, type PlaceFlags, parseCount } from '../settings.js';
import type { DefineCommand } from './command.js';

interface SqlFlags extends PlaceFlags {
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly maxRows?: number;
}

/** `vedetta sql "select ..."` */
export const sqlCommand: DefineCommand = (context) =>
  addPlaceOptions(
    new Command('sql')
      .description('ask the running server with read-only SQL')
      .argument('<statement>', 'the statement'),
  )
    // A statement may begin with a comment, which looks like an option.
    .allowUnknownOption()
    .option('--json', 'answer as JSON: an array of rows')
    .option('--csv', 'answer as comma-separated values')
    .option('--max-rows <n>', 'most rows to answer', parseCount)
    .addHelpText(
      'after',
      '\nViews: time_logs, request_phases, custom_events. Example:\n  vedetta sql "select phase, avg(duration_ms) from time_logs group by phase"',
    )
    .action(async (statement: string, flags: SqlFlags) => {
      if (flags.json && flags.csv) throw new CliFailure('usage', 'Only one of --json and --csv can be chosen.');
      const { client } = await findServer(context, flags);
      const answer = await client.sql({
        sql: statement,
        ...(flags.maxRows === undefined ? {} : { max_rows: flags.maxRows }),
      });
      const names = answer.columns.map((column) => column.name);
      const rows = answer.rows.map((row) => names.map((name) => row[name]));
      if (flags.json) context.out(JSON.stringify(answer.rows, null, 2));
      else if (flags.csv) for (const line of formatCsv(names, rows)) context.out(line);
      else {
        for (const line of formatTable(names, rows, context.columns)) context.out(line);
        const unit = answer.row_count === 1 ? 'row' : 'rows';
        context.err(
          context.style.dim(`${formatCount(answer.row_count)} ${unit} in ${answer.elapsed_ms.toFixed(1)} ms`),
        );
      }
      if (answer.truncated) {
        context.err(
          context.style.warning('There are more rows: the answer was cut at the limit (--max-rows, sql.maxRows).'),
        );
      }
    });
