import type { DuckDBConnection, DuckDBPreparedStatement } from '@duckdb/node-api';
import { StatementType } from '@duckdb/node-api';
import type { SqlOutcome } from '../api/sql-reader.js';
import { messageOf } from './engine-errors.js';

/** What users may read: the views of schema `main`. */
export const PUBLIC_VIEWS = [
  'time_logs',
  'request_phases',
  'custom_events',
  'requests',
  'llm_calls',
  'spans',
  'scores',
  'system_metrics',
  'api_metrics',
] as const;

/** Table functions that compute from their arguments only. The engine has others that read files, memory or settings, or change them. */
const TABLE_FUNCTIONS: ReadonlySet<string> = new Set([
  'range',
  'generate_series',
  'unnest',
  'repeat',
  'json_each',
  'json_tree',
]);

/** Scalar functions that look outside the data, wait, write to the engine's log, or are not meant for people. */
const HIDDEN_FUNCTIONS =
  /^(?:__|pg_|has_|inet_|duckdb_|pragma_|parquet_|read_|arrow_|query|sleep|write_log|getvariable|getenv|current_setting|current_query|nextval|currval|which_secret|parse_duckdb_log|get_block_size|can_cast_implicitly|vector_type|remap_struct|json_(?:de)?serialize|json_execute)/;

/** Deeper statements are refused before the engine's recursive parts see them. */
const MAX_DEPTH = 200;

/** Reading statements that are not SELECT for the parser, and so cannot be looked into: only EXPLAIN is worth it. */
const EXPLAIN = /^(?:\s|--[^\n]*\n|\/\*(?:[^*]|\*(?!\/))*\*\/)*explain\b/i;

export type CheckedStatement =
  | { readonly kind: 'allowed'; readonly statement: DuckDBPreparedStatement }
  | (SqlOutcome & { readonly kind: 'failed' });

/**
 * Prepares a user's statement if it only reads public views.
 *
 * The engine's own parser gives the syntax tree; every table and function in it must be on a list. This is the first of
 * three fences: the transaction around it is read-only, and the engine itself was cut off from files and settings.
 */
