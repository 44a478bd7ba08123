import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useLive } from '../../api/live.js';
import type { TimeChoice } from '../../features/promql/time-window.js';
import { exemplarsQuery, graphQuery, tableQuery } from './panel-queries.js';
import type { Panel } from './panels.js';

/** What a panel is answered. */
export type AnswerState = ReturnType<typeof useAnswer>;

/**
 * Asks what a panel shows, anew as time goes on. Another query, range or view calls the one before off. What was cancelled stays so
 * until it is run again, or something about it changes: a heavy query must not come back by itself.
 */
export function useAnswer(panel: Panel, time: TimeChoice) {
  const { paused } = useLive();
  const client = useQueryClient();
  const [cancelledKey, setCancelledKey] = useState<string>();
  const options = {
    graph: graphQuery(panel, time, !paused),
    table: tableQuery(panel, time, !paused),
    exemplars: exemplarsQuery(panel, time, !paused),
  };
  const { queryKey } = options[panel.view];
  const key = JSON.stringify(queryKey);
  const cancelled = cancelledKey === key;
  const wanted = (view: Panel['view']) => options[view].enabled === true && panel.view === view && !cancelled;
  const graph = useQuery({ ...options.graph, enabled: wanted('graph') });
  const table = useQuery({ ...options.table, enabled: wanted('table') });
  const exemplars = useQuery({ ...options.exemplars, enabled: wanted('graph') && panel.exemplars });
  const active = panel.view === 'graph' ? graph : table;
  const running = active.isFetching || exemplars.isFetching;

  /** False when nothing ran. */
  const cancel = (): boolean => {
    // What runs is asked for and not what was drawn: a key may be quicker than the next drawing.
    const keys = [queryKey, options.exemplars.queryKey];
    if (keys.every((one) => client.isFetching({ queryKey: one, exact: true }) === 0)) return false;
    setCancelledKey(key);
    for (const one of keys) void client.cancelQueries({ queryKey: one, exact: true });
    return true;
  };
  const run = () => {
    setCancelledKey(undefined);
    void active.refetch();
    if (panel.exemplars && panel.view === 'graph') void exemplars.refetch();
  };
  return { graph, table, active, exemplars, running, cancelled, cancel, run };
}

/** True once something has gone on for a while: what is over in no time need not be said. */
export function useLasting(going: boolean, afterMs: number): boolean {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    if (!going) return;
    const timer = setTimeout(() => setLasting(true), afterMs);
    return () => {
      clearTimeout(timer);
      setLasting(false);
    };
  }, [going, afterMs]);
  return lasting;
}

/** Escape pressed anywhere on the page, but in what lies over it. */
export function useEscape(onEscape: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const inDialog = event.target instanceof Element && event.target.closest('dialog, [role="dialog"]') !== null;
      if (event.key === 'Escape' && !event.defaultPrevented && !inDialog) onEscape();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  });
}
