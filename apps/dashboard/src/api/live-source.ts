import type { LiveEvents } from '@vedetta/client';

/** What the live connection does; `connecting` also after it broke, since it is tried again by itself. */
export type LiveConnection = 'connecting' | 'open' | 'closed';

export interface LiveListener {
  onConnection(connection: LiveConnection): void;
  onHello(event: LiveEvents['hello']): void;
  onRequests(event: LiveEvents['requests']): void;
  onEvents(event: LiveEvents['events']): void;
}

const RETRY_MS = 5_000;
/** A glance at another tab does not cost the connection. */
const HIDDEN_MS = 20_000;

/**
 * Listens to `GET /api/live` until the returned function is called. A page that is out of sight for a while lets go of
 * its connection, since a browser opens no more than six to one server and every tab holds one.
 */
export function listenLive(listener: LiveListener): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const close = () => {
    clearTimeout(timer);
    source?.close();
    source = undefined;
  };
  const open = () => {
    close();
    const opened = new EventSource('/api/live');
    source = opened;
    listener.onConnection('connecting');
    opened.onopen = () => listener.onConnection('open');
    opened.onerror = () => {
      listener.onConnection('connecting');
      // The browser gives up for good when the answer is no event stream, such as a proxy's error page.
      if (opened.readyState === EventSource.CLOSED) timer = setTimeout(open, RETRY_MS);
    };
    const on = <Name extends keyof LiveEvents>(name: Name, handle: (event: LiveEvents[Name]) => void) =>
      opened.addEventListener(name, (message) => handle(JSON.parse(message.data as string)));
    on('hello', (event) => listener.onHello(event));
    on('requests', (event) => listener.onRequests(event));
    on('events', (event) => listener.onEvents(event));
  };
  const onVisibility = () => {
    clearTimeout(timer);
    if (document.hidden) timer = setTimeout(close, HIDDEN_MS);
    else if (source === undefined || source.readyState === EventSource.CLOSED) open();
  };
  document.addEventListener('visibilitychange', onVisibility);
  open();
  return () => {
    document.removeEventListener('visibilitychange', onVisibility);
    close();
    listener.onConnection('closed');
  };
}
