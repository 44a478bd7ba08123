import type { LiveEvents } from '@vedetta/client';

/** What the live connection does; `connecting` also after it broke, since the browser tries again by itself. */
export type LiveConnection = 'connecting' | 'open' | 'closed';

export interface LiveListener {
  onConnection(connection: LiveConnection): void;
  onHello(event: LiveEvents['hello']): void;
  onRequests(event: LiveEvents['requests']): void;
  onEvents(event: LiveEvents['events']): void;
}

/** Listens to `GET /api/live` until the returned function is called. A message that is no JSON is a server's bug and throws. */
export function listenLive(listener: LiveListener): () => void {
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const open = () => {
    source = new EventSource('/api/live');
    listener.onConnection('connecting');
    source.onopen = () => listener.onConnection('open');
    source.onerror = () => {
      listener.onConnection('connecting');
      // The browser gives up for good when the answer is no event stream, such as a proxy's error page.
      if (source.readyState === EventSource.CLOSED) timer = setTimeout(open, 5_000);
    };
    const on = <Name extends keyof LiveEvents>(name: Name, handle: (event: LiveEvents[Name]) => void) =>
      source.addEventListener(name, (message) => handle(JSON.parse((message as MessageEvent<string>).data)));
    on('hello', (event) => listener.onHello(event));
    on('requests', (event) => listener.onRequests(event));
    on('events', (event) => listener.onEvents(event));
  };
  open();
  return () => {
    clearTimeout(timer);
    source.close();
    listener.onConnection('closed');
  };
}
