import { transform } from 'esbuild';
import { afterEach, describe, expect, expectTypeOf, test } from 'vitest';
import { trackEndpoint } from './integrations/track-endpoint.js';
import { memorySink } from './memory-sink.js';
import { createMonitor } from './monitor.js';
import { spanAttributes } from './span-record.js';
import { trackCall } from './wrappers/track-call.js';

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

function setUp() {
  const sink = memorySink();
  const monitor = createMonitor({ sinks: [sink], flushOnExit: false, openTelemetry: false });
  cleanUps.push(() => monitor.shutdown());
  const lines = async (prefix: string) => {
    const { body } = await monitor.metrics.text();
    return body.split('\n').filter((line) => line.startsWith(prefix));
  };
  return { sink, monitor, lines };
}

/** The two wrappers, and the metric that each counts. */
const wrappers = [
  {
    name: 'trackEndpoint',
    wrap: (monitor: ReturnType<typeof createMonitor>) => trackEndpoint({ endpoint: '/x/:id', monitor }),
    counted: /^http_requests_total\{.*endpoint="\/x\/:id",status="(\w+)"\} 1$/,
    ended: { success: '200', failure: '500' },
  },
  {
    name: 'trackCall',
    wrap: (monitor: ReturnType<typeof createMonitor>) => trackCall({ model: 'mine', monitor }),
    counted: /^ai_requests_total\{model="mine",type="chat"\} 1$/,
    ended: { success: undefined, failure: undefined },
  },
] as const;

describe.each(wrappers)('$name', ({ wrap, counted, ended }) => {
  const statuses = async (lines: (prefix: string) => Promise<string[]>) => {
    const all = [...(await lines('http_requests_total')), ...(await lines('ai_requests_total'))];
    return all.map((line) => counted.exec(line)).map((match) => (match === null ? 'another line' : match[1]));
  };

  test('a function keeps its result, this, name, length and type', async () => {
    const { monitor, lines } = setUp();
    function add(this: { readonly base: number }, a: number, b: number): number {
      return this.base + a + b;
    }
    const tracked = wrap(monitor)(add);
    expectTypeOf(tracked).toEqualTypeOf<typeof add>();
    expect([tracked.name, tracked.length, tracked.call({ base: 1 }, 2, 3)]).toEqual(['add', 2, 6]);
    expect(await statuses(lines)).toEqual([ended.success]);
  });

  test('errors go through unchanged, thrown and rejected', async () => {
    const { monitor, lines, sink } = setUp();
    const error = new RangeError('no');
    const throwing = wrap(monitor)(() => {
      throw error;
    });
    expect(() => throwing()).toThrow(error);
    const rejecting = wrap(monitor)(async () => {
      throw error;
    });
    await expect(rejecting()).rejects.toBe(error);
    expect(sink.spans.filter(({ kind }) => kind === 'request').map(({ errorMessage }) => errorMessage)).toEqual([
      'no',
      'no',
    ]);
    const [line] = [...(await lines('http_requests_total')), ...(await lines('ai_errors_total'))];
    expect(line).toMatch(/(status="500"|status="failed")\} 2$/);
  });

  test('a promise is counted when it settles', async () => {
    const { monitor, lines } = setUp();
    let settle = (_value: string) => {};
    const promise = wrap(monitor)(() => new Promise<string>((resolve) => (settle = resolve)))();
    expectTypeOf(promise).toEqualTypeOf<Promise<string>>();
    expect(await statuses(lines)).toEqual([]);
    settle('done');
    expect(await promise).toBe('done');
    expect(await statuses(lines)).toEqual([ended.success]);
  });

  test('a generator is counted with its last piece, and stays one', async () => {
    const { monitor, lines } = setUp();
    const count = wrap(monitor)(function* (to: number): Generator<number, string, number> {
      let sent = 0;
      for (let i = 0; i < to; i += 1) sent += yield i;
      return `sum ${sent}`;
    });
    const steps = count(2);
    expect(Object.prototype.toString.call(steps)).toBe('[object Generator]');
    expect([steps.next(), steps.next(10), await statuses(lines)]).toEqual([
      { value: 0, done: false },
      { value: 1, done: false },
      [],
    ]);
    expect(steps.next(5)).toEqual({ value: 'sum 15', done: true });
    expect(await statuses(lines)).toEqual([ended.success]);
  });

  test('an asynchronous generator that fails is counted when it does, with the error unchanged', async () => {
    const { monitor, lines } = setUp();
    const error = new Error('broken');
    const pieces = wrap(monitor)(async function* () {
      yield 'a';
      throw error;
    });
    const seen: string[] = [];
    const read = async () => {
      for await (const piece of pieces()) seen.push(piece);
    };
    await expect(read()).rejects.toBe(error);
    expect(seen).toEqual(['a']);
    expect(await statuses(lines)).toEqual([ended.failure]);
  });

  test('leaving a generator early runs its finally and counts it once', async () => {
    const { monitor, lines } = setUp();
    const log: string[] = [];
    const pieces = wrap(monitor)(function* () {
      try {
        yield 'a';
        yield 'b';
      } finally {
        log.push('closed');
      }
    });
    for (const piece of pieces()) {
      log.push(piece);
      break;
    }
    expect(log).toEqual(['a', 'closed']);
    expect(await statuses(lines)).toEqual([ended.success]);
  });

  test('works as a standard decorator of methods', async () => {
    const { monitor, lines } = setUp();
    const source = `
      class Service {
        #greeting = 'hello';
        @wrap async greet(name) { return this.#greeting + ' ' + name; }
        @wrap static twice(n) { return 2 * n; }
      }
      return Service;`;
    const { code } = await transform(`export default function make(wrap) {${source}}`, {
      loader: 'ts',
      target: 'node20',
      format: 'cjs',
    });
    const module = { exports: {} as { default: (wrap: unknown) => never } };
    new Function('module', 'exports', code)(module, module.exports);
    const Service = module.exports.default(wrap(monitor)) as unknown as {
      new (): { greet(name: string): Promise<string> };
      twice(n: number): number;
    };
    expect(await new Service().greet('Ada')).toBe('hello Ada');
    expect(Service.twice(4)).toBe(8);
    expect(new Service().greet.name).toBe('greet');
    const [line] = [...(await lines('http_requests_total')), ...(await lines('ai_requests_total'))];
    expect(line).toMatch(/ 2$/);
  });
});

