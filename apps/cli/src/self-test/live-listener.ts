/** Follows `GET /api/live` (server-sent events). */
export interface LiveListener {
  /** Resolves once a message holds the text; rejects after the time, or when the stream ends. */
  waitFor(text: string, timeoutMs: number): Promise<void>;
  close(): void;
}

/** Connects and waits for the first message, so that nothing that happens afterwards is missed. Throws when refused. */
export async function listenLive(baseUrl: string, apiKey: string | undefined): Promise<LiveListener> {
  const abort = new AbortController();
  const response = await fetch(`${baseUrl}/api/live`, {
    headers: { accept: 'text/event-stream', ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }) },
    signal: abort.signal,
  });
  if (!response.ok || response.body === null) {
    throw new Error(`GET /api/live answered ${response.status} ${response.statusText}`);
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let received = '';
  let ended: string | undefined;
  let wake = (): void => {};
  const pump = async (): Promise<void> => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      received += value;
      wake();
    }
  };
  pump()
    .then(() => 'the stream ended')
    .catch((error: unknown) => String(error))
    .then((reason) => {
      ended = reason;
      wake();
    });
  const waitFor = async (text: string, timeoutMs: number): Promise<void> => {
    const deadline = performance.now() + timeoutMs;
    while (!received.includes(text)) {
      if (ended !== undefined) throw new Error(ended);
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) throw new Error(`nothing about it within ${timeoutMs / 1000} s`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };
  const close = (): void => abort.abort();
  await waitFor('event: hello', 5000).catch((error) => {
    close();
    throw error;
  });
  return { waitFor, close };
}
