/** Marks text for a terminal; every member gives its text back unchanged where colours are not wanted. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly bad: (text: string) => string;
}

/** @param color false: no escape sequence at all */
export function createStyle(color: boolean): Style {
  const mark = (open: number, close: number) => (text: string) =>
    color ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return { bold: mark(1, 22), dim: mark(2, 22), good: mark(32, 39), warning: mark(33, 39), bad: mark(31, 39) };
}
