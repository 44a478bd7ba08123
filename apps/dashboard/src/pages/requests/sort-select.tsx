import type { RowOrder } from '../../features/request-list/request-row.js';
import { parseRowSort, ROW_SORTS } from '../../features/request-list/row-sort.js';

/** All orders of the list, for tables too narrow for every column's head. */
export function SortSelect({ sort, onSort }: RowOrder) {
  return (
    <label className="flex items-center justify-end gap-2 pb-2 text-xs text-soft">
      Order
      <select
        value={sort}
        onChange={(event) => onSort(parseRowSort(event.target.value))}
        className="rounded border border-line-strong bg-surface px-1 py-0.5 text-ink"
      >
        {ROW_SORTS.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}
