/** Where a page ended: the start and id of its last request. */
export interface ListCursor {
  readonly startNs: string;
  readonly requestId: string;
}

export function encodeCursor(startUnixNano: bigint, requestId: string): string {
  return Buffer.from(JSON.stringify([startUnixNano.toString(), requestId])).toString('base64url');
}

/** Throws RangeError for anything that {@link encodeCursor} did not write. */
export function decodeCursor(cursor: string): ListCursor {
  const [startNs, requestId] = parts(cursor, 2);
  return checked(startNs, requestId);
}

/** Where a page ended that is sorted by a figure. */
export interface SortedCursor extends ListCursor {
  /** Of the last request; `null` when it has none. */
  readonly value: number | null;
}

/** `order` names the sort, such as `cost:desc`: a cursor of one is none of another. */
export function encodeSortedCursor(
  order: string,
  value: number | null,
  startUnixNano: bigint,
  requestId: string,
): string {
  return Buffer.from(JSON.stringify([startUnixNano.toString(), requestId, order, value])).toString('base64url');
}

/** Throws RangeError for anything that {@link encodeSortedCursor} did not write for the same order. */
export function decodeSortedCursor(cursor: string, order: string): SortedCursor {
  const [startNs, requestId, ofOrder, value] = parts(cursor, 4);
  if (ofOrder !== order) throw malformedCursor();
  if (value !== null && (typeof value !== 'number' || !Number.isFinite(value))) throw malformedCursor();
  return { ...checked(startNs, requestId), value };
}

/** Throws RangeError for a size that no page has. */
export function checkLimit(limit: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) {
    throw new RangeError(`The limit ${limit} is not a whole number from 1 to 1000.`);
  }
}

/** What a cursor is answered with that this server did not give out. */
export function malformedCursor(): RangeError {
  return new RangeError('The cursor is not one that this server gave out. Ask for the first page again.');
}

function parts(cursor: string, length: number): readonly unknown[] {
  let decoded: unknown;
  try {
    decoded = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw malformedCursor();
  }
  if (!Array.isArray(decoded) || decoded.length !== length) throw malformedCursor();
  return decoded;
}

function checked(startNs: unknown, requestId: unknown): ListCursor {
  if (typeof startNs !== 'string' || !/^-?\d{1,18}$|^-?[1-8]\d{18}$/.test(startNs)) throw malformedCursor();
  if (typeof requestId !== 'string') throw malformedCursor();
  return { startNs, requestId };
}
