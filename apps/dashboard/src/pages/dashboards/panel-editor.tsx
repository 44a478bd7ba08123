import type { ReactNode } from 'react';
import { useId, useState } from 'react';
import type { PanelChange } from '../../grafana/edit-dashboard.js';
import type { Panel } from '../../grafana/model.js';
import { OFFERED_UNITS } from '../../grafana/units.js';
import { Button, IconButton } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';

const TYPES: readonly (readonly [type: string, label: string])[] = [
  ['timeseries', 'Time series'],
  ['stat', 'Stat'],
  ['gauge', 'Gauge'],
  ['bargauge', 'Bar gauge'],
  ['barchart', 'Bar chart'],
  ['table', 'Table'],
  ['histogram', 'Histogram'],
  ['heatmap', 'Heatmap'],
];
const FIELD = 'rounded-md border border-line-strong bg-surface px-2 py-1 text-[13px]';

/** Title, kind, unit, queries and place of one panel. What it does not show stays as it is. */
export function PanelEditor(props: { panel: Panel; onApply: (change: PanelChange) => void; onClose: () => void }) {
  const { panel } = props;
  const [title, setTitle] = useState(panel.title);
  const [type, setType] = useState(panel.type);
  const [unit, setUnit] = useState(panel.defaults.unit ?? '');
  const [queries, setQueries] = useState(() =>
    panel.targets.map(({ refId, expr, legendFormat }) => ({ key: refId, expr, legendFormat })),
  );
  const [pos, setPos] = useState(panel.gridPos);
  const units = useId();
  const setQuery = (key: string, change: { expr?: string; legendFormat?: string }) =>
    setQueries(queries.map((query) => (query.key === key ? { ...query, ...change } : query)));
  const apply = () => {
    props.onApply({
      ...(title !== panel.title && { title }),
      ...(type !== panel.type && { type }),
      ...(unit !== (panel.defaults.unit ?? '') && { unit }),
      ...(pos !== panel.gridPos && { gridPos: pos }),
      queries: queries.map(({ expr, legendFormat }) => ({ expr, legendFormat })),
    });
    props.onClose();
  };
  return (
    <Dialog title={`Edit ${panel.title || 'the panel'}`} onClose={props.onClose}>
      <form
        className="flex max-h-[75vh] flex-col gap-3 overflow-auto p-4"
        onSubmit={(event) => {
          event.preventDefault();
          apply();
        }}
      >
        <Labelled label="Title">
          <input className={FIELD} value={title} onChange={(event) => setTitle(event.target.value)} />
        </Labelled>
        <div className="grid grid-cols-2 gap-3">
          <Labelled label="Shown as">
            <select className={FIELD} value={type} onChange={(event) => setType(event.target.value)}>
              {!TYPES.some(([known]) => known === type) && <option value={type}>{type}</option>}
              {TYPES.map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
          </Labelled>
          <Labelled label="Unit">
            <input className={FIELD} list={units} value={unit} onChange={(event) => setUnit(event.target.value)} />
          </Labelled>
          <datalist id={units}>
            {OFFERED_UNITS.map(([value, label]) => (
              <option key={value} value={value} label={label} />
            ))}
          </datalist>
        </div>
        <fieldset className="flex flex-col gap-2">
          <legend className="pb-1 text-xs text-soft">Queries (PromQL)</legend>
          {queries.map(({ key, expr, legendFormat }, i) => (
            <div key={key} className="flex flex-col gap-1 rounded-md border border-line p-2">
              <div className="flex items-start gap-1">
                <textarea
                  aria-label={`Query ${key}`}
                  rows={2}
                  spellCheck={false}
                  className={`${FIELD} min-w-0 flex-1 font-mono text-xs`}
                  value={expr}
                  onChange={(event) => setQuery(key, { expr: event.target.value })}
                />
                {/* Queries go by their place in the JSON: only the last one can leave without another taking its settings. */}
                {i === queries.length - 1 && queries.length > 1 && (
                  <IconButton
                    icon="trash"
                    label={`Remove query ${key}`}
                    onClick={() => setQueries(queries.slice(0, -1))}
                  />
                )}
              </div>
              <input
                aria-label={`Legend of query ${key}`}
                placeholder="Legend, such as {{model}}"
                className={`${FIELD} text-xs`}
                value={legendFormat}
                onChange={(event) => setQuery(key, { legendFormat: event.target.value })}
              />
            </div>
          ))}
          <Button
            onClick={() =>
              setQueries([...queries, { key: nextKey(queries.map(({ key }) => key)), expr: '', legendFormat: '' }])
            }
          >
            Add a query
          </Button>
        </fieldset>
        <fieldset className="grid grid-cols-4 gap-2">
          <legend className="pb-1 text-xs text-soft">Place on 24 columns</legend>
          {(['x', 'y', 'w', 'h'] as const).map((key) => (
            <Labelled key={key} label={{ x: 'Column', y: 'Line', w: 'Width', h: 'Height' }[key]}>
              <input
                type="number"
                min={key === 'w' || key === 'h' ? 1 : 0}
                max={key === 'x' ? 23 : key === 'w' ? 24 : 1000}
                className={`${FIELD} w-full`}
                value={pos[key]}
                onChange={(event) =>
                  setPos({ ...pos, [key]: Math.max(0, Math.round(event.target.valueAsNumber || 0)) })
                }
              />
            </Labelled>
          ))}
        </fieldset>
        <div className="flex justify-end gap-2">
          <Button onClick={props.onClose}>Cancel</Button>
          <Button type="submit" look="primary">
            Apply
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Labelled({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label className="flex min-w-0 flex-col gap-1 text-xs text-soft">
      {label}
      {children}
    </label>
  );
}

function nextKey(used: readonly string[]): string {
  for (let i = 0; ; i++) {
    const key = i < 26 ? String.fromCharCode(65 + i) : `Q${i}`;
    if (!used.includes(key)) return key;
  }
}
