import type { Ref } from 'react';
import { useEffect, useState } from 'react';
import { formatQuery } from '../../api/prometheus.js';
import { QueryError, QueryNotes } from '../../features/promql/query-notes.js';
import type { TimeChoice } from '../../features/promql/time-window.js';
import { formatCount, formatDuration } from '../../format/format.js';
import { formatFullTime } from '../../format/time.js';
import { Button, IconButton } from '../../ui/button.js';
import { cx } from '../../ui/class-names.js';
import { Icon } from '../../ui/icon.js';
import { EmptyState, Skeleton } from '../../ui/states.js';
import { Tabs } from '../../ui/tabs.js';
import { useUrlState } from '../../url/use-search.js';
import { findFault } from './editor/find-fault.js';
import type { EditorHandle } from './editor/promql-editor.js';
import { PromqlEditor } from './editor/promql-editor.js';
import { GraphView } from './graph-view.js';
import type { Panel } from './panels.js';
import { TableView } from './table-view.js';
import { UnitSelect } from './unit-select.js';
import type { AnswerState } from './use-answer.js';
import { useAnswer, useEscape, useLasting } from './use-answer.js';
import { useDraft } from './use-draft.js';

const REST_MS = 500;
/** A query that is answered sooner needs no way to cancel it. */
const SHORT_MS = 300;

interface PanelCardProps {
  readonly panel: Panel;
  /** `A`, `B` and so on. */
  readonly letter: string;
  readonly time: TimeChoice;
  readonly alone: boolean;
  readonly editor: Ref<EditorHandle>;
  readonly onChange: (change: Partial<Panel>) => void;
  readonly onDuplicate: (draft: string) => void;
  readonly onRemove: () => void;
  readonly onFocus: () => void;
}

/** One query: its editor, its answer as a graph or table, and what is to be said about both. */
export function PanelCard(props: PanelCardProps) {
  const { panel, letter } = props;
  const { draft, setDraft, coming, noteSent } = useDraft(panel.expr);
  const answer = useAnswer(panel, props.time);
  useEscape(answer.cancel);
  const fault = findFault(draft);
  const spoken = useRested(draft) ? fault : undefined;
  const run = () => {
    const expr = draft.trim();
    if (expr === coming && panel.on) {
      answer.run();
      return;
    }
    if (expr !== coming) noteSent(expr);
    props.onChange({ expr, on: true, ...(expr !== coming && { filter: undefined }) });
  };
  return (
    <section
      aria-label={`Query ${letter}`}
      data-testid="panel"
      className="flex min-w-0 flex-col gap-2 rounded-lg border border-line bg-surface p-3"
    >
      <div className="flex min-w-0 flex-wrap items-start gap-2">
        <Button
          aria-pressed={panel.on}
          title={panel.on ? `Switch query ${letter} off` : `Switch query ${letter} on`}
          className={cx('w-8 font-mono', panel.on ? 'border-accent! bg-accent-soft! text-accent!' : 'text-soft')}
          onClick={() => props.onChange({ on: !panel.on })}
        >
          {letter}
        </Button>
        <div className="flex min-w-48 flex-1 basis-64">
          <PromqlEditor
            ref={props.editor}
            label={`PromQL query ${letter}`}
            value={draft}
            onChange={setDraft}
            onRun={run}
            onCancel={answer.cancel}
            onFocus={props.onFocus}
          />
        </div>
        <div className="flex items-center gap-1">
          <Button look="primary" onClick={run} title="Run, Ctrl Enter">
            Run
          </Button>
          <FormatButton query={draft} disabled={draft.trim() === '' || fault !== undefined} onFormatted={setDraft} />
          <IconButton icon="copy" label={`Duplicate query ${letter}`} onClick={() => props.onDuplicate(draft)} />
          <IconButton
            icon="close"
            label={`Remove query ${letter}`}
            disabled={props.alone && panel.expr === '' && draft === ''}
            onClick={props.onRemove}
          />
        </div>
      </div>
      <p role="status" className={cx('foreign text-[13px] text-bad', spoken === undefined && 'hidden')}>
        {spoken?.message}
      </p>
      {panel.on && <Answer {...props} answer={answer} />}
    </section>
  );
}

/** False while a text is being typed: half a query is always wrong. */
function useRested(text: string): boolean {
  const [rested, setRested] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), REST_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return rested === text;
}

