import { afterAll, beforeAll, expect, test } from 'vitest';
import { newTraceId } from '../testing/otlp-json.js';
import type { TestServer } from '../testing/test-server.js';
import { closeTestServers, send, sendJson, startTestServer } from '../testing/test-server.js';

// Each has digits that appear nowhere else, so that any six of them give it away.
const SECRETS = {
  'a key': 'sk-proj-Qz71Xv82Wy93Ut64Sr55Pq46On37Ml28',
  'a token': 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJRWjcxWFY4MldZOTMifQ.Zk91Yj82Xi73Wh64Vg55Uf46',
  'an address': 'qzxv.utsrpq71@onml28-kjih93.example.com',
  'the number of a card': '4111 1111 1111 1111',
} as const;

/** Bytes at which something along the way may cut: previews, names, errors, values, content. */
const CUTS = [200, 500, 1024, 64 * 1024] as const;

const text = (value: string) => ({ stringValue: value });
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ content: 'full' });
});
afterAll(closeTestServers);

/** A text in which the secret begins `before` characters ahead of `at` and which goes on long after. */
function textAround(secret: string, at: number, before: number): string {
  return `${'lorem ipsum '.repeat(at / 12 + 1).slice(0, at - before - 1)} ${secret} ${'dolor sit '.repeat(60)}`;
}

/** A span that has the text wherever a sender can put one. */
function spanWith(traceId: string, value: string): object {
  const attributes = [
    'app.note',
    'error.message',
    'vedetta.error.message',
    'vedetta.custom_data',
    'vedetta.data',
    'gen_ai.prompt',
    'gen_ai.input.messages',
    'gen_ai.system_instructions',
    'user.id',
    'session.id',
    'db.statement',
  ].map((key) => ({ key, value: text(value) }));
  const chat = JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: value }] }]);
  const startTimeUnixNano = String(BigInt(Date.now()) * 1_000_000n);
  const stack = [
    { key: 'exception.type', value: text('Error') },
    { key: 'exception.message', value: text(value) },
    { key: 'exception.stacktrace', value: text(`${value}\n at main.js:1`) },
  ];
  return {
    traceId,
    spanId: traceId.slice(16),
    name: value,
    startTimeUnixNano,
    endTimeUnixNano: startTimeUnixNano,
    status: { code: 2, message: value },
    attributes: [
      ...attributes,
      { key: 'gen_ai.output.messages', value: text(chat) },
      { key: 'vedetta.tags', value: { arrayValue: { values: [text(value)] } } },
      { key: 'app.tree', value: { kvlistValue: { values: [{ key: 'deep', value: text(value) }] } } },
    ],
    events: [
      { timeUnixNano: startTimeUnixNano, name: 'exception', attributes: stack },
      { timeUnixNano: startTimeUnixNano, name: value },
    ],
    links: [{ traceId, spanId: '00000000000000aa', attributes: [{ key: 'why', value: text(value) }] }],
  };
}

/** What the server tells of a request, by where it tells it. */
async function everythingOf(traceId: string): Promise<readonly (readonly [where: string, text: string])[]> {
  const detail = await send(`${server.url}/api/requests/${traceId}/timeline`);
  expect([detail.status, detail.body.includes('at main.js:1') || detail.body.includes('exception')]).toEqual([
    200,
    true,
  ]);
  const views = ['requests', 'spans', 'request_phases', 'custom_events', 'scores'].map(async (view) => {
    const sql = `select * from ${view} where ${view === 'spans' ? 'trace_id' : 'request_id'} = '${traceId}'`;
    const answer = await sendJson(`${server.url}/api/sql`, { sql }, 'POST');
    expect(answer.json(), view).toMatchObject({ truncated: false });
    return [view, answer.body.toString()] as const;
  });
  return [['detail', detail.body.toString()], ...(await Promise.all(views))];
}

test.each(Object.entries(SECRETS))(
  '%s is stored nowhere, whole or in part, wherever a text is cut',
  async (_, secret) => {
    const bodies = CUTS.flatMap((at) =>
      [4, 12, 24].filter((before) => before < secret.length).map((before) => textAround(secret, at, before)),
    );
    const fragments = Array.from({ length: secret.length - 8 }, (_, from) => secret.slice(from, from + 9));
    for (const value of bodies) {
      const traceId = newTraceId();
      const body = JSON.stringify({
        resourceSpans: [
          {
            resource: {
              attributes: [
                { key: 'service.name', value: text(value) },
                { key: 'host.note', value: text(value) },
              ],
            },
            scopeSpans: [{ scope: { name: value, version: value }, spans: [spanWith(traceId, value)] }],
          },
        ],
      });
      const headers = { 'content-type': 'application/json' };
      expect((await send(`${server.url}/v1/traces`, { method: 'POST', headers, body })).status).toBe(200);
      await sendJson(
        `${server.url}/api/requests/${traceId}/scores`,
        { thumb: 'up', comment: value.slice(0, 4_000) },
        'POST',
      );
      await sendJson(
        `${server.url}/api/events/custom`,
        { event_name: 'note', request_id: traceId, data: { value } },
        'POST',
      );
      for (const [where, stored] of await everythingOf(traceId)) {
        const found = fragments.find((fragment) => stored.includes(fragment));
        const at = found === undefined ? 0 : stored.indexOf(found);
        expect(found === undefined ? '' : stored.slice(Math.max(at - 80, 0), at + 40), where).toBe('');
      }
    }
    expect(server.logLines.join('\n')).not.toContain(secret.slice(0, 9));
  },
);
