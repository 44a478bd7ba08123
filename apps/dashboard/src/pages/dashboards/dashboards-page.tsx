import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import type { DashboardList } from '@vedetta/client';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { useServerNow } from '../../api/server-clock.js';
import { formatAgo } from '../../format/time.js';
import { Button } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { Icon } from '../../ui/icon.js';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states.js';
import { dashboardsQuery } from './dashboard-queries.js';
import { ImportDialog } from './import-dialog.js';
import { newUid } from './new-uid.js';

type Entry = DashboardList['dashboards'][number];

/** All dashboards: those that come with Vedetta, and one's own. */
export function DashboardsPage() {
  const { data, isError, error, refetch } = useQuery(dashboardsQuery());
  const [importing, setImporting] = useState(false);
  const client = useQueryClient();
  const navigate = useNavigate();
  const create = useMutation({
    mutationFn: () => {
      const title = 'New dashboard';
      const dashboard = { title, panels: [], schemaVersion: 42, refresh: '30s', time: { from: 'now-1h', to: 'now' } };
      return api.putDashboard(newUid(title), { dashboard });
    },
    onSuccess: async ({ uid }) => {
      await client.invalidateQueries({ queryKey: dashboardsQuery().queryKey });
      void navigate({ to: '/dashboards/$uid', params: { uid } } as never);
    },
  });
  if (data === undefined) {
    return isError ? (
      <ErrorState error={error} retry={() => void refetch()} />
    ) : (
      <SkeletonRows rows={6} label="Loading the dashboards" />
    );
  }
  const own = data.dashboards.filter(({ built_in }) => !built_in);
  return (
    <div className="mx-auto flex max-w-[80rem] flex-col gap-3 md:gap-4" data-testid="dashboards">
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={() => setImporting(true)}>
          <Icon name="upload" size={14} />
          Import
        </Button>
        <Button onClick={() => create.mutate()} disabled={create.isPending}>
          <Icon name="plus" size={14} />
          New
        </Button>
      </div>
      {create.isError && <ErrorState error={create.error} />}
      <Card title="Built in" flush>
        <Entries entries={data.dashboards.filter(({ built_in }) => built_in)} />
      </Card>
      <Card title="Your own" flush>
        {own.length === 0 ? (
          <EmptyState title="There are none yet">
            Import one from Grafana as JSON, start with an empty one, or copy one of those above and change it.
          </EmptyState>
        ) : (
          <Entries entries={own} />
        )}
        {data.broken.length > 0 && (
          <ul className="border-t border-line px-4 py-2 text-[13px] text-warn">
            {data.broken.map(({ file, reason }) => (
              <li key={file} className="foreign">
                <code>dashboards/{file}</code>: {reason}
              </li>
            ))}
          </ul>
        )}
      </Card>
      {importing && (
        <ImportDialog uids={new Set(data.dashboards.map(({ uid }) => uid))} onClose={() => setImporting(false)} />
      )}
    </div>
  );
}

function Entries({ entries }: { entries: readonly Entry[] }) {
  const now = useServerNow(30_000);
  return (
    <ul>
      {entries.map((entry) => (
        <li key={entry.uid} className="border-b border-line last:border-0">
          <Link
            to="/dashboards/$uid"
            params={{ uid: entry.uid } as never}
            className="flex flex-col gap-0.5 px-4 py-2.5 hover:bg-sunken"
          >
            <span className="flex flex-wrap items-baseline gap-x-2">
              <bdi className="foreign font-medium text-accent">{entry.title}</bdi>
              {entry.tags.map((tag) => (
                <span key={tag} className="foreign rounded bg-sunken px-1.5 text-xs text-soft">
                  {tag}
                </span>
              ))}
            </span>
            <span className="foreign text-xs text-soft">
              {[
                entry.description,
                `${entry.panels} ${entry.panels === 1 ? 'panel' : 'panels'}`,
                entry.updated_at !== null && `saved ${formatAgo(entry.updated_at, now)}`,
              ]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
