import { useQuery } from '@tanstack/react-query';
import { useId, useMemo, useState } from 'react';
import type { MetricMetadata } from '../../api/prometheus.js';
import { formatCount } from '../../format/format.js';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states.js';
import { metadataQuery, metricNamesQuery } from './editor/completion-client.js';
import { findMetadata, searchMetrics, usualQueries } from './metric-list.js';

const SHOWN = 150;

/** All metrics with their kind and help, to search and to take into a query. */
export function MetricBrowser({ onClose, onChoose }: { onClose: () => void; onChoose: (query: string) => void }) {
  const [text, setText] = useState('');
  const list = useId();
  const names = useQuery(metricNamesQuery);
  const { data: metadata } = useQuery(metadataQuery);
  const found = useMemo(() => searchMetrics(names.data ?? [], metadata, text), [names.data, metadata, text]);
  const choose = (query: string) => {
    onClose();
    onChoose(query);
  };
  return (
    <Dialog title="Metrics" onClose={onClose}>
      <div className="flex flex-col gap-2 px-4 pt-1 pb-4">
        <input
          autoFocus
          type="search"
          aria-label="Search metrics"
          aria-controls={list}
          placeholder="Words of the name or the help"
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="h-9 rounded-md border border-line-strong bg-surface px-2.5"
        />
        {names.isError ? (
          <ErrorState error={names.error} retry={() => void names.refetch()} />
        ) : names.data === undefined ? (
          <SkeletonRows rows={8} label="Loading the metrics" />
        ) : (
          <>
            <p role="status" className="text-xs text-soft">
              {formatCount(found.length)} of {formatCount(names.data.length)} metrics
              {found.length > SHOWN && `, the first ${formatCount(SHOWN)} are shown`}
            </p>
            {found.length === 0 && <EmptyState title="No metric is called so" />}
            <ul id={list} data-testid="metric-list" className="flex max-h-[55vh] flex-col overflow-y-auto">
              {found.slice(0, SHOWN).map((name) => (
                <Metric key={name} name={name} metadata={findMetadata(name, metadata)} onChoose={choose} />
              ))}
            </ul>
          </>
        )}
      </div>
    </Dialog>
  );
}

function Metric(props: { name: string; metadata: MetricMetadata | undefined; onChoose: (query: string) => void }) {
  const { name, metadata, onChoose } = props;
  return (
    <li className="flex items-start gap-2 border-t border-line py-1.5 first:border-0">
      <button
        type="button"
        className="min-w-0 flex-1 rounded px-1 text-left hover:bg-sunken"
        onClick={() => onChoose(usualQueries(name, undefined)[0].query)}
      >
        <span className="flex flex-wrap items-baseline gap-x-2">
          <bdi className="foreign font-mono text-[13px]">{name}</bdi>
          {metadata !== undefined && <span className="text-xs text-soft">{metadata.type}</span>}
        </span>
        {metadata !== undefined && <span className="foreign block text-xs text-soft">{metadata.help}</span>}
      </button>
      {usualQueries(name, metadata)
        .slice(1)
        .map(({ label, query }) => (
          <Button key={label} title={query} className="h-7! px-2! text-xs!" onClick={() => onChoose(query)}>
            {label}
          </Button>
        ))}
    </li>
  );
}
