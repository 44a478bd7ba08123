import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useLive } from '../../api/live.js';
import { serverNow } from '../../api/server-clock.js';
import type { PanelScope } from '../../features/panels/panel-data.js';
import { parseInterval } from '../../grafana/intervals.js';
import type { Dashboard } from '../../grafana/model.js';
import type { VariableState } from '../../grafana/variable-options.js';
import { variableValues } from '../../grafana/variable-options.js';
import { VALUE_END } from '../../url/search.js';
import { DEFAULT_RANGE, presetOf, RANGE_PRESETS } from '../../url/time-range.js';
import { useUrlState } from '../../url/use-search.js';
import { variablesQuery } from './dashboard-queries.js';

const LEAST_REFRESH_MS = 5000;

/** Time and variables of a dashboard as the address says, and the moment up to which is asked. */
export interface DashboardScope {
  readonly scope: PanelScope;
  readonly variables: readonly VariableState[];
  /** The variables are known; before that no panel is asked. */
  readonly ready: boolean;
  readonly refreshMs: number | undefined;
  readonly refresh: () => void;
}

export function useDashboardScope(dashboard: Dashboard, sampleMs: number): DashboardScope {
  const [search, change] = useUrlState();
  const { range = DEFAULT_RANGE, from, to, timed, refresh: wanted } = search;
  const [nowMs, setNowMs] = useState(serverNow);
  const refresh = useCallback(() => setNowMs(serverNow()), []);
  const { paused } = useLive();

  // A dashboard opens with its own range, until somebody chooses another.
  const own = presetOf(dashboard.time.from, dashboard.time.to);
  useEffect(() => {
    if (timed !== undefined) return;
    const chosen = search.range !== undefined || from !== undefined;
    change(
      { timed: 'yes', ...(!chosen && own !== undefined && own !== DEFAULT_RANGE && { range: own }) },
      { replace: true },
    );
  }, [timed, search.range, from, own, change]);

  const refreshMs = refreshOf(wanted, dashboard.refreshMs);
  const sliding = from === undefined;
  useEffect(() => {
    if (refreshMs === undefined || paused || !sliding) return;
    const timer = setInterval(() => document.hidden || refresh(), refreshMs);
    return () => clearInterval(timer);
  }, [refreshMs, paused, sliding, refresh]);
  // A relative range ends now, also where it was chosen long after the last refresh.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another range is a reason to look at the clock
  useEffect(refresh, [range, refresh]);

  const fromMs = from ?? nowMs - (RANGE_PRESETS.find(({ value }) => value === range)?.ms ?? 3_600_000);
  const toMs = to ?? nowMs;
  const wantedValues = useMemo(() => wantedOf(search), [search]);
  const { data: variables, isSuccess } = useQuery(
    variablesQuery(dashboard.uid, dashboard.variables, wantedValues, Math.round((toMs - fromMs) / 1000) * 1000),
  );
  const values = useMemo(() => variableValues(variables ?? []), [variables]);
  const scope = useMemo(() => ({ fromMs, toMs, variables: values, sampleMs }), [fromMs, toMs, values, sampleMs]);
  return { scope, variables: variables ?? [], ready: isSuccess && timed !== undefined, refreshMs, refresh };
}

function refreshOf(wanted: string | undefined, own: number | undefined): number | undefined {
  if (wanted === undefined) return own;
  const ms = parseInterval(wanted);
  return ms === undefined ? undefined : Math.max(LEAST_REFRESH_MS, ms);
}

function wantedOf(search: object): ReadonlyMap<string, readonly string[]> {
  return new Map(
    Object.entries(search).flatMap(([key, value]): [string, readonly string[]][] =>
      key.startsWith('var-') && typeof value === 'string' ? [[key.slice(4), value.split(VALUE_END)]] : [],
    ),
  );
}
