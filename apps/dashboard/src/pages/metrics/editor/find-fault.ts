import { PromqlError, parsePromql } from '@vedetta/query';

/** What is wrong with a query, and where: offsets of its characters, the end is exclusive. */
export interface QueryFault {
  readonly message: string;
  readonly from: number;
  readonly to: number;
}

/** The fault that the server would find in a query, by its own parser; `undefined` for a sound one and for none at all. */
export function findFault(query: string): QueryFault | undefined {
  if (query.trim() === '') return undefined;
  try {
    parsePromql(query);
    return undefined;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const range = error instanceof PromqlError ? error.range : undefined;
    const from = Math.min(range?.from ?? 0, query.length);
    return { message, from, to: Math.min(Math.max(range?.to ?? query.length, from), query.length) };
  }
}
