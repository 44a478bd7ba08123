import { sqlRequestSchema, sqlResponseSchema } from '@vedetta/client/schemas';
import type { SqlOutcome } from '@vedetta/store';
import { ProblemError } from '../http/problem.js';
import type { TypedApp } from '../http/typed-app.js';
import type { ServerContext } from '../server-context.js';

const STATUS_OF_FAILURE = { invalid: 400, not_allowed: 403, timeout: 504, too_large: 413 } as const;

/** `POST /api/sql`: the user's own read-only SQL. */
export async function sqlRoutes(app: TypedApp, { store, config }: ServerContext): Promise<void> {
  app.post(
    '/api/sql',
    {
      schema: {
        tags: ['SQL'],
        summary: 'Answer one read-only SQL statement',
        description:
          'Views: `time_logs`, `request_phases`, `custom_events`, and the tables behind them. No files, no network, no settings, no writes. Rows and time are limited (`sql.maxRows`, `sql.timeoutSeconds`); an answer that was cut says `truncated`.',
        body: sqlRequestSchema,
        response: { 200: sqlResponseSchema },
      },
      config: { problems: [413, 504] },
    },
    async ({ body }) => {
      const outcome = await store.sql.query(body.sql, {
        maxRows: Math.min(body.max_rows ?? config.sql.maxRows, config.sql.maxRows),
        timeoutMs: Math.min(body.timeout_ms ?? Number.POSITIVE_INFINITY, config.sql.timeoutSeconds * 1000),
      });
      if (outcome.kind === 'failed') throw new ProblemError(STATUS_OF_FAILURE[outcome.code], outcome.message);
      return {
        columns: [...outcome.columns],
        rows: toRecords(outcome),
        row_count: outcome.rows.length,
        truncated: outcome.truncated,
        elapsed_ms: outcome.elapsedMs,
      };
    },
  );
}

/** Rows by column name; of several columns with one name the later ones get a number. */
function toRecords(outcome: Extract<SqlOutcome, { kind: 'rows' }>): Record<string, unknown>[] {
  const names: string[] = [];
  for (const { name } of outcome.columns) {
    let unique = name;
    for (let n = 2; names.includes(unique); n++) unique = `${name}_${n}`;
    names.push(unique);
  }
  return outcome.rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index]])));
}
