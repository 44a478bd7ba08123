/**
 * Rows as JSON that the engine reads and turns into a table. What its texts cannot hold, halves of characters and NUL, becomes
 * U+FFFD, as it does on the way of appended rows: the same text is found again.
 */
export function toEngineJson(rows: readonly object[]): string {
  return JSON.stringify(rows, (_, value: unknown) =>
    typeof value === 'string' ? value.replace(/\p{Surrogate}/gu, '\ufffd').replaceAll('\0', '\ufffd') : value,
  );
}
