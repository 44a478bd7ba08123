import { Link } from '@tanstack/react-router';
import type { FilterField } from '@vedetta/model';
import { setTerm } from '../../url/filter-terms.js';
import { keepScope } from '../../url/search.js';
import { useUrlState } from '../../url/use-search.js';

/** A value that leads to all requests of the range that share it. */
export function FilterLink({ field, value }: { field: FilterField; value: string }) {
  const [search] = useUrlState();
  return (
    <Link
      to="/requests"
      search={{ ...keepScope(search), q: setTerm('', field, value) } as never}
      title={`Requests with the same ${field}`}
      className="underline decoration-line-strong decoration-dotted underline-offset-2 hover:text-accent"
    >
      <bdi>{value.slice(0, 300)}</bdi>
    </Link>
  );
}
