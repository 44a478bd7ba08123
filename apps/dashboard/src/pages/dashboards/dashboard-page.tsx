import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import { parseDashboard } from '../../grafana/parse-dashboard.js';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states.js';
import { dashboardQuery } from './dashboard-queries.js';
import { DashboardView } from './dashboard-view.js';

/** One dashboard, by its uid. */
export function DashboardPage() {
  const { uid = '' } = useParams({ strict: false }) as { uid?: string };
  const { data, isError, error, refetch } = useQuery(dashboardQuery(uid));
  const parsed = useMemo(() => (data === undefined ? undefined : parseDashboard(data.dashboard)), [data]);
  if (data === undefined || parsed === undefined) {
    return isError ? (
      <ErrorState error={error} retry={() => void refetch()} />
    ) : (
      <SkeletonRows rows={8} label="Loading the dashboard" />
    );
  }
  if (parsed.kind === 'invalid')
    return <EmptyState title="This dashboard cannot be shown">{parsed.message}</EmptyState>;
  return <DashboardView key={uid} stored={data} saved={parsed.dashboard} />;
}
