import type { MessagePart } from '@vedetta/model';
import type { ReactNode } from 'react';
import { JsonText } from '../../ui/json-text.js';
import { LongText } from '../../ui/long-text.js';

/** One piece of a message. Media are named, never loaded: their addresses come from outside. */
export function PartView({ part }: { part: MessagePart }) {
  const member = (name: string): unknown => (part as Readonly<Record<string, unknown>>)[name];
  const text = member('content');
  switch (part.type) {
    case 'text':
      return typeof text === 'string' ? <LongText text={text} /> : <JsonText value={part} />;
    case 'reasoning':
      return (
        <details className="text-soft">
          <summary className="cursor-pointer text-xs font-medium">Reasoning</summary>
          <LongText text={typeof text === 'string' ? text : JSON.stringify(text)} />
        </details>
      );
    case 'tool_call':
      return (
        <Boxed title={`Calls ${String(member('name') ?? 'a tool')}`} note={member('id')}>
          <Value value={member('arguments')} />
        </Boxed>
      );
    case 'tool_call_response':
      return (
        <Boxed title="Tool answered" note={member('id')}>
          <Value value={member('response')} />
        </Boxed>
      );
    case 'blob':
    case 'file':
    case 'uri': {
      const what = member('uri') ?? member('file_id') ?? member('mime_type') ?? '';
      return (
        <Boxed title={`${String(member('modality') ?? 'media')} (${part.type})`}>
          <span className="foreign text-xs text-soft">{String(what).slice(0, 300)}</span>
        </Boxed>
      );
    }
    default:
      return <JsonText value={part} />;
  }
}

function Boxed({ title, note, children }: { title: string; note?: unknown; children: ReactNode }) {
  return (
    <div className="my-1 rounded-md border border-line bg-surface p-2">
      <p className="flex justify-between gap-3 text-xs font-semibold">
        <bdi className="foreign">{title.slice(0, 300)}</bdi>
        {typeof note === 'string' && <bdi className="truncate font-mono font-normal text-soft">{note}</bdi>}
      </p>
      {children}
    </div>
  );
}

/** Arguments often are JSON as text; they are shown indented when they are. */
function Value({ value }: { value: unknown }) {
  if (value === undefined || value === null || value === '') return null;
  if (typeof value !== 'string') return <JsonText value={value} />;
  try {
    return <JsonText value={JSON.parse(value)} />;
  } catch {
    return <LongText text={value} />;
  }
}
