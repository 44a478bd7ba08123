import type { Cell } from './align-series.js';

/** Columns as they are drawn on top of each other, and which one each stands on. */
export interface StackedColumns {
  readonly columns: readonly (readonly (number | null)[])[];
  /** Index of the column below; -1 for the axis. */
  readonly below: readonly number[];
}

/**
 * Adds values up, in the order of the columns, those below zero apart from the others. What is missing adds nothing, so that
 * what stands above does not fall; a time at which no series has a value stays a gap. Columns that are not shown add nothing.
 */
export function stackColumns(columns: readonly (readonly Cell[])[], shown: (index: number) => boolean): StackedColumns {
  const length = columns[0]?.length ?? 0;
  const up = new Float64Array(length);
  const down = new Float64Array(length);
  const filled = new Uint8Array(length);
  for (const [index, column] of columns.entries()) {
    if (shown(index)) for (let i = 0; i < length; i += 1) if (typeof column[i] === 'number') filled[i] = 1;
  }
  let lastUp = -1;
  let lastDown = -1;
  const below: number[] = [];
  const stacked = columns.map((column, index) => {
    if (!shown(index)) {
      below.push(-1);
      return new Array<null>(length).fill(null);
    }
    const negative = isNegative(column);
    const sums = negative ? down : up;
    below.push(negative ? lastDown : lastUp);
    if (negative) lastDown = index;
    else lastUp = index;
    const result: (number | null)[] = new Array(length);
    let value = 0;
    for (let i = 0; i < length; i += 1) {
      const cell = column[i];
      // `undefined` is between two points of a coarser series: it goes on as it was.
      if (cell !== undefined) value = cell ?? 0;
      (sums[i] as number) += value;
      result[i] = filled[i] === 1 ? (sums[i] as number) : null;
    }
    return result;
  });
  return { columns: stacked, below };
}

function isNegative(column: readonly Cell[]): boolean {
  let any = false;
  for (const cell of column) {
    if (typeof cell !== 'number' || cell === 0) continue;
    if (cell > 0) return false;
    any = true;
  }
  return any;
}
