import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { requestTimelineQuery } from '../../api/queries.js';
import { ErrorState, SkeletonRows } from '../../ui/states.js';
import { Tabs } from '../../ui/tabs.js';
import { useUrlState } from '../../url/use-search.js';
import { MessagesView } from '../messages/messages-view.js';
import { WaterfallView } from '../waterfall/waterfall.js';
import { AttributesView } from './attributes-view.js';
import { Bottlenecks } from './bottlenecks.js';
import { CallsView } from './calls-view.js';
import { EventsView } from './events-view.js';
import { RelatedRequests } from './related-requests.js';
import { RequestHeader } from './request-header.js';
import { ScoreForm } from './score-form.js';

const DEFAULT_TAB = 'waterfall';

/** Everything about one request; the same in the side panel and on its own page. */
export function RequestDetail({ requestId, actions }: { requestId: string; actions?: ReactNode }) {
  const { data, isError, error, refetch } = useQuery(requestTimelineQuery(requestId));
  const [{ tab = DEFAULT_TAB }, change] = useUrlState();
  if (isError && data === undefined) {
    return (
      <>
        <div className="flex justify-end pb-2">{actions}</div>
        <ErrorState error={error} retry={() => void refetch()} />
      </>
    );
  }
  if (data === undefined) return <SkeletonRows rows={12} label="Loading the request" />;
  const tabs = [
    { id: 'waterfall', label: 'Waterfall' },
    { id: 'calls', label: `LLM calls${countOf(data.llm_calls.length)}` },
    { id: 'messages', label: 'Messages' },
    { id: 'attributes', label: 'Attributes' },
    { id: 'events', label: `Events & scores${countOf(data.events.length + data.scores.length)}` },
  ];
  const shown = tabs.some(({ id }) => id === tab) ? tab : DEFAULT_TAB;
  return (
    <div className="flex min-w-0 flex-col gap-4" data-testid="request-detail">
      <RequestHeader request={data.request} actions={actions} />
      <Bottlenecks bottlenecks={data.bottlenecks} />
      <Tabs
        label="About the request"
        tabs={tabs}
        selected={shown}
        onSelect={(id) => change({ tab: id === DEFAULT_TAB ? undefined : id }, { replace: true })}
      >
        {shown === 'waterfall' && <WaterfallView timeline={data} />}
        {shown === 'calls' && <CallsView calls={data.llm_calls} />}
        {shown === 'messages' && <MessagesView timeline={data} />}
        {shown === 'attributes' && <AttributesView timeline={data} />}
        {shown === 'events' && (
          <div className="flex flex-col gap-4">
            <ScoreForm key={requestId} requestId={requestId} />
            <EventsView timeline={data} />
          </div>
        )}
      </Tabs>
      <RelatedRequests requests={data.related} />
    </div>
  );
}

function countOf(count: number): string {
  return count === 0 ? '' : ` (${count})`;
}
