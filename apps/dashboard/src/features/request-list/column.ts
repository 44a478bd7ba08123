import type { Request } from '@vedetta/client';
import type { ReactNode } from 'react';

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
  readonly cell: (request: Request, context: RowContext) => ReactNode;
}
