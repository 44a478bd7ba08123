import type { Cell } from './align-series.js';

/** Indices of values with a gap on both sides: no line goes through them; `null` when there are none. */
export function isolatedPoints(column: ArrayLike<Cell>): number[] | null {
  const found: number[] = [];
  let before: number | null = null;
  let lonely = -1;
  for (let i = 0; i < column.length; i += 1) {
    const cell = column[i];
    if (cell === undefined) continue;
    if (cell === null) {
      if (lonely >= 0) found.push(lonely);
      lonely = -1;
    } else {
      lonely = before === null ? i : -1;
    }
    before = cell;
  }
  if (lonely >= 0) found.push(lonely);
  return found.length === 0 ? null : found;
}
