import type { ListRequestsQuery } from '@vedetta/client';

/** Figures that the list can be ordered by, as the API calls them. */
export type SortKey = 'start' | 'duration' | 'tokens' | 'ttft' | 'cost';

/** An order as the API and the address write it. */
export type RowSort = NonNullable<ListRequestsQuery['sort']>;

/** Newest first: what the list shows when the address says nothing. */
export const DEFAULT_ROW_SORT: RowSort = 'start:desc';

/** All orders with what people call them. */
export const ROW_SORTS: readonly (readonly [sort: RowSort, label: string])[] = [
  ['start:desc', 'newest first'],
  ['start:asc', 'oldest first'],
  ['duration:desc', 'longest first'],
  ['duration:asc', 'shortest first'],
  ['tokens:desc', 'most tokens first'],
  ['tokens:asc', 'fewest tokens first'],
  ['ttft:desc', 'slowest first token first'],
  ['ttft:asc', 'quickest first token first'],
  ['cost:desc', 'dearest first'],
  ['cost:asc', 'cheapest first'],
];

/** The order that the address asks for; the default for what is none. */
export function parseRowSort(text: string | undefined): RowSort {
  return ROW_SORTS.find(([sort]) => sort === text)?.[0] ?? DEFAULT_ROW_SORT;
}

/** What a list is ordered by. */
export function keyOf(sort: RowSort): SortKey {
  return sort.slice(0, sort.indexOf(':')) as SortKey;
}

/** How a column is ordered, in the words of `aria-sort`. */
export function directionOf(sort: RowSort, key: SortKey): 'ascending' | 'descending' | 'none' {
  if (keyOf(sort) !== key) return 'none';
  return sort.endsWith(':asc') ? 'ascending' : 'descending';
}

/** The order after a click on a column's head: largest first, then the other way round. */
export function toggleSort(sort: RowSort, key: SortKey): RowSort {
  return directionOf(sort, key) === 'descending' ? `${key}:asc` : `${key}:desc`;
}
