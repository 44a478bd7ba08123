import { expect, test } from 'vitest';
import { boundedJson } from './bounded-json.js';
import { memorySink } from './memory-sink.js';
import { createMonitor } from './monitor.js';
import { spanAttributes } from './span-record.js';

const LIMIT = 64 * 1024;
const still = { now: () => 0 };

/** A Proxy that counts how often its names were listed and its members read. */
function counted(target: object) {
  const counts = { listed: 0, read: 0 };
  const proxy = new Proxy(target, {
    ownKeys(of) {
      counts.listed += 1;
      return Reflect.ownKeys(of);
    },
    get(of, name) {
      if (name !== 'toJSON' && name !== 'constructor') counts.read += 1;
      return Reflect.get(of, name);
    },
  });
  return { proxy, counts };
}

const wide = (members: number) => Object.fromEntries(Array.from({ length: members }, (_, i) => [`key${i}`, i]));

test('a very large object is listed once, however often it is recorded, and its values are those of the moment', () => {
  const object = wide(20_000);
  const { proxy, counts } = counted(object);
  const first = boundedJson(proxy, LIMIT, still);
  object.key3 = 33;
  const second = JSON.parse(boundedJson(proxy, LIMIT, still));
  expect(counts.listed).toBe(1);
  expect(JSON.parse(first)).toMatchObject({ key0: 0, key3: 3, '[cut]': true });
  expect(second).toMatchObject({ key0: 0, key3: 33, '[cut]': true });
});

test('a very large object that was filled anew is listed anew', () => {
  const object: { [name: string]: number } = wide(20_000);
  boundedJson(object, LIMIT, still);
  for (const name of Object.keys(object)) delete object[name];
  object.new = 1;
  boundedJson(object, LIMIT, still);
  expect(JSON.parse(boundedJson(object, LIMIT, still))).toEqual({ new: 1 });
});

test('an object of common size is listed each time', () => {
  const { proxy, counts } = counted(wide(10));
  boundedJson(proxy, LIMIT, still);
  boundedJson(proxy, LIMIT, still);
  expect(counts.listed).toBe(2);
});

test('what an object inherits is not listed', () => {
  const { proxy, counts } = counted(wide(5));
  expect(boundedJson(Object.create(proxy, { own: { value: 1, enumerable: true } }), LIMIT, still)).toBe('{"own":1}');
  expect(counts.listed).toBe(0);
});

test('members that JSON leaves out are left out of a Proxy too', () => {
  const hidden = Object.defineProperty({ shown: 1 }, 'hidden', { value: 2, enumerable: false });
  expect(boundedJson(new Proxy(hidden, {}), LIMIT, still)).toBe('{"shown":1}');
});

test('of the attributes, parameters and parts that are too many, none is read', () => {
  const sink = memorySink();
  const request = createMonitor({ sinks: [sink], flushOnExit: false, openTelemetry: false }).startRequest();
  const attributes = counted(wide(5_000));
  const parameters = counted(wide(5_000));
  const parts = counted(Array.from({ length: 5_000 }, () => ({ type: 'text', text: '' })));
  const message = counted({ role: 'user', content: 'hello', ...wide(5_000) });
  request.set({ attributes: attributes.proxy as { [name: string]: string } });
  request.llm({
    parameters: parameters.proxy as { [name: string]: string },
    input: [{ role: 'user', content: parts.proxy }],
  });
  request.llm({ input: [message.proxy] });
  request.end();
  expect(attributes.counts.read).toBe(64);
  expect(parameters.counts.read).toBe(32);
  expect(parts.counts.read).toBeLessThan(1_100);
  expect(message.counts.read).toBeLessThan(100);
  expect(spanAttributes(sink.spans[0] as (typeof sink.spans)[0])).toMatchObject({ 'gen_ai.request.key31': 31 });
  expect(spanAttributes(sink.spans[1] as (typeof sink.spans)[0])['gen_ai.input.messages']).toContain(
    '"content":"hello"',
  );
});
