import { Button } from '../ui/button.js';
import { EmptyState } from '../ui/states.js';
import { DEFAULT_RANGE } from '../url/time-range.js';
import { useUrlState } from '../url/use-search.js';

/** Says that no request is in the range and the filter, and offers to widen them. */
export function NothingMatches() {
  const [{ q, range = DEFAULT_RANGE, from }, change] = useUrlState();
  return (
    <div className="rounded-lg border border-line bg-surface">
      <EmptyState title="No request matches">
        <p>
          {q === undefined
            ? 'There is none in this range of time.'
            : 'There is none in this range of time with this filter.'}
        </p>
        <div className="mt-3 flex flex-wrap justify-center gap-2">
          {q !== undefined && <Button onClick={() => change({ q: undefined })}>Clear the filter</Button>}
          {from !== undefined && (
            <Button onClick={() => change({ from: undefined, to: undefined })}>Leave the zoom</Button>
          )}
          {range !== '30d' && (
            <Button onClick={() => change({ range: '30d', from: undefined, to: undefined })}>
              Show the last 30 days
            </Button>
          )}
        </div>
      </EmptyState>
    </div>
  );
}
