import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import { useQueryClient } from '@tanstack/react-query';
import type { ActiveRequests, LiveEvents, Request, RequestPage } from '@vedetta/client';
import type { ReactNode } from 'react';
import { createContext, useContext, useEffect, useMemo, useRef, useState } from 'react';
import type { LiveConnection } from './live-source.js';
import { listenLive } from './live-source.js';
import { activeQuery, LIVE, requestTimelineQuery, statusQuery } from './queries.js';
import { noteServerTime } from './server-clock.js';

interface Live {
  readonly connection: LiveConnection;
  readonly paused: boolean;
  readonly setPaused: (paused: boolean) => void;
  /** Ids of requests seen for the first time since the last {@link clearNew}. */
  readonly newIds: ReadonlySet<string>;
  readonly clearNew: () => void;
}

const LiveContext = createContext<Live | undefined>(undefined);

/** Figures are asked for again at most this often while requests stream in. */
const REFRESH_MS = 2_000;
/** Relative ranges move on even when nothing comes in. */
const SLIDE_MS = 30_000;
/** Enough to say "500+ new". */
const MAX_NEW_IDS = 500;

/** Keeps what the page shows up to date with what the server commits, as long as it is not paused. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [connection, setConnection] = useState<LiveConnection>('connecting');
  const [paused, setPaused] = useState(false);
  const [newIds, setNewIds] = useState<ReadonlySet<string>>(new Set());
  const pausedRef = useRef(paused);
  pausedRef.current = paused;

  useEffect(() => {
    const refresh = createRefresher(client);
    const slide = setInterval(() => pausedRef.current || refresh(), SLIDE_MS);
    let wasOpen = false;
    const stop = listenLive({
      onConnection: (next) => {
        setConnection(next);
        if (next !== 'open') {
          // The server may be gone: the shell says so as soon as its status cannot be read.
          if (wasOpen) void client.invalidateQueries({ queryKey: statusQuery().queryKey });
          return;
        }
        // What was committed while the connection was down was never announced.
        if (wasOpen) refresh();
        wasOpen = true;
      },
      onHello: (event) => noteServerTime(event.now),
      onRequests: (event) => {
        setNewIds((ids) => addNewIds(ids, event));
        if (pausedRef.current) return;
        for (const request of event.requests) applyRequest(client, request);
        refresh();
      },
      onEvents: (event) => {
        if (pausedRef.current) return;
        for (const { request_id } of event.events) void invalidateRequest(client, request_id);
      },
    });
    return () => {
      clearInterval(slide);
      stop();
    };
  }, [client]);

  useEffect(() => {
    if (!paused) void client.invalidateQueries({ queryKey: [LIVE] });
  }, [client, paused]);

  const live = useMemo<Live>(
    () => ({ connection, paused, setPaused, newIds, clearNew: () => setNewIds(new Set()) }),
    [connection, paused, newIds],
  );
  return <LiveContext value={live}>{children}</LiveContext>;
}

export function useLive(): Live {
  const live = useContext(LiveContext);
  if (live === undefined) throw new Error('useLive is called outside of LiveProvider');
  return live;
}

/** Asks for the figures again, at most every {@link REFRESH_MS} and never while the last answers are still on their way. */
function createRefresher(client: QueryClient): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastMs = 0;
  const run = () => {
    timer = undefined;
    if (client.isFetching({ queryKey: [LIVE] }) > 0) {
      timer = setTimeout(run, REFRESH_MS);
      return;
    }
    lastMs = Date.now();
    void client.invalidateQueries({ queryKey: [LIVE] });
  };
  return () => {
    if (timer === undefined) timer = setTimeout(run, Math.max(150, lastMs + REFRESH_MS - Date.now()));
  };
}

/** Changes what is known without asking the server: the active requests at once, an open request by a new read. */
function applyRequest(client: QueryClient, request: Request): void {
  client.setQueryData(activeQuery().queryKey, (active: ActiveRequests | undefined) => {
    if (active === undefined) return undefined;
    const others = active.requests.filter((other) => other.request_id !== request.request_id);
    if (request.status !== 'running') return { requests: others };
    const requests = [...others, request].sort((a, b) => a.start_time.localeCompare(b.start_time));
    return { requests };
  });
  client.setQueriesData({ queryKey: ['requests'] }, (data: InfiniteData<RequestPage> | undefined) =>
    data === undefined ? undefined : replaceRow(data, request),
  );
  void invalidateRequest(client, request.request_id);
}

/** The list with a newer version of one of its rows; the same list when it is not in it. */
function replaceRow(data: InfiniteData<RequestPage>, request: Request): InfiniteData<RequestPage> {
  const isRow = (row: Request) => row.request_id === request.request_id;
  if (!data.pages.some((page) => page.requests.some(isRow))) return data;
  const pages = data.pages.map((page) => ({
    ...page,
    requests: page.requests.map((row) => (isRow(row) ? request : row)),
  }));
  return { ...data, pages };
}

function invalidateRequest(client: QueryClient, requestId: string): Promise<void> {
  return client.invalidateQueries({ queryKey: requestTimelineQuery(requestId).queryKey });
}

function addNewIds(ids: ReadonlySet<string>, event: LiveEvents['requests']): ReadonlySet<string> {
  if (ids.size >= MAX_NEW_IDS) return ids;
  const next = new Set(ids);
  for (const request of event.requests) next.add(request.request_id);
  return next.size === ids.size ? ids : next;
}
