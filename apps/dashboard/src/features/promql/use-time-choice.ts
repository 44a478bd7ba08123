import { useMemo } from 'react';
import { useUrlState } from '../../url/use-search.js';
import type { TimeChoice } from './time-window.js';
import { readTimeChoice } from './time-window.js';

/** The page's time for queries; the same object while nothing about it changes, since it is part of the keys of queries. */
export function useTimeChoice(): TimeChoice {
  const [{ range, from, to, step }] = useUrlState();
  return useMemo(
    () =>
      readTimeChoice({
        ...(range !== undefined && { range }),
        ...(from !== undefined && to !== undefined && { from, to }),
        ...(step !== undefined && { step }),
      }),
    [range, from, to, step],
  );
}
