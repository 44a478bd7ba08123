import type { RequestTimeline } from '@vedetta/client';
import { formatDuration } from '../../format/format.js';
import { formatFullTime } from '../../format/time.js';
import { JsonText } from '../../ui/json-text.js';
import { LongText } from '../../ui/long-text.js';
import { EmptyState } from '../../ui/states.js';

/** What was reported on the request beside its spans, and how it was judged later. */
export function EventsView({ timeline }: { timeline: RequestTimeline }) {
  const { events, scores } = timeline;
  if (events.length === 0 && scores.length === 0) {
    return (
      <EmptyState title="No events and no scores">
        The SDK records events with <code>request.event(name, data)</code>; a score can be given at any time later.
      </EmptyState>
    );
  }
  return (
    <div className="flex flex-col gap-4 text-[13px]">
      {scores.length > 0 && (
        <section aria-label="Scores" className="flex flex-col gap-1">
          {scores.map((score) => (
            <div key={score.score_id} className="flex flex-wrap items-baseline gap-x-3 border-t border-line py-1.5">
              <bdi className="font-medium">{score.name.slice(0, 200)}</bdi>
              <bdi className="tabular">
                {[score.value, score.label].filter((part) => part !== null && part !== '').join(' · ')}
              </bdi>
              <span className="text-xs text-soft">{formatFullTime(score.timestamp)}</span>
              {score.comment !== '' && <LongText text={score.comment} />}
            </div>
          ))}
        </section>
      )}
      {events.length > 0 && (
        <ol aria-label="Events" className="flex flex-col gap-1">
          {events.map((event) => (
            <li key={event.event_id} className="border-t border-line py-1.5">
              <bdi className="font-medium">{event.event_name.slice(0, 200)}</bdi>{' '}
              <span className="tabular text-xs text-soft">
                {event.offset_ms === null ? formatFullTime(event.timestamp) : `at ${formatDuration(event.offset_ms)}`}
              </span>
              {event.data !== null && <JsonText value={event.data} />}
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}
