/** Widest a cell may be before it is cut, where the output is a terminal. */
const MAX_CELL = 60;

/**
 * Lays rows out in columns: two spaces between them, numbers to the right. Line breaks and control characters in a cell are
 * shown as escapes, since a value may come from anywhere.
 *
 * @param columns width of the terminal; `undefined` cuts nothing, for files and pipes
 */
export function formatTable(
  header: readonly string[],
  rows: ReadonlyArray<readonly unknown[]>,
  columns?: number,
): readonly string[] {
  const limit = columns === undefined ? Number.POSITIVE_INFINITY : MAX_CELL;
  const texts = rows.map((row) => row.map((value) => cut(cellText(value), limit)));
  const isNumeric = header.map((_, i) => rows.length > 0 && rows.every((row) => isNumber(row[i]) || row[i] === null));
  const widths = header.map((title, i) => Math.max(width(title), ...texts.map((row) => width(row[i] ?? ''))));
  const line = (cells: readonly string[]): string => {
    const padded = cells.map((cell, i) => pad(cell, widths[i] ?? 0, isNumeric[i] === true));
    return cut(padded.join('  ').trimEnd(), columns ?? Number.POSITIVE_INFINITY);
  };
  return [line(header), line(widths.map((w) => '-'.repeat(w))), ...texts.map(line)];
}

/** Lines of comma-separated values (RFC 4180): quoted where needed, null as an empty field. */
export function formatCsv(header: readonly string[], rows: ReadonlyArray<readonly unknown[]>): readonly string[] {
  const field = (value: unknown): string => {
    const text = value === null || value === undefined ? '' : valueText(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [header, ...rows].map((row) => row.map(field).join(','));
}

/** A text that cannot move the cursor or change the terminal: control characters become visible escapes. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not reach the terminal
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (char) => {
    if (char === '\n') return '\\n';
    if (char === '\t') return '\\t';
    return `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}

function cellText(value: unknown): string {
  return value === null || value === undefined ? 'null' : printable(valueText(value));
}

function valueText(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && /^-?\d{1,40}(\.\d+)?$/.test(value));
}

function cut(text: string, limit: number): string {
  return width(text) <= limit ? text : `${[...text].slice(0, limit - 1).join('')}…`;
}

function pad(text: string, size: number, right: boolean): string {
  const spaces = ' '.repeat(Math.max(0, size - width(text)));
  return right ? spaces + text : text + spaces;
}

function width(text: string): number {
  return [...text].length;
}
