import { useQueryClient } from '@tanstack/react-query';
import { useBlocker } from '@tanstack/react-router';
import type { StoredDashboard } from '@vedetta/client';
import { useEffect, useMemo, useState } from 'react';
import {
  addPanel,
  changePanel,
  deletePanel,
  duplicatePanel,
  movePanel,
  renameDashboard,
} from '../../grafana/edit-dashboard.js';
import type { JsonObject } from '../../grafana/json.js';
import type { Dashboard, Panel } from '../../grafana/model.js';
import { parseDashboard } from '../../grafana/parse-dashboard.js';
import { MAX_PLACED, placePanels } from '../../grafana/place-panels.js';
import { chosenValues } from '../../grafana/variable-options.js';
import { EmptyState, SkeletonRows } from '../../ui/states.js';
import { DashboardBar } from './dashboard-bar.js';
import { dashboardQuery } from './dashboard-queries.js';
import { PanelEditor } from './panel-editor.js';
import { type GridEdits, PanelGrid } from './panel-grid.js';
import { useDashboardScope } from './use-dashboard-scope.js';
import { VariablesBar } from './variables-bar.js';

/** A dashboard to look at and, where it is one's own, to change. */
export function DashboardView({ stored, saved }: { stored: StoredDashboard; saved: Dashboard }) {
  const [draft, setDraft] = useState<JsonObject>();
  const [edited, setEdited] = useState<number>();
  const client = useQueryClient();
  const dashboard = useMemo(() => {
    const parsed =
      draft === undefined ? undefined : parseDashboard({ ...draft, title: draftTitle(draft).trim() || 'Untitled' });
    return parsed?.kind === 'dashboard' ? { ...parsed.dashboard, uid: stored.uid } : saved;
  }, [draft, saved, stored.uid]);
  const { scope, variables, ready, refreshMs, refresh } = useDashboardScope(dashboard, stored.sample_interval_ms);
  const rows = useMemo(
    () =>
      placePanels(dashboard, (name) => {
        const state = variables.find(({ variable }) => variable.name === name);
        return state === undefined ? undefined : chosenValues(state);
      }),
    [dashboard, variables],
  );
  const dirty = draft !== undefined && draft !== saved.source;
  useBlocker({
    shouldBlockFn: ({ current, next }) =>
      dirty && current.pathname !== next.pathname && !window.confirm('Leave without saving the changes?'),
    enableBeforeUnload: dirty,
  });
  useEffect(() => {
    document.title = `${dashboard.title} · Vedetta`;
  }, [dashboard.title]);

  const edits = draft === undefined ? undefined : editsOf(draft, setDraft, setEdited);
  const panel = rows.flatMap(({ panels }) => panels).find(({ id }) => id === edited);
  const placed = rows.reduce((sum, { panels }) => sum + panels.length, 0);
  return (
    <div className="flex flex-col gap-3" data-testid="dashboard">
      <DashboardBar
        stored={stored}
        dashboard={dashboard}
        draftTitle={draft === undefined ? undefined : draftTitle(draft)}
        dirty={dirty}
        refreshMs={refreshMs}
        onRefresh={refresh}
        onEdit={() => setDraft(saved.source)}
        onTitle={(title) => draft !== undefined && setDraft(renameDashboard(draft, title))}
        onAdd={() => draft !== undefined && setDraft(addPanel(draft))}
        onDiscard={() => setDraft(undefined)}
        onSaved={async () => {
          await client.invalidateQueries({ queryKey: dashboardQuery(stored.uid).queryKey });
          setDraft(undefined);
        }}
      />
      <VariablesBar variables={variables} />
      {[...dashboard.notes, ...(placed >= MAX_PLACED ? [`Only the first ${MAX_PLACED} panels are shown.`] : [])].map(
        (note) => (
          <p key={note} className="foreign text-xs text-soft">
            {note}
          </p>
        ),
      )}
      {!ready ? (
        <SkeletonRows rows={6} label="Loading the variables" />
      ) : placed === 0 ? (
        <EmptyState title="There are no panels yet">
          {stored.built_in || draft !== undefined ? 'Add one with the button above.' : 'Choose Edit, then add one.'}
        </EmptyState>
      ) : (
        <PanelGrid rows={rows} source={dashboard.source} scope={scope} edits={edits} />
      )}
      {edits !== undefined && draft !== undefined && panel !== undefined && (
        <PanelEditor
          key={panel.id}
          panel={panel}
          onApply={({ gridPos, ...change }) => {
            const changed = changePanel(draft, panel.id, change);
            setDraft(gridPos === undefined ? changed : movePanel(changed, panel.id, absolute(draft, panel, gridPos)));
          }}
          onClose={() => setEdited(undefined)}
        />
      )}
    </div>
  );
}

/** As it is being typed, empty too. */
function draftTitle({ title }: JsonObject): string {
  return typeof title === 'string' ? title : '';
}

function editsOf(draft: JsonObject, setDraft: (draft: JsonObject) => void, setEdited: (id: number) => void): GridEdits {
  return {
    of: ({ id }) => ({
      onEdit: () => setEdited(id),
      onDuplicate: () => setDraft(duplicatePanel(draft, id)),
      onDelete: () => setDraft(deletePanel(draft, id)),
    }),
    onMove: (panel, pos) => setDraft(movePanel(draft, panel.id, absolute(draft, panel, pos))),
  };
}

/** Panels are placed from the top of their row; the JSON counts from the top of the dashboard. */
function absolute(draft: JsonObject, panel: Panel, pos: Panel['gridPos']): Panel['gridPos'] {
  const parsed = parseDashboard(draft);
  if (parsed.kind === 'invalid') return pos;
  const original = parsed.dashboard.rows.flatMap((row) => row.panels).find(({ id }) => id === panel.id);
  if (original === undefined) return pos;
  return { ...pos, y: original.gridPos.y + pos.y - panel.gridPos.y };
}
