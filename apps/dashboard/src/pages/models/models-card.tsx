import type { Model } from '@vedetta/client';
import { Button } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { cx } from '../../ui/class-names.js';
import { Icon } from '../../ui/icon.js';
import { EmptyState } from '../../ui/states.js';
import { setTerm } from '../../url/filter-terms.js';
import { useUrlState } from '../../url/use-search.js';
import type { ModelColumn } from './model-columns.js';
import { MODEL_COLUMNS } from './model-columns.js';

const DEFAULT_ORDER = 'requests';

/** Every model that was called, and on demand those that are only served. */
export function ModelsCard({ models }: { models: readonly Model[] }) {
  const [{ q = '', sort = DEFAULT_ORDER, show }, change] = useUrlState();
  const used = models.filter(({ requests }) => requests > 0);
  const unused = models.length - used.length;
  const column = MODEL_COLUMNS.find(({ id }) => id === sort) ?? MODEL_COLUMNS[1];
  const shown = (show === 'all' ? models : used).toSorted((a, b) => compare(a, b, column));
  return (
    <Card
      title="Models"
      flush
      aside={
        unused > 0 && (
          <Button look="quiet" onClick={() => change({ show: show === 'all' ? undefined : 'all' }, { replace: true })}>
            {show === 'all' ? 'Only those called' : `Show ${unused} more that ${unused === 1 ? 'is' : 'are'} served`}
          </Button>
        )
      }
    >
      {shown.length === 0 ? (
        <EmptyState title="No model was called in this time">
          Calls are recorded by the gateway, by the SDK's wrappers, and from any OpenTelemetry exporter.
        </EmptyState>
      ) : (
        <div className="overflow-x-auto">
          <table className="w-full text-[13px]" data-testid="models">
            <thead>
              <tr className="border-b border-line text-xs text-soft">
                {MODEL_COLUMNS.map((one) => (
                  <Head
                    key={one.id}
                    column={one}
                    sorted={one === column}
                    onSort={() => change({ sort: one.id === DEFAULT_ORDER ? undefined : one.id }, { replace: true })}
                  />
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map((model) => (
                <tr
                  key={JSON.stringify([model.provider, model.upstream, model.model])}
                  className="border-b border-line last:border-0 hover:bg-sunken"
                >
                  {MODEL_COLUMNS.map((one, index) => (
                    <td
                      key={one.id}
                      className={cx('px-3 py-2 align-top', one.align === 'left' ? 'text-left' : 'tabular text-right')}
                    >
                      {index === 0 && model.requests > 0 ? (
                        <button
                          type="button"
                          className="text-left hover:underline"
                          title="Only this model"
                          onClick={() => change({ q: setTerm(q, 'model', model.model) })}
                        >
                          {one.cell(model)}
                        </button>
                      ) : (
                        one.cell(model)
                      )}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}

function Head({ column, sorted, onSort }: { column: ModelColumn; sorted: boolean; onSort: () => void }) {
  const order = column.align === 'left' ? 'ascending' : 'descending';
  return (
    <th
      scope="col"
      aria-sort={sorted ? order : 'none'}
      className={cx('px-3 py-1.5 font-medium whitespace-nowrap', column.align === 'left' ? 'text-left' : 'text-right')}
    >
      <button
        type="button"
        title={column.title}
        onClick={onSort}
        className={cx('inline-flex items-center gap-1 hover:text-ink', sorted && 'text-ink')}
      >
        {column.head}
        {sorted && <Icon name={order === 'ascending' ? 'up' : 'down'} size={12} />}
      </button>
    </th>
  );
}

/** Largest first and unknown last; equal rows by name, so that the order is the same each time. */
function compare(a: Model, b: Model, column: ModelColumn | undefined): number {
  const [left, right] = [column?.order(a) ?? null, column?.order(b) ?? null];
  if (left !== right) {
    if (left === null) return 1;
    if (right === null) return -1;
    if (typeof left === 'number' && typeof right === 'number') return right - left;
    return String(left) < String(right) ? -1 : 1;
  }
  return a.model < b.model ? -1 : 1;
}
