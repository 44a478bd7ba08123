import type { DuckDBConnection, DuckDBPreparedStatement } from '@duckdb/node-api';
import { StatementType } from '@duckdb/node-api';
import type { SqlOutcome } from '../api/sql-reader.js';
import { messageOf } from './engine-errors.js';

export type CheckedStatement =
  | { readonly kind: 'allowed'; readonly statement: DuckDBPreparedStatement }
  | (SqlOutcome & { readonly kind: 'failed' });

/** Prepares a user's statement if it only reads. */
export async function checkStatement(connection: DuckDBConnection, sql: string): Promise<CheckedStatement> {
  let statement: DuckDBPreparedStatement;
  try {
    const statements = await connection.extractStatements(sql);
    if (statements.count !== 1) return notAllowed(`Send one statement, not ${statements.count}.`);
    statement = await statements.prepare(0);
  } catch (error) {
    const message = messageOf(error);
    return { kind: 'failed', code: /Permission Error/.test(message) ? 'not_allowed' : 'invalid', message };
  }
  if (statement.statementType !== StatementType.SELECT) {
    return notAllowed('Only statements that read are allowed: SELECT, WITH, FROM, VALUES, DESCRIBE, SHOW, SUMMARIZE.');
  }
  if (statement.parameterCount > 0)
    return notAllowed('Parameters are not supported; write the values into the statement.');
  return { kind: 'allowed', statement };
}

function notAllowed(message: string): CheckedStatement {
  return { kind: 'failed', code: 'not_allowed', message };
}
