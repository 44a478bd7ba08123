import type { Request } from '@vedetta/client';
import type { ReactNode } from 'react';
import type { SortKey } from './row-sort.js';

/** What a cell may need besides its request. */
export interface RowContext {
  readonly nowMs: number;
  /** The longest duration in view: a full bar. */
  readonly scaleMs: number;
  /** The time column is hidden: the name's cell shows it. */
  readonly narrow: boolean;
}

/** A column of the request list. */
export interface Column {
  readonly id: string;
  readonly head: string;
  /** Track of the grid. */
  readonly track: string;
  /** Track in tables too narrow for more than the columns that are always shown. */
  readonly narrowTrack?: string;
  /** Shown in tables at least this wide, in pixels. */
  readonly fromWidth: number;
  readonly align?: 'right';
  /** What the list is ordered by when its head is clicked; absent where the server has no such order. */
  readonly sort?: SortKey;
  readonly cell: (request: Request, context: RowContext) => ReactNode;
}
