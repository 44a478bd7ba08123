import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { createMonitor, type Monitor } from '@vedetta/sdk';

/** An application that is monitored by the SDK: everything that the kit's dashboards show happens in it. */
export interface AppTraffic {
  stop(): Promise<void>;
}

const PAUSE_MS = 150;

/**
 * Drives requests through the SDK until it is stopped. Of every ten, one fails; every fourth retrieves documents. Its metrics are
 * at `/metrics` of the port, for whoever scrapes them, and are pushed to nobody.
 */
export async function startAppTraffic(endpoint: string, metricsPort: number): Promise<AppTraffic> {
  const monitor = createMonitor({
    endpoint,
    serviceName: 'app',
    flushOnExit: false,
    metrics: { push: false, collect: false },
    log: () => undefined,
  });
  const page = createServer((_request, response) => {
    void monitor.metrics
      .text()
      .then(({ contentType, body }) => response.setHeader('content-type', contentType).end(body));
  });
  await new Promise<void>((resolve) => page.listen(metricsPort, '127.0.0.1', resolve));
  const stopping = new AbortController();
  const running = drive(monitor, stopping.signal);
  return {
    stop: async () => {
      stopping.abort();
      await running;
      await monitor.shutdown(2000);
      page.closeAllConnections();
      await new Promise((resolve) => page.close(resolve));
    },
  };
}

async function drive(monitor: Monitor, stopping: AbortSignal): Promise<void> {
  for (let n = 0; !stopping.aborted; n++) {
    await answerOne(monitor, n);
    if (n % 10 === 0) {
      const job = monitor.metrics.startIndexingJob();
      job.file({ format: 'pdf' });
      job.end({ success: n % 30 !== 0 });
    }
    await delay(PAUSE_MS, undefined, { signal: stopping }).catch(() => undefined);
  }
}

async function answerOne(monitor: Monitor, n: number): Promise<void> {
  const fails = n % 10 === 9;
  const model = n % 2 === 0 ? 'gpt-4o' : 'gpt-4o-mini';
  const request = monitor.startRequest({
    name: 'POST /chat',
    model,
    stream: true,
    userId: `user-${n % 5}`,
    sessionId: `session-${n % 7}`,
    attributes: { 'http.request.method': 'POST', 'http.route': n % 4 === 0 ? '/ask' : '/chat' },
  });
  if (n % 4 === 0) {
    for (const stage of ['retrieval', 'grading']) await request.phase(stage, () => delay(3));
  }
  await request.phase('generation', () => delay(5));
  const error = fails ? Object.assign(new Error('slow down'), { name: 'RateLimitError' }) : undefined;
  request.llm({
    provider: 'openai',
    model,
    stream: true,
    usage: { inputTokens: 200 + n, outputTokens: 40 },
    durationMs: 400 + 20 * (n % 9),
    timeToFirstTokenMs: 80 + n,
    ...(error !== undefined && { error }),
  });
  request.set({ attributes: { 'http.response.status_code': fails ? 502 : 200 } });
  request.end(error === undefined ? {} : { error });
  if (n % 3 === 0) monitor.score(request.id, { thumb: n % 9 === 0 ? 'down' : 'up' });
}
