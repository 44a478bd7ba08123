import type { RequestTimeline } from '@vedetta/client';
import { useState } from 'react';
import { useUrlState } from '../../url/use-search.js';
import { SpanDetail } from '../waterfall/span-detail.js';

/** All that a span's sender said, beside what was found in it; one span at a time. */
export function AttributesView({ timeline }: { timeline: RequestTimeline }) {
  const [{ span: selected }, change] = useUrlState();
  const [text, setText] = useState('');
  const spans = timeline.spans.filter((span) => span.name.toLowerCase().includes(text.toLowerCase()));
  const chosen =
    spans.find((span) => span.span_id === selected) ??
    spans.find((span) => span.span_id === timeline.request.root_span_id) ??
    spans[0];
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap gap-2 text-[13px]">
        <label className="flex items-center gap-2">
          Span
          <select
            value={chosen?.span_id ?? ''}
            onChange={(event) => change({ span: event.target.value }, { replace: true })}
            className="max-w-72 rounded border border-line-strong bg-surface px-2 py-1"
          >
            {spans.slice(0, 1_000).map((span) => (
              <option key={span.span_id} value={span.span_id}>
                {span.name.slice(0, 80)} ({span.span_id.slice(0, 6)})
              </option>
            ))}
          </select>
        </label>
        {timeline.spans.length > 10 && (
          <input
            aria-label="Find a span by its name"
            placeholder="Find a span"
            value={text}
            onChange={(event) => setText(event.target.value)}
            className="rounded border border-line-strong bg-surface px-2 py-1 placeholder:text-soft"
          />
        )}
      </div>
      {chosen === undefined ? <p className="text-soft">No span has this name.</p> : <SpanDetail span={chosen} />}
    </div>
  );
}
