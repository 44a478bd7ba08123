import { useQuery } from '@tanstack/react-query';
import type { DistributionKey } from '@vedetta/client';
import { distributionQuery } from '../../api/queries.js';
import { formatCompact } from '../../format/format.js';
import { cx } from '../../ui/class-names.js';
import { Icon } from '../../ui/icon.js';
import { Skeleton } from '../../ui/states.js';
import { dropField, readTerms, toggleTerm } from '../../url/filter-terms.js';
import { useScope, useUrlState } from '../../url/use-search.js';

const FACETS = [
  ['status', 'Status'],
  ['model', 'Model'],
  ['modality', 'Modality'],
  ['service', 'Service'],
  ['user', 'User'],
] as const satisfies readonly (readonly [DistributionKey, string])[];

const VALUES = 8;

/** The most frequent values of the chosen requests, in step with the filter. */
export function Facets() {
  return (
    <section aria-label="Facets" className="flex w-full shrink-0 flex-col gap-4 lg:w-52" data-testid="facets">
      {FACETS.map(([by, title]) => (
        <Facet key={by} by={by} title={title} />
      ))}
    </section>
  );
}

function Facet({ by, title }: { by: (typeof FACETS)[number][0]; title: string }) {
  const [{ q = '' }, change] = useUrlState();
  const { q: _q, ...range } = useScope();
  const others = dropField(q, by);
  const scope = { ...range, ...(others !== '' && { q: others }) };
  const { data } = useQuery(distributionQuery(by, scope, VALUES));
  const terms = readTerms(q).filter((term) => term.field === by);
  // Chosen values stay in the list even when the filter leaves none of their requests.
  const gone = terms.filter((term) => !data?.rows.some((row) => row.value === term.value));
  const rows = [...gone.map((term) => ({ value: term.value, count: 0 })), ...(data?.rows ?? [])];
  if (data !== undefined && rows.length === 0) return null;
  return (
    <div>
      <h2 className="pb-1 text-xs font-semibold text-soft">{title}</h2>
      {data === undefined ? (
        <Skeleton className="h-16" />
      ) : (
        <ul className="flex flex-col">
          {rows.map(({ value, count }) => {
            const term = terms.find((candidate) => candidate.value === value);
            const label = value.slice(0, 200) || 'none';
            return (
              <li key={value} className="group flex items-center gap-1">
                <button
                  type="button"
                  aria-pressed={term !== undefined}
                  onClick={() => change({ q: toggleTerm(q, term ?? { field: by, value, negated: false }) })}
                  className={cx(
                    'flex min-w-0 flex-1 items-center justify-between gap-2 rounded px-1.5 py-0.5 text-left text-[13px] hover:bg-sunken',
                    term !== undefined && 'bg-accent-soft text-accent',
                  )}
                >
                  <bdi className={cx('truncate', term?.negated === true && 'line-through')} title={label}>
                    {label}
                  </bdi>
                  <span className="tabular text-xs text-soft">{formatCompact(count)}</span>
                </button>
                <button
                  type="button"
                  title={`All but ${label}`}
                  aria-label={`All but ${label}`}
                  onClick={() => change({ q: toggleTerm(q, { field: by, value, negated: true }) })}
                  className="rounded p-1 text-soft opacity-0 group-hover:opacity-100 focus-visible:opacity-100 hover:bg-sunken"
                >
                  <Icon name="minus" size={11} />
                </button>
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}
