/** Answers the user's own read-only SQL through a locked-down path: no files, no network, no writes, no settings. */
export interface SqlReader {
  /** One statement. Limits cut the answer (`truncated`) or end it (`failed`, code `timeout`). */
  query(sql: string, limits: SqlLimits): Promise<SqlOutcome>;
}

export interface SqlLimits {
  readonly maxRows: number;
  readonly timeoutMs: number;
}

export type SqlOutcome =
  | {
      readonly kind: 'rows';
      readonly columns: readonly { readonly name: string; readonly type: string }[];
      /** JSON-safe values: integers past 2^53 as decimal strings, timestamps as ISO 8601, nested values as JSON. */
      readonly rows: readonly (readonly unknown[])[];
      readonly truncated: boolean;
      readonly elapsedMs: number;
    }
  | {
      readonly kind: 'failed';
      readonly code: 'not_allowed' | 'invalid' | 'timeout' | 'too_large';
      readonly message: string;
    };
