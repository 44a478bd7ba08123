import type { ReactNode } from 'react';
import { useId } from 'react';
import { interpolate } from '../../grafana/interpolate.js';
import type { Panel } from '../../grafana/model.js';
import { valuesFor } from '../../grafana/place-panels.js';
import { cx } from '../../ui/class-names.js';
import { Skeleton } from '../../ui/states.js';
import { PanelBody } from './panel-body.js';
import type { AskedQuery, PanelScope } from './panel-data.js';
import { panelRange, usePanelData } from './panel-data.js';
import { drawNotes } from './time-series-panel.js';
import { useBox } from './use-box.js';

/** Points that a drawing is asked for: in steps, so that a few pixels more do not ask anew. */
const POINTS_STEP = 100;
const HEATMAP_CELL_PX = 9;

/** A panel in its frame: title, menu, what it shows, and what of it cannot be shown. */
export function PanelCard(props: {
  panel: Panel;
  scope: PanelScope;
  onZoom: (fromMs: number, toMs: number) => void;
  onReset: () => void;
  /** Stands at the end of the title; is given the queries as they are sent. */
  menu: (queries: readonly AskedQuery[]) => ReactNode;
  /** Stands before the title. */
  handle?: ReactNode;
}) {
  const { panel, scope } = props;
  const id = useId();
  const { ref, size, inSight } = useBox<HTMLDivElement>();
  const points = Math.max(1, Math.ceil(size.width / POINTS_STEP)) * POINTS_STEP;
  const { shown, queries, isPlaceholderData, isFetching } = usePanelData(
    panel,
    scope,
    panel.kind === 'heatmap' ? Math.ceil(points / HEATMAP_CELL_PX) : points,
    inSight && size.width > 0,
  );
  const range = panelRange(panel, scope);
  const title = interpolate(panel.title, valuesFor(panel, scope.variables), 'text');
  const notes = notesOf(panel);
  const state = stateOf(panel, queries, shown);
  return (
    <section
      aria-labelledby={id}
      data-panel={panel.key}
      data-panel-state={state}
      className="group/panel flex h-full min-w-0 flex-col rounded-lg border border-line bg-surface"
    >
      <header className="flex h-9 shrink-0 items-center gap-1 pr-1 pl-3">
        {props.handle}
        <h3
          id={id}
          className="foreign min-w-0 flex-1 truncate text-[13px] font-semibold"
          title={panel.description || title}
        >
          {title || <span className="font-normal text-soft">Panel without a title</span>}
        </h3>
        {isFetching && isPlaceholderData && (
          <span aria-hidden="true" className="size-1.5 animate-pulse rounded-full bg-busy" />
        )}
        {panel.timeFrom !== '' && <span className="text-xs text-soft">last {panel.timeFrom}</span>}
        {props.menu(queries)}
      </header>
      <div
        ref={ref}
        className={cx(
          'min-h-0 flex-1 overflow-x-hidden overflow-y-auto px-2 pb-1.5',
          panel.kind === 'heatmap' && 'overflow-hidden',
        )}
      >
        {state === 'loading' && <Skeleton className="h-full w-full" />}
        {state === 'error' && <Errors sentences={shown?.errors ?? []} />}
        {state === 'empty' && (
          <p className="flex h-full items-center justify-center text-[13px] text-soft">
            {panel.defaults.noValue ?? 'No data in this time'}
          </p>
        )}
        {state === 'shown' && size.width > 0 && (
          <PanelBody
            panel={panel}
            frames={shown?.frames ?? []}
            exemplars={shown?.exemplars ?? []}
            size={{ width: Math.max(1, size.width - 16), height: Math.max(1, size.height - 6) }}
            range={range}
            onZoom={props.onZoom}
            onReset={props.onReset}
          />
        )}
      </div>
      {state !== 'error' && shown !== undefined && shown.errors.length > 0 && <Errors sentences={shown.errors} />}
      {notes.length > 0 && <Notes notes={notes} />}
    </section>
  );
}

type PanelState = 'loading' | 'error' | 'empty' | 'shown';

function stateOf(
  panel: Panel,
  queries: readonly AskedQuery[],
  shown: ReturnType<typeof usePanelData>['shown'],
): PanelState {
  if (panel.kind === 'text') return 'shown';
  if (panel.kind === 'unsupported' || queries.length === 0) return 'empty';
  if (shown === undefined) return 'loading';
  if (shown.frames.some(({ fields }) => fields.some(({ values }) => values.length > 0))) return 'shown';
  return shown.errors.length > 0 ? 'error' : 'empty';
}

/** Everything that is not as the dashboard says. */
function notesOf(panel: Panel): readonly string[] {
  const faults = panel.targets.filter(({ fault, hidden }) => fault !== '' && !hidden);
  return [
    ...panel.notes,
    ...(panel.kind === 'time-series' ? drawNotes(panel) : []),
    ...faults.map(({ refId, fault }) => `${refId}: ${fault}`),
  ];
}

function Errors({ sentences }: { sentences: readonly string[] }) {
  return (
    <div role="alert" className="max-h-full overflow-auto p-2 text-xs text-bad">
      {sentences.map((sentence) => (
        <p key={sentence} className="foreign">
          {sentence}
        </p>
      ))}
    </div>
  );
}

function Notes({ notes }: { notes: readonly string[] }) {
  return (
    <details className="shrink-0 border-t border-line px-3 py-1 text-xs text-soft" data-panel-notes={notes.length}>
      <summary className="foreign cursor-pointer truncate">
        {notes.length === 1 ? notes[0] : `${notes.length} things are shown differently or not at all`}
      </summary>
      {notes.length > 1 && (
        <ul className="max-h-32 list-disc overflow-auto pl-4">
          {notes.map((note) => (
            <li key={note} className="foreign">
              {note}
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}
