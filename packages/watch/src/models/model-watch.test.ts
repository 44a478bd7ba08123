import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { ModelWatch } from './model-watch.js';

it('asks again and again, tells each change once, and stops', async () => {
  let status = 200;
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    response.statusCode = status;
    response.end('{"data":[{"id":"m"}]}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const changes: string[] = [];
  let changed = (): void => {};
  const nextChange = (): Promise<void> => new Promise((resolve) => (changed = resolve));
  const watch = new ModelWatch({
    upstreams: [{ name: 'a', provider: 'openai', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }],
    intervalMs: 5,
    timeoutMs: 5000,
    now: Date.now,
    parseMetrics: () => [],
    onChange: ({ state }) => {
      changes.push(state.kind);
      changed();
    },
  });
  expect(watch.upstreams()).toMatchObject([{ name: 'a', state: { kind: 'unchecked' } }]);

  const first = nextChange();
  watch.start();
  await first;
  expect(watch.upstreams()).toMatchObject([{ state: { kind: 'reachable', models: [{ model: 'm' }] } }]);
  while (asked < 3) await once(server, 'request');
  expect(changes).toEqual(['reachable']);

  const second = nextChange();
  status = 500;
  await second;
  expect(changes).toEqual(['reachable', 'unreachable']);

  watch.stop();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});
