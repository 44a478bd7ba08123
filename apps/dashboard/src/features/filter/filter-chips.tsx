import { Icon } from '../../ui/icon.js';
import { dropCondition, splitFilter } from '../../url/filter-terms.js';
import { useUrlState } from '../../url/use-search.js';

/** The conditions of the filter, one chip each; a click takes one away. */
export function FilterChips() {
  const [{ q = '' }, change] = useUrlState();
  const conditions = splitFilter(q) ?? [];
  if (conditions.length === 0) return null;
  return (
    <ul aria-label="Conditions" className="flex flex-wrap gap-1.5">
      {conditions.map((condition, i) => (
        <li key={condition}>
          <button
            type="button"
            onClick={() => change({ q: dropCondition(q, i) })}
            aria-label={`Remove the condition ${condition}`}
            className="flex max-w-72 items-center gap-1 rounded-full bg-accent-soft py-0.5 pr-1.5 pl-2.5 text-xs text-accent"
          >
            <bdi className="truncate font-mono">{condition}</bdi>
            <Icon name="close" size={11} />
          </button>
        </li>
      ))}
    </ul>
  );
}
