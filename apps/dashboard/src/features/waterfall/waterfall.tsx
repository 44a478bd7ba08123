import type { RequestTimeline } from '@vedetta/client';
import { useMemo, useState } from 'react';
import { useServerNow } from '../../api/server-clock.js';
import { formatCount } from '../../format/format.js';
import { Button } from '../../ui/button.js';
import { EmptyState } from '../../ui/states.js';
import { useUrlState } from '../../url/use-search.js';
import { layoutWaterfall } from './layout.js';
import { Scale } from './scale.js';
import { SpanDetail } from './span-detail.js';
import { WaterfallLine } from './waterfall-line.js';

/** More rows than this are drawn only when asked for. */
const FIRST_ROWS = 300;

/** Where the time of one request went: its spans as a tree of bars on one scale. */
export function WaterfallView({ timeline }: { timeline: RequestTimeline }) {
  const { request, spans, phases, events } = timeline;
  const running = request.status === 'running';
  const now = useServerNow(running ? 500 : 0);
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [all, setAll] = useState(false);
  const [{ span: selected }, change] = useUrlState();
  const nowMs = running ? Math.max(0, now - Date.parse(request.start_time)) : 0;
  const waterfall = useMemo(
    () => layoutWaterfall({ request, spans, phases, events, nowMs, folded }),
    [request, spans, phases, events, nowMs, folded],
  );
  if (waterfall.rows.length === 0)
    return <EmptyState title="No spans yet">They come with the end of each step.</EmptyState>;
  const fold = (spanId: string) => {
    const next = new Set(folded);
    if (!next.delete(spanId)) next.add(spanId);
    setFolded(next);
  };
  const rows = all ? waterfall.rows : waterfall.rows.slice(0, FIRST_ROWS);
  const chosen = spans.find((span) => span.span_id === selected);
  return (
    <div className="flex flex-col gap-3">
      <div role="tree" aria-label="Spans" data-testid="waterfall" className="relative min-w-0 text-[13px]">
        <Scale waterfall={waterfall} />
        {rows.map((row) => (
          <WaterfallLine
            key={row.span.span_id}
            row={row}
            folded={folded.has(row.span.span_id)}
            selected={row.span.span_id === selected}
            onFold={() => fold(row.span.span_id)}
            onSelect={() =>
              change({ span: row.span.span_id === selected ? undefined : row.span.span_id }, { replace: true })
            }
          />
        ))}
      </div>
      {rows.length < waterfall.rows.length && (
        <Button onClick={() => setAll(true)}>Show all {formatCount(waterfall.rows.length)} spans</Button>
      )}
      {chosen !== undefined && (
        <SpanDetail span={chosen} onClose={() => change({ span: undefined }, { replace: true })} />
      )}
    </div>
  );
}
