import type { Sink, SinkStats } from './sink.js';
import type { SpanRecord } from './span-record.js';

/** A sink that keeps everything it is given. */
export interface MemorySink extends Sink {
  /** In the order of arrival. Announcements are among them when they were asked for. */
  readonly spans: SpanRecord[];
  stats(): SinkStats;
}

/** Keeps spans in an array, for tests: it grows without bound. */
export function memorySink(options: { readonly announcements?: boolean } = {}): MemorySink {
  const spans: SpanRecord[] = [];
  let offered = 0;
  return {
    name: 'memory',
    announcements: options.announcements ?? false,
    spans,
    write(batch) {
      offered += batch.length;
      for (const span of batch) spans.push(span);
    },
    stats: () => ({ offered, delivered: offered, dropped: 0, queued: 0 }),
  };
}
