import type { Endpoint } from '../provider.js';

/** One event of a recorded stream: its name, and its data, parsed where they are JSON. */
export interface RecordedEvent {
  readonly name: string;
  readonly data: unknown;
}

/** The events of a whole body, by its framing; a simple reader of complete text, for tests. */
export function eventsOf(body: string, framing: Endpoint['streamFraming']): RecordedEvent[] {
  if (framing === 'json_array') return (JSON.parse(body) as unknown[]).map((data) => ({ name: '', data }));
  if (framing === 'aws') return awsEventsOf(Buffer.from(body, 'latin1'));
  if (framing === 'ndjson') return linesOf(body).map((line) => ({ name: '', data: parse(line) }));
  return body
    .replaceAll('\r\n', '\n')
    .split('\n\n')
    .flatMap((frame) => {
      const lines = frame.split('\n');
      const data = lines.filter((line) => line.startsWith('data:')).map((line) => line.slice(5).replace(/^ /, ''));
      const name =
        lines
          .find((line) => line.startsWith('event:'))
          ?.slice(6)
          .trim() ?? '';
      return data.length === 0 ? [] : [{ name, data: parse(data.join('\n')) }];
    });
}

/** The events of AWS's binary framing: length, length of headers, checksum, headers, payload, checksum. */
export function awsEventsOf(body: Buffer): RecordedEvent[] {
  const events: RecordedEvent[] = [];
  for (let at = 0; at + 16 <= body.length; ) {
    const length = body.readUInt32BE(at);
    const headers = body.readUInt32BE(at + 4);
    const name =
      /:event-type[^A-Za-z]*([A-Za-z]+)/.exec(body.toString('latin1', at + 12, at + 12 + headers))?.[1] ?? '';
    const data = parse(body.toString('utf8', at + 12 + headers, at + length - 4));
    const bytes = (data as { readonly bytes?: unknown }).bytes;
    events.push({ name, data: typeof bytes === 'string' ? parse(Buffer.from(bytes, 'base64').toString()) : data });
    at += length;
  }
  return events;
}

function linesOf(body: string): string[] {
  return body.split('\n').filter((line) => line.trim() !== '');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