test.each([
  ['a status', { status: 404 }, '404'],
  ['a statusCode', { statusCode: 201 }, '201'],
  ['a web answer', new Response('gone', { status: 410 }), '410'],
  ['a word as status', { status: 'open' }, '200'],
  [
    'something that cannot be read',
    new Proxy(
      {},
      {
        get: () => {
          throw new Error('hands off');
        },
      },
    ),
    '200',
  ],
])('an endpoint that answers %s counts it', async (_what, answer, status) => {
  const { monitor, lines } = setUp();
  const endpoint = trackEndpoint((): unknown => answer, { method: 'POST', endpoint: '/y', monitor });
  expect(endpoint()).toBe(answer);
  expect(await lines('http_requests_total')).toEqual([
    `http_requests_total{method="POST",endpoint="/y",status="${status}"} 1`,
  ]);
});

test('an error that names a status counts it', async () => {
  const { monitor, lines } = setUp();
  const endpoint = trackEndpoint({ endpoint: '/y', monitor })(() => {
    throw Object.assign(new Error('not yours'), { statusCode: 403 });
  });
  expect(endpoint).toThrow('not yours');
  expect(await lines('http_requests_total')).toEqual([
    'http_requests_total{method="GET",endpoint="/y",status="403"} 1',
  ]);
});

test('inside a request that is counted already an endpoint names its route and counts nothing', () => {
  const { monitor, sink } = setUp();
  const request = monitor.startRequest({ attributes: { 'http.request.method': 'GET' } });
  request.run(() => trackEndpoint({ endpoint: '/orders/:id', monitor })(() => 'found')());
  request.end();
  expect(sink.spans.map((span) => spanAttributes(span)['http.route'])).toEqual(['/orders/:id']);
});
