import type { Request } from '@vedetta/client';
import { memo } from 'react';
import { cx } from '../../ui/class-names.js';
import type { Column, RowContext } from './column.js';

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

/** The row of column names; `sticky` keeps it in view under the page's bar. */
export function HeadRow({ columns, sticky = false }: { columns: readonly Column[]; sticky?: boolean }) {
  return (
    <div role="rowgroup" className={cx(sticky && 'sticky top-13 z-10 rounded-t-lg bg-surface')}>
      <div
        role="row"
        style={{ gridTemplateColumns: gridOf(columns) }}
        className="grid h-8 items-center gap-4 border-b border-line px-4 text-xs font-medium text-soft"
      >
        {columns.map((column) => (
          <div key={column.id} role="columnheader" className={cx('truncate', column.align === 'right' && 'text-right')}>
            {column.head}
          </div>
        ))}
      </div>
    </div>
  );
}

function gridOf(columns: readonly Column[]): string {
  return columns.map((column) => column.track).join(' ');
}