function Answer(props: PanelCardProps & { answer: AnswerState }) {
  const { panel, letter, answer, onChange } = props;
  const [, change] = useUrlState();
  const { active } = answer;
  const lasting = useLasting(answer.running, SHORT_MS);
  // Its message stands below the editor.
  if (findFault(panel.expr) !== undefined) return null;
  if (panel.expr === '') {
    return (
      <EmptyState title="What do you want to know?">
        Type a query, or choose a metric from the list of metrics. Enter or Ctrl Enter runs it, Shift Enter breaks the
        line.
      </EmptyState>
    );
  }
  return (
    <Tabs
      label={`Answer of query ${letter}`}
      tabs={[
        { id: 'graph', label: 'Graph' },
        { id: 'table', label: 'Table' },
      ]}
      selected={panel.view}
      onSelect={(id) => onChange({ view: id === 'table' ? 'table' : 'graph' })}
    >
      <div
        className={cx('flex min-w-0 flex-col gap-2', active.isPlaceholderData && 'opacity-60')}
        aria-busy={active.isFetching}
      >
        <div className="flex min-h-8 flex-wrap items-center gap-x-4 gap-y-1 text-xs text-soft">
          {lasting && (
            <Button
              className="h-7! px-2! text-xs!"
              title="Cancel the query, Esc"
              aria-label={`Cancel query ${letter}`}
              onClick={answer.cancel}
            >
              <Icon name="close" size={12} />
              Cancel
            </Button>
          )}
          <p className="tabular" data-testid="query-stats" role="status">
            {lasting ? 'Running…' : answer.cancelled ? 'Cancelled' : statsOf(answer, panel)}
            {panel.view === 'table' &&
              props.time.endMs !== undefined &&
              `, at ${formatFullTime(new Date(props.time.endMs).toISOString())}`}
          </p>
          {panel.view === 'graph' && (
            <div className="ml-auto flex items-center gap-3">
              <label className="flex items-center gap-1.5">
                <input
                  type="checkbox"
                  checked={panel.stack}
                  onChange={(event) => onChange({ stack: event.target.checked })}
                />
                Stacked
              </label>
              <label
                className="flex items-center gap-1.5"
                title="Single measurements, with the request each comes from"
              >
                <input
                  type="checkbox"
                  checked={panel.exemplars}
                  onChange={(event) => onChange({ exemplars: event.target.checked })}
                />
                Exemplars
              </label>
              <UnitSelect panel={panel} onChange={(unit) => onChange({ unit })} />
            </div>
          )}
        </div>
        {active.isError ? (
          <QueryError error={active.error} retry={() => void active.refetch()} />
        ) : active.data === undefined && answer.cancelled ? (
          <EmptyState title="Cancelled">Run asks the query again.</EmptyState>
        ) : active.data === undefined ? (
          <Skeleton className="h-72" />
        ) : (
          <>
            <QueryNotes warnings={active.data.warnings} infos={active.data.infos} />
            {panel.exemplars && answer.exemplars.isError && (
              <p role="alert" className="foreign text-xs text-bad">
                The exemplars could not be had: {answer.exemplars.error.message}
              </p>
            )}
            {panel.view === 'graph' && answer.graph.data !== undefined && (
              <GraphView
                panel={panel}
                label={`Graph of query ${letter}`}
                answer={answer.graph.data}
                exemplars={panel.exemplars ? answer.exemplars.data : undefined}
                onChange={onChange}
                onZoom={(from, to) => change({ from, to })}
                onReset={() => change({ from: undefined, to: undefined })}
              />
            )}
            {panel.view === 'table' && answer.table.data !== undefined && <TableView data={answer.table.data.data} />}
          </>
        )}
      </div>
    </Tabs>
  );
}

/** `12 series, 4,320 points, 38 ms`. */
function statsOf({ graph, table, exemplars }: AnswerState, { view, exemplars: asked }: Panel): string {
  const answer = view === 'graph' ? graph.data : table.data;
  if (answer === undefined) return '';
  const took = formatDuration(answer.durationMs);
  if (!('series' in answer.data)) return `${answer.data.type}, ${took}`;
  const { series } = answer.data;
  const points = series.reduce((sum, { times, histograms }) => sum + times.length + histograms.length, 0);
  const own = view === 'graph' && asked && exemplars.data !== undefined ? `, ${countOf(exemplars.data.length)}` : '';
  return `${formatCount(series.length)} series, ${formatCount(points)} ${points === 1 ? 'point' : 'points'}${own}, ${took}`;
}

function countOf(exemplars: number): string {
  return exemplars === 0 ? 'no exemplars' : `${formatCount(exemplars)} ${exemplars === 1 ? 'exemplar' : 'exemplars'}`;
}

/** Lays the query out over lines, by the server. */
function FormatButton(props: { query: string; disabled: boolean; onFormatted: (query: string) => void }) {
  const [failed, setFailed] = useState(false);
  const format = () => {
    formatQuery(props.query).then(
      (text) => {
        setFailed(false);
        props.onFormatted(text);
      },
      () => setFailed(true),
    );
  };
  return (
    <Button disabled={props.disabled} onClick={format} title="Lay the query out over lines">
      {failed ? 'Not formatted' : 'Format'}
    </Button>
  );
}
