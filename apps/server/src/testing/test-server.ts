import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { VedettaClient } from '@vedetta/client';
import { createClient } from '@vedetta/client';
import type { ResolvedConfig, RunningServer } from '../index.js';
import { loadConfig, startServer } from '../index.js';
import type { StartOptions } from '../start-server.js';

/** A real server on free ports with a store of its own. */
export interface TestServer extends RunningServer {
  readonly url: string;
  readonly client: VedettaClient;
  readonly logLines: readonly string[];
}

const open: (() => Promise<void>)[] = [];

/** Starts a server; `closeTestServers` in `afterEach` or `afterAll` ends it and removes its folder. */
export async function startTestServer(
  flags: Record<string, string | number> = {},
  options: StartOptions & { readonly env?: Record<string, string>; readonly dataDir?: string } = {},
): Promise<TestServer> {
  const config = await testConfig(
    { ...flags, ...(options.dataDir === undefined ? {} : { dataDir: options.dataDir }) },
    options.env,
  );
  const logLines: string[] = [];
  const logStream = { write: (line: string) => void logLines.push(line) };
  const server = await startServer(config, { dashboardDir: path.join(config.dataDir, 'none'), logStream, ...options });
  open.push(() => server.close());
  const key = config.access.apiKeys[0];
  const client = createClient({ baseUrl: server.urls.page, ...(key === undefined ? {} : { apiKey: key }) });
  return Object.assign(server, { url: server.urls.page, client, logLines });
}

/** Configuration with free ports and a fresh folder. */
export async function testConfig(
  flags: Record<string, string | number> = {},
  env: Record<string, string> = {},
): Promise<ResolvedConfig> {
  const loaded = await loadConfig({
    cwd: tmpdir(),
    env,
    flags: { port: 0, otlpPort: 'off', logLevel: 'info', dataDir: tempDir(), ...flags },
  });
  if (loaded.kind === 'invalid')
    throw new Error(loaded.errors.map((error) => `${error.key} ${error.message}`).join('; '));
  return loaded.config;
}

/** A folder that goes with the servers. */
export function tempDir(): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'vedetta-server-'));
  open.unshift(async () => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

export async function closeTestServers(): Promise<void> {
  for (let end = open.pop(); end !== undefined; end = open.pop()) await end();
}

/** An answer as it came. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  json<T = Record<string, unknown>>(): T;
}

/** Sends a request with any header, `Host` and `Origin` included, which `fetch` does not allow. */
export function send(
  url: string,
  options: {
    readonly method?: string;
    readonly headers?: Record<string, string>;
    readonly body?: string | Uint8Array;
  } = {},
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      { method: options.method ?? 'GET', headers: options.headers ?? {}, agent: false },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const body = Buffer.concat(chunks);
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            body,
            json: () => JSON.parse(body.toString('utf8')),
          });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(options.body);
  });
}

export function sendJson(url: string, body: unknown, method = 'POST'): Promise<RawAnswer> {
  return send(url, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
}
