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
  let decoded: unknown;
  try {
    decoded = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw malformed();
  }
  if (!Array.isArray(decoded) || decoded.length !== 2) throw malformed();
  const [startNs, requestId] = decoded as unknown[];
  if (typeof startNs !== 'string' || !/^-?\d{1,18}$|^-?[1-8]\d{18}$/.test(startNs)) throw malformed();
  if (typeof requestId !== 'string') throw malformed();
  return { startNs, requestId };
}

function malformed(): RangeError {
  return new RangeError('The cursor is not one that this server gave out. Ask for the first page again.');
}
