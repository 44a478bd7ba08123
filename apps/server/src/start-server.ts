import type { AddressInfo } from 'node:net';
import type { RequestRow } from '@vedetta/model';
import type { App } from './app.js';
import { createApp, createOtlpApp, createUpstreamApp } from './app.js';
import type { ResolvedConfig } from './config/config.js';
import { checkConfig } from './config/load-config.js';
import type { ContextOptions } from './create-context.js';
import { createContext } from './create-context.js';
import { watchEngine } from './engine-watch.js';
import { Retention } from './retention.js';
import type { ServerContext, ServerUrls } from './server-context.js';

/** Where the ports beside the main one listen. */
const LOOPBACK = '127.0.0.1';
const OLLAMA = 'ollama';
const DRAIN_MS = 10_000;

/** What a host program may put in; all have the obvious default. */
export interface StartOptions extends ContextOptions {
  /**
   * Called once when the store's engine has failed and only a new process can go on. By default the process exits with
   * code 70, so that a supervisor starts it again.
   */
  readonly onFatal?: (message: string) => void;
}

/** A server that listens. */
export interface RunningServer {
  readonly urls: ServerUrls;
  readonly config: ResolvedConfig;
  /** Requests that changed most recently, latest first, at most 1000: reads from code, without HTTP. */
  recentRequests(limit?: number): readonly RequestRow[];
  /** Takes no more, stores what was received (10 s at most), closes the store. Idempotent. */
  close(): Promise<void>;
}

/** Why a server did not start; the store's own reasons are a `StoreOpenError`. */
export class ServerStartError extends Error {
  override readonly name = 'ServerStartError';
  readonly code: 'port_taken' | 'port_not_permitted' | 'address_not_available' | 'not_allowed';
  constructor(code: ServerStartError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * Starts a server in this process: opens the store, listens, schedules retention. Throws {@link ServerStartError} or
 * `StoreOpenError` and leaves nothing behind when it cannot.
 *
 * @example
 * const loaded = await loadConfig();
 * if (loaded.kind === 'resolved') {
 *   const server = await startServer(loaded.config);
 *   process.once('SIGTERM', () => server.close());
 * }
 */
export async function startServer(config: ResolvedConfig, options: StartOptions = {}): Promise<RunningServer> {
  const [fault] = checkConfig(config);
  if (fault !== undefined) throw new ServerStartError('not_allowed', `${fault.key}: ${fault.message}`);
  const context = await createContext(config, options);
  const retention = new Retention(context);
  const apps: App[] = [];
  let stopWatching = (): void => {};
  const close = once(() => {
    stopWatching();
    context.modelWatch.stop();
    context.pricing.stop();
    return closeAll({ apps, context, retention });
  });

  try {
    const main = await createApp(context);
    apps.push(main);
    await listen(main, config.host, config.port);
    const otlp = await listenOtlp(context);
    if (otlp !== undefined) apps.push(otlp);
    const ollama = await listenOllama(context);
    if (ollama !== undefined) apps.push(ollama);
    context.urls = describeUrls(config, main, otlp, ollama);
  } catch (error) {
    await close();
    throw error;
  }
  retention.start();
  context.modelWatch.start();
  context.systemMetrics.start();
  await context.scraping.start(context.urls.page);
  stopWatching = watchEngine(context, options.onFatal);
  context.log.info({ ...context.urls, dataDir: config.dataDir }, 'ready');
  return { urls: context.urls, config, recentRequests: (limit = 1000) => context.feed.recent(limit), close };
}

async function listen({ server }: App, host: string, port: number): Promise<void> {
  try {
    await server.listen({ host, port });
  } catch (cause) {
    throw toStartError(cause, host, port);
  }
}

function toStartError(cause: unknown, host: string, port: number): unknown {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return new ServerStartError(
        'port_taken',
        `port ${port} on ${host} is taken by another program; choose another port, or stop that program`,
        { cause },
      );
    case 'EACCES':
      return new ServerStartError(
        'port_not_permitted',
        `port ${port} needs more rights than this user has; choose one above 1023`,
        { cause },
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new ServerStartError(
        'address_not_available',
        `${host} is no address of this machine; listen on 127.0.0.1, or on one it has`,
        { cause },
      );
    default:
      return cause;
  }
}

/** The standard port is a convenience: when another program has it, exporters use the main port. */
async function listenOtlp(context: ServerContext): Promise<App | undefined> {
  const { port } = context.config.otlp;
  if (port === 'off') return undefined;
  const app = await createOtlpApp(context);
  try {
    await app.server.listen({ host: LOOPBACK, port });
    return app;
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? error.code : String(error);
    context.log.warn({ port, reason }, 'the OTLP port is not available; OTLP is received on the main port only');
    await app.server.close();
    return undefined;
  }
}

/** Unlike the OTLP port this one was asked for: when it cannot be had, the server does not start. */
async function listenOllama(context: ServerContext): Promise<App | undefined> {
  const { ollamaPort } = context.config.gateway;
  if (ollamaPort === 'off') return undefined;
  const app = createUpstreamApp(context, OLLAMA);
  await listen(app, LOOPBACK, ollamaPort);
  return app;
}

function describeUrls(config: ResolvedConfig, main: App, otlp: App | undefined, ollama: App | undefined): ServerUrls {
  const host = config.host === '0.0.0.0' || config.host === '::' ? 'localhost' : config.host;
  const page = `http://${host.includes(':') ? `[${host}]` : host}:${portOf(main)}`;
  const otlpUrls = otlp === undefined ? [page] : [`http://${LOOPBACK}:${portOf(otlp)}`, page];
  return {
    page,
    api: `${page}/api`,
    otlp: otlpUrls,
    ...(ollama === undefined ? {} : { ollama: `http://${LOOPBACK}:${portOf(ollama)}` }),
  };
}

function portOf({ server }: App): number {
  return (server.server.address() as AddressInfo).port;
}

async function closeAll(parts: {
  readonly apps: readonly App[];
  readonly context: ServerContext;
  readonly retention: Retention;
}): Promise<void> {
  const { apps, context, retention } = parts;
  context.liveClients.close();
  const timer = setTimeout(() => {
    context.log.warn({ ms: DRAIN_MS }, 'requests did not end in time and are cut');
    for (const { server } of apps) server.server.closeAllConnections();
  }, DRAIN_MS).unref();
  await Promise.all(
    apps.map(({ server, openRequests }) => {
      const closed = server.close();
      openRequests.finish();
      return closed;
    }),
  );
  clearTimeout(timer);
  await context.gateway.close();
  await retention.stop();
  await context.scraping.stop();
  await context.systemMetrics.stop();
  await context.store.close();
  context.log.info('closed');
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= work();
    return running;
  };
}
