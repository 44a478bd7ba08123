import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import type { Search } from './search.js';
import { toScope } from './search.js';

/** Changes to the URL's state; a key set to `undefined` is taken away. */
export type SearchChange = { readonly [Key in keyof Search]?: Search[Key] | undefined };

/** The state of the page in the URL, and how to change a part of it. `replace` leaves no step in the history. */
export function useUrlState(): readonly [Search, (change: SearchChange, options?: { replace?: boolean }) => void] {
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const change = useCallback(
    (next: SearchChange, options?: { replace?: boolean }) => {
      void navigate({
        to: '.',
        search: ((previous: Search) => withoutUndefined({ ...previous, ...next })) as never,
        replace: options?.replace ?? false,
      });
    },
    [navigate],
  );
  return [search, change];
}

/** The time and filter parameters of API calls on this page, the same object while they do not change. */
export function useScope(): ReturnType<typeof toScope> {
  const [{ range, from, to, q }] = useUrlState();
  return useMemo(
    () =>
      toScope({
        ...(range !== undefined && { range }),
        ...(from !== undefined && { from }),
        ...(to !== undefined && { to }),
        ...(q !== undefined && { q }),
      }),
    [range, from, to, q],
  );
}

function withoutUndefined(search: SearchChange): Search {
  return Object.fromEntries(
    Object.entries(search).filter(([, value]) => value !== undefined && value !== ''),
  ) as Search;
}
