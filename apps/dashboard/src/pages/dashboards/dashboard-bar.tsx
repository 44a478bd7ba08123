import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import type { StoredDashboard } from '@vedetta/client';
import { ApiError } from '@vedetta/client';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { writeInterval } from '../../grafana/intervals.js';
import type { Dashboard } from '../../grafana/model.js';
import { Button, IconButton } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { Icon } from '../../ui/icon.js';
import { ErrorState } from '../../ui/states.js';
import { useUrlState } from '../../url/use-search.js';
import { dashboardsQuery } from './dashboard-queries.js';
import { newUid } from './new-uid.js';

const REFRESHES = ['5s', '10s', '30s', '1m', '5m', '15m'];
const FIELD = 'h-8 rounded-md border border-line-strong bg-surface px-2 text-[13px]';

/** Title of a dashboard, its refresh, and what can be done with the whole of it. */
export function DashboardBar(props: {
  stored: StoredDashboard;
  dashboard: Dashboard;
  /** The title as it is being edited; absent while the dashboard is only looked at. */
  draftTitle: string | undefined;
  dirty: boolean;
  refreshMs: number | undefined;
  onRefresh: () => void;
  onEdit: () => void;
  onTitle: (title: string) => void;
  onAdd: () => void;
  onDiscard: () => void;
  onSaved: () => Promise<void>;
}) {
  const { stored, dashboard, draftTitle } = props;
  const editing = draftTitle !== undefined;
  const [{ viewPanel }, change] = useUrlState();
  const [deleting, setDeleting] = useState(false);
  const client = useQueryClient();
  const navigate = useNavigate();
  const listChanged = () => client.invalidateQueries({ queryKey: dashboardsQuery().queryKey });
  const save = useMutation({
    mutationFn: () => api.putDashboard(stored.uid, { version: stored.version, dashboard: toSaved(dashboard) }),
    onSuccess: () => Promise.all([props.onSaved(), listChanged()]),
  });
  const copy = useMutation({
    mutationFn: () => {
      const title = `${dashboard.title} (copy)`;
      return api.putDashboard(newUid(title), { dashboard: { ...toSaved(dashboard), title } });
    },
    onSuccess: async ({ uid }) => {
      props.onDiscard();
      await listChanged();
      void navigate({ to: '/dashboards/$uid', params: { uid }, ignoreBlocker: true } as never);
    },
  });
  const remove = useMutation({
    mutationFn: () => api.deleteDashboard(stored.uid, { version: stored.version }),
    onSuccess: async () => {
      props.onDiscard();
      await listChanged();
      void navigate({ to: '/dashboards', ignoreBlocker: true } as never);
    },
  });
  const failed = [save, copy, remove].find(({ isError }) => isError);
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2">
        {editing ? (
          <input
            aria-label="Title of the dashboard"
            className={`${FIELD} min-w-0 flex-1 font-semibold`}
            value={draftTitle}
            onChange={(event) => props.onTitle(event.target.value)}
          />
        ) : (
          <p className="mr-auto min-w-0">
            <Link to="/dashboards" className="text-[13px] text-accent hover:underline">
              Dashboards
            </Link>
            <span className="px-1.5 text-soft">/</span>
            <bdi className="foreign font-semibold" title={dashboard.description}>
              {dashboard.title}
            </bdi>
            {stored.built_in && <span className="ml-2 rounded bg-sunken px-1.5 text-xs text-soft">built in</span>}
          </p>
        )}
        {viewPanel !== undefined && <Button onClick={() => change({ viewPanel: undefined })}>All panels</Button>}
        {editing ? (
          <>
            <Button onClick={props.onAdd}>
              <Icon name="plus" size={14} />
              Add a panel
            </Button>
            <Button onClick={props.onDiscard}>{props.dirty ? 'Discard' : 'Close'}</Button>
            <Button look="primary" disabled={!props.dirty || save.isPending} onClick={() => save.mutate()}>
              Save
            </Button>
          </>
        ) : (
          <>
            <label className="sr-only" htmlFor="dashboard-refresh">
              Refresh every
            </label>
            <select
              id="dashboard-refresh"
              title="Refresh every"
              className={FIELD}
              value={props.refreshMs === undefined ? 'off' : writeInterval(props.refreshMs)}
              onChange={(event) => change({ refresh: event.target.value }, { replace: true })}
            >
              <option value="off">No refresh</option>
              {[
                ...new Set([...REFRESHES, ...(props.refreshMs === undefined ? [] : [writeInterval(props.refreshMs)])]),
              ].map((every) => (
                <option key={every} value={every}>
                  {every}
                </option>
              ))}
            </select>
            <IconButton icon="refresh" label="Refresh now" look="plain" onClick={props.onRefresh} />
            <IconButton icon="download" label="Export JSON" look="plain" onClick={() => download(dashboard)} />
            {stored.built_in ? (
              <Button onClick={() => copy.mutate()} disabled={copy.isPending}>
                Copy to edit
              </Button>
            ) : (
              <>
                <IconButton icon="trash" label="Delete the dashboard" look="plain" onClick={() => setDeleting(true)} />
                <Button onClick={props.onEdit}>
                  <Icon name="edit" size={14} />
                  Edit
                </Button>
              </>
            )}
          </>
        )}
      </div>
      {failed !== undefined && <ErrorState error={failed.error} />}
      {save.error instanceof ApiError && save.error.status === 409 && (
        <Button className="self-start" onClick={() => copy.mutate()}>
          Save as a copy instead
        </Button>
      )}
      {deleting && (
        <Dialog title="Delete the dashboard" onClose={() => setDeleting(false)}>
          <div className="flex flex-col gap-3 p-4">
            <p className="text-[13px]">
              <bdi className="font-semibold">{dashboard.title}</bdi> and its{' '}
              {dashboard.rows.flatMap(({ panels }) => panels).length} panels are gone then. The metrics stay.
            </p>
            <div className="flex justify-end gap-2">
              <Button onClick={() => setDeleting(false)}>Keep it</Button>
              <Button look="primary" onClick={() => remove.mutate()} disabled={remove.isPending}>
                Delete
              </Button>
            </div>
          </div>
        </Dialog>
      )}
    </div>
  );
}

function toSaved({ source, title }: Dashboard) {
  return { ...source, title, panels: [...(source.panels as Record<string, unknown>[])] };
}

function download(dashboard: Dashboard): void {
  const url = URL.createObjectURL(
    new Blob([`${JSON.stringify(dashboard.source, null, 2)}\n`], { type: 'application/json' }),
  );
  const link = document.createElement('a');
  link.href = url;
  link.download = `${dashboard.uid || 'dashboard'}.json`;
  link.click();
  URL.revokeObjectURL(url);
}
