import { useQuery } from '@tanstack/react-query';
import { timelineQuery } from '../../api/queries.js';
import { TimelineChart } from '../../charts/timeline-chart.js';
import { formatStep } from '../../format/format.js';
import { Card } from '../../ui/card.js';
import { ErrorState, Skeleton } from '../../ui/states.js';
import { useScope, useUrlState } from '../../url/use-search.js';

/** Requests over time; a zoom is a range in the URL. */
export function TimelineCard() {
  const scope = useScope();
  const [, change] = useUrlState();
  const { data, isError, error, refetch } = useQuery(timelineQuery(scope));
  return (
    <Card title="Requests over time" aside={data && `${formatStep(data.step_ms)} a bar`}>
      {isError && data === undefined ? (
        <ErrorState error={error} retry={() => void refetch()} />
      ) : data === undefined ? (
        <Skeleton className="h-56" />
      ) : (
        <TimelineChart
          timeline={data}
          onZoom={(from, to) => change({ from, to })}
          onReset={() => change({ from: undefined, to: undefined })}
        />
      )}
    </Card>
  );
}
