import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useId, useMemo, useState } from 'react';
import { api } from '../../api/client.js';
import type { Dashboard } from '../../grafana/model.js';
import { parseDashboardText } from '../../grafana/parse-dashboard.js';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { ErrorState } from '../../ui/states.js';
import { dashboardsQuery } from './dashboard-queries.js';
import { newUid } from './new-uid.js';

const MAX_BYTES = 1024 * 1024;

/** Takes Grafana's JSON, pasted or out of a file, says what is wrong with it, and what of it will not be shown. */
export function ImportDialog({ uids, onClose }: { uids: ReadonlySet<string>; onClose: () => void }) {
  const [text, setText] = useState('');
  const [fault, setFault] = useState('');
  const id = useId();
  const parsed = useMemo(() => (text.trim() === '' ? undefined : parseDashboardText(text)), [text]);
  const client = useQueryClient();
  const navigate = useNavigate();
  const save = useMutation({
    mutationFn: (dashboard: Dashboard) => {
      const { uid, source, title } = dashboard;
      const free =
        /^[A-Za-z0-9_-]{1,40}$/.test(uid) && ![...uids].some((used) => used.toLowerCase() === uid.toLowerCase());
      return api.putDashboard(free ? uid : newUid(title), {
        dashboard: { ...source, title, panels: [...(source.panels as object[])] } as never,
      });
    },
    onSuccess: async ({ uid }) => {
      await client.invalidateQueries({ queryKey: dashboardsQuery().queryKey });
      void navigate({ to: '/dashboards/$uid', params: { uid } } as never);
    },
  });
  const readFile = async (file: File | undefined) => {
    if (file === undefined) return;
    if (file.size > MAX_BYTES)
      setFault(`The file has ${Math.round(file.size / 1024)} KiB; a dashboard has at most 1 MiB.`);
    else {
      setFault('');
      setText(await file.text());
    }
  };
  return (
    <Dialog title="Import a dashboard" onClose={onClose}>
      <form
        className="flex flex-col gap-3 p-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (parsed?.kind === 'dashboard') save.mutate(parsed.dashboard);
        }}
      >
        <p className="text-[13px] text-soft">
          Grafana&apos;s JSON: "Export", "Save as JSON" in a dashboard, or a file from a collection. Its queries are
          asked of Vedetta&apos;s own metrics.
        </p>
        <input
          type="file"
          accept=".json,application/json"
          aria-label="File"
          onChange={(event) => void readFile(event.target.files?.[0])}
          className="text-[13px] file:mr-3 file:h-8 file:cursor-pointer file:rounded-md file:border file:border-line file:bg-surface file:px-2.5 file:font-medium file:text-ink"
        />
        <label htmlFor={id} className="text-xs text-soft">
          or paste it
        </label>
        <textarea
          id={id}
          rows={8}
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="rounded-md border border-line-strong bg-surface p-2 font-mono text-xs"
        />
        {(fault !== '' || parsed?.kind === 'invalid') && (
          <p role="alert" className="foreign text-[13px] text-bad">
            {fault || (parsed?.kind === 'invalid' ? parsed.message : '')}
          </p>
        )}
        {parsed?.kind === 'dashboard' && fault === '' && <Summary dashboard={parsed.dashboard} />}
        {save.isError && <ErrorState error={save.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={parsed?.kind !== 'dashboard' || save.isPending}>
            Import
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Summary({ dashboard }: { dashboard: Dashboard }) {
  const panels = dashboard.rows.flatMap((row) => row.panels);
  const notes = [
    ...dashboard.notes,
    ...panels.flatMap((panel) => panel.notes.map((note) => `${panel.title || 'Panel'}: ${note}`)),
  ];
  return (
    <div role="status" className="text-[13px]">
      <p>
        <bdi className="font-semibold">{dashboard.title}</bdi>: {panels.length}{' '}
        {panels.length === 1 ? 'panel' : 'panels'}, {dashboard.variables.length}{' '}
        {dashboard.variables.length === 1 ? 'variable' : 'variables'}
      </p>
      {notes.length > 0 && (
        <details className="text-xs text-soft">
          <summary className="cursor-pointer">{notes.length} things are shown differently or not at all</summary>
          <ul className="max-h-32 list-disc overflow-auto pl-4">
            {[...new Set(notes)].map((note) => (
              <li key={note} className="foreign">
                {note}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
