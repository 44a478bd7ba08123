import type { Span } from '@vedetta/client';
import { formatDuration } from '../../format/format.js';
import { formatFullTime } from '../../format/time.js';
import { IconButton } from '../../ui/button.js';
import { KeyValues } from '../../ui/key-values.js';

/** What one span says of itself. */
export function SpanDetail({ span, onClose }: { span: Span; onClose?: () => void }) {
  const facts = {
    span: span.span_id,
    kind: span.kind,
    service: span.service,
    start: formatFullTime(span.start_time),
    duration: span.duration_ms === null ? 'running' : formatDuration(span.duration_ms),
    status: span.status_message === '' ? span.status : `${span.status}: ${span.status_message}`,
    scope: `${span.scope_name} ${span.scope_version}`.trim(),
  };
  return (
    <section
      aria-label={`Span ${span.name.slice(0, 100)}`}
      className="flex flex-col gap-3 rounded-md border border-line p-3"
    >
      <header className="flex items-start justify-between gap-2">
        <h3 className="foreign font-semibold">{span.name.slice(0, 500)}</h3>
        {onClose !== undefined && <IconButton icon="close" label="Close the span" onClick={onClose} />}
      </header>
      <KeyValues title="Span" values={facts} />
      {span.gen_ai !== null && <KeyValues title="Found" values={withoutContent(span.gen_ai)} />}
      <KeyValues title="Attributes as sent" values={span.attributes} />
      {span.events.map((event, i) => (
        <KeyValues
          // biome-ignore lint/suspicious/noArrayIndexKey: a span's events have a fixed order
          key={i}
          title={`Event ${event.name.slice(0, 200)} at ${formatDuration(event.offset_ms)}`}
          values={event.attributes}
        />
      ))}
      <KeyValues title="Resource" values={span.resource} />
    </section>
  );
}

const CONTENT: ReadonlySet<string> = new Set(['input_messages', 'output_messages', 'system_instructions']);

/** Messages have a tab of their own. */
function withoutContent(genAi: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(genAi).filter(([name]) => !CONTENT.has(name)));
}
