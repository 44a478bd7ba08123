import type { Request } from '@vedetta/client';
import { memo } from 'react';
import { cx } from '../../ui/class-names.js';
import { Icon } from '../../ui/icon.js';
import type { Column, RowContext } from './column.js';
import type { RowSort, SortKey } from './row-sort.js';
import { directionOf, toggleSort } from './row-sort.js';

/** One request as a row of a table; Enter or a click opens it. */
export const RequestRow = memo(function RequestRow(props: {
  request: Request;
  columns: readonly Column[];
  context: RowContext;
  selected: boolean;
  onOpen: (requestId: string) => void;
  /** Place in the whole table, and the row's distance from its top in pixels, where only rows in view are drawn. */
  index?: number;
  top?: number;
}) {
  const { request, columns, context, onOpen } = props;
  return (
    <div
      role="row"
      tabIndex={0}
      data-request-row={request.request_id}
      aria-selected={props.selected}
      {...(props.index !== undefined && { 'aria-rowindex': props.index })}
      onClick={() => onOpen(request.request_id)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter') return;
        event.preventDefault();
        onOpen(request.request_id);
      }}
      style={{
        gridTemplateColumns: gridOf(columns),
        ...(props.top !== undefined && {
          position: 'absolute',
          width: '100%',
          transform: `translateY(${props.top}px)`,
        }),
      }}
      className={cx(
        'grid h-[44px] scroll-mt-24 items-center gap-4 border-b border-line px-4 text-[13px] focus-visible:-outline-offset-2',
        props.selected ? 'bg-accent-soft' : 'hover:bg-sunken',
      )}
    >
      {columns.map((column) => (
        <div
          key={column.id}
          role="cell"
          className={cx('flex min-w-0 items-center', column.align === 'right' && 'justify-end text-right')}
        >
          {column.cell(request, context)}
        </div>
      ))}
    </div>
  );
});

/** The row of column names; `sticky` keeps it in view under the page's bar, and with an order its columns can be sorted by. */
export function HeadRow({
  columns,
  sticky = false,
  order,
}: {
  columns: readonly Column[];
  sticky?: boolean;
  order?: RowOrder;
}) {
  return (
    <div role="rowgroup" className={cx(sticky && 'sticky top-13 z-10 rounded-t-lg bg-surface')}>
      <div
        role="row"
        style={{ gridTemplateColumns: gridOf(columns) }}
        className="grid h-8 items-center gap-4 border-b border-line px-4 text-xs font-medium text-soft"
      >
        {columns.map((column) =>
          order === undefined || column.sort === undefined ? (
            <div key={column.id} role="columnheader" className={headClass(column)}>
              {column.head}
            </div>
          ) : (
            <SortHead key={column.id} column={column} by={column.sort} order={order} />
          ),
        )}
      </div>
    </div>
  );
}

/** The order of a list, and how to change it. */
export interface RowOrder {
  readonly sort: RowSort;
  readonly onSort: (sort: RowSort) => void;
}

function SortHead({ column, by, order }: { column: Column; by: SortKey; order: RowOrder }) {
  const direction = directionOf(order.sort, by);
  return (
    <div role="columnheader" aria-sort={direction} className={headClass(column)}>
      <button
        type="button"
        onClick={() => order.onSort(toggleSort(order.sort, by))}
        className={cx(
          'inline-flex max-w-full items-center gap-1 rounded hover:text-ink focus-visible:-outline-offset-2',
          direction !== 'none' && 'text-ink',
        )}
      >
        <span className="truncate">{column.head}</span>
        {direction !== 'none' && <Icon name={direction === 'ascending' ? 'up' : 'down'} size={12} />}
      </button>
    </div>
  );
}

function headClass(column: Column): string {
  return cx('truncate', column.align === 'right' && 'text-right');
}

function gridOf(columns: readonly Column[]): string {
  return columns.map((column) => column.track).join(' ');
}
