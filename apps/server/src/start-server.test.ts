import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createConnection } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { ServerStartError, startServer } from './index.js';
import { chat, newTraceId, otlpJson } from './testing/otlp-json.js';
import type { TestServer } from './testing/test-server.js';
import { closeTestServers, send, startTestServer, tempDir, testConfig } from './testing/test-server.js';

afterEach(closeTestServers);

const ingest = (server: TestServer, body: string) =>
  send(`${server.url}/v1/traces`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });

async function occupyPort(): Promise<{ port: number; free: () => Promise<void> }> {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  return {
    port: (other.address() as AddressInfo).port,
    free: () => new Promise((resolve) => other.close(() => resolve())),
  };
}

describe('startServer', () => {
  test('listens, and keeps what was stored over a restart', async () => {
    const dataDir = tempDir();
    const traceId = newTraceId();
    const first = await startTestServer({}, { dataDir });
    await ingest(first, otlpJson([{ traceId, attributes: chat('gpt-4o', 1, 1) }]));
    await first.close();
    const second = await startTestServer({}, { dataDir });
    expect(await second.client.request(traceId)).toMatchObject({ model: 'gpt-4o' });
    expect((await second.client.status()).has_data).toBe(true);
  });

  test('refuses a public address without password or key', async () => {
    const config = { ...(await testConfig()), host: '0.0.0.0' };
    await expect(startServer(config)).rejects.toMatchObject({
      name: 'ServerStartError',
      code: 'not_allowed',
      message: expect.stringContaining('VEDETTA_PASSWORD'),
    });
  });

  test('listens on a public address with a key, by the address it is reached at', async () => {
    const server = await startTestServer({ host: '0.0.0.0' }, { env: { VEDETTA_API_KEY: 'key-for-programs' } });
    expect(server.url).toMatch(/^http:\/\/localhost:\d+$/);
    expect((await send(`${server.url}/api/status`)).status).toBe(401);
    expect((await server.client.status()).status).toBe('ok');
  });

  test('says that the port is taken, and leaves the data free for the next start', async () => {
    const { port, free } = await occupyPort();
    const dataDir = tempDir();
    const start = startTestServer({ port }, { dataDir });
    await expect(start).rejects.toBeInstanceOf(ServerStartError);
    await expect(start).rejects.toMatchObject({ code: 'port_taken', message: expect.stringContaining(String(port)) });
    await free();
    const server = await startTestServer({ port }, { dataDir });
    expect(server.url).toContain(String(port));
  });

  test('goes on without the OTLP port when that is taken, and says so in the log', async () => {
    const { port, free } = await occupyPort();
    const server = await startTestServer({ otlpPort: port });
    expect(server.urls.otlp).toEqual([server.url]);
    expect(server.logLines.filter((line) => line.includes('OTLP port is not available'))).toHaveLength(1);
    await free();
  });

  test('says that another address is not of this machine', async () => {
    const start = startTestServer({ host: '192.0.2.1' }, { env: { VEDETTA_API_KEY: 'key-for-programs' } });
    await expect(start).rejects.toMatchObject({ code: 'address_not_available' });
  });
});

describe('close', () => {
  test('stores what is being sent, then refuses connections', async () => {
    const dataDir = tempDir();
    const server = await startTestServer({}, { dataDir });
    const traceIds = Array.from({ length: 20 }, newTraceId);
    const sending = traceIds.map((traceId) => ingest(server, otlpJson([{ traceId }])).catch(() => undefined));
    await sending[0];
    await Promise.all([server.close(), server.close()]);
    const acknowledged = traceIds.filter((_, i) => sending[i] !== undefined);
    const answers = await Promise.all(sending);
    await expect(send(`${server.url}/healthz`)).rejects.toThrow();
    const again = await startTestServer({}, { dataDir });
    for (const [i, traceId] of acknowledged.entries()) {
      if (answers[i]?.status !== 200) continue;
      expect((await again.client.request(traceId)).request_id).toBe(traceId);
    }
  });

  test('is not held up by an idle connection', async () => {
    const server = await startTestServer();
    const { hostname, port } = new URL(server.url);
    const socket = createConnection(Number(port), hostname);
    await new Promise<void>((resolve) => socket.once('connect', resolve));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.resume();
    await server.close();
    await closed;
  });
});