export async function checkStatement(connection: DuckDBConnection, sql: string): Promise<CheckedStatement> {
  if (sql.includes('\0')) return failed('invalid', 'The statement has a NUL character.');
  if (depthOf(sql) > MAX_DEPTH) return failed('not_allowed', `The statement nests deeper than ${MAX_DEPTH} brackets.`);
  try {
    const explained = EXPLAIN.exec(sql);
    const inner = explained === null ? sql : sql.slice(explained[0].length);
    if (explained !== null && /^\s*(?:analy[sz]e\b|\()/i.test(inner)) {
      return failed('not_allowed', 'EXPLAIN takes no options here: EXPLAIN ANALYZE would run the statement.');
    }
    const refused = await checkTree(connection, inner);
    if (refused !== undefined) return refused;
    const statements = await connection.extractStatements(sql);
    if (statements.count !== 1) return failed('not_allowed', `Send one statement, not ${statements.count}.`);
    const statement = await statements.prepare(0);
    const expected = explained === null ? StatementType.SELECT : StatementType.EXPLAIN;
    if (statement.statementType !== expected) return onlyReads();
    if (statement.parameterCount > 0)
      return failed('invalid', 'Write values into the statement: parameters are not supported.');
    return { kind: 'allowed', statement };
  } catch (error) {
    const message = messageOf(error);
    return failed(message.startsWith('Permission Error') ? 'not_allowed' : 'invalid', message);
  }
}

async function checkTree(connection: DuckDBConnection, sql: string): Promise<CheckedStatement | undefined> {
  // The function takes a constant only; in the engine's string literals nothing but the quote is special.
  const literal = `'${sql.replaceAll("'", "''")}'`;
  const reader = await connection.runAndReadAll(`SELECT json_serialize_sql(${literal})`);
  const tree = JSON.parse(String(reader.getRows()[0]?.[0])) as SyntaxTree;
  if (tree.error) {
    if (tree.error_type === 'not implemented') return onlyReads();
    return failed('invalid', tree.error_message ?? 'The statement cannot be parsed.');
  }
  const count = tree.statements?.length ?? 0;
  if (count !== 1) return failed(count === 0 ? 'invalid' : 'not_allowed', `Send one statement, not ${count}.`);
  const found: Names = { tables: [], tableFunctions: [], functions: [], withNames: new Set() };
  collect(tree.statements, found);
  for (const { catalog, schema, name } of found.tables) {
    if (catalog !== '' || !['', 'main', 'information_schema'].includes(schema)) {
      return failed(
        'not_allowed',
        `${[catalog, schema, name].filter(Boolean).join('.')} is not for reading. ${readable()}`,
      );
    }
    const known =
      schema === 'information_schema' ||
      found.withNames.has(name) ||
      (PUBLIC_VIEWS as readonly string[]).includes(name);
    if (!known)
      return failed(
        /^\w+$/.test(name) ? 'invalid' : 'not_allowed',
        `There is no view ${JSON.stringify(name)}. ${readable()}`,
      );
  }
  const hidden =
    found.tableFunctions.find((name) => !TABLE_FUNCTIONS.has(name)) ??
    found.functions.find((name) => HIDDEN_FUNCTIONS.test(name));
  return hidden === undefined ? undefined : failed('not_allowed', `The function ${hidden} is not available here.`);
}

interface SyntaxTree {
  readonly error: boolean;
  readonly error_type?: string;
  readonly error_message?: string;
  readonly statements?: readonly unknown[];
}

interface Names {
  readonly tables: { catalog: string; schema: string; name: string }[];
  readonly tableFunctions: string[];
  readonly functions: string[];
  readonly withNames: Set<string>;
}

function collect(root: unknown, found: Names): void {
  const open: unknown[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (Array.isArray(node)) {
      open.push(...node.filter((child) => child !== null));
      continue;
    }
    if (typeof node !== 'object' || node === null) continue;
    const { type, function: called, ...rest } = node as { readonly [key: string]: unknown };
    if (type === 'BASE_TABLE') {
      found.tables.push({
        catalog: lower(rest.catalog_name),
        schema: lower(rest.schema_name),
        name: lower(rest.table_name),
      });
    }
    if (type === 'TABLE_FUNCTION') {
      const { function_name: name, children } = (called ?? {}) as { readonly [key: string]: unknown };
      found.tableFunctions.push(lower(name));
      open.push(children);
    } else if (called !== undefined && called !== null) open.push(called);
    if (typeof rest.function_name === 'string') found.functions.push(lower(rest.function_name));
    const ctes = (rest.cte_map as { readonly map?: readonly { readonly key?: unknown }[] } | undefined)?.map ?? [];
    for (const { key } of ctes) found.withNames.add(lower(key));
    for (const child of Object.values(rest)) if (typeof child === 'object' && child !== null) open.push(child);
  }
}

/** Depth of brackets, wherever they stand: inside a text literal they count too, which is on the safe side. */
function depthOf(sql: string): number {
  let depth = 0;
  let deepest = 0;
  for (const character of sql) {
    if (character === '(' || character === '[' || character === '{') deepest = Math.max(deepest, ++depth);
    else if (character === ')' || character === ']' || character === '}') depth--;
  }
  return deepest;
}

function lower(value: unknown): string {
  return String(value ?? '').toLowerCase();
}

function readable(): string {
  return `There are ${PUBLIC_VIEWS.join(', ')}.`;
}

function onlyReads(): CheckedStatement {
  return failed(
    'not_allowed',
    'Only statements that read are allowed: SELECT, WITH, FROM, VALUES, DESCRIBE, SHOW, SUMMARIZE, EXPLAIN.',
  );
}

function failed(code: 'not_allowed' | 'invalid', message: string): CheckedStatement {
  return { kind: 'failed', code, message };
}
