import type { ChildProcess } from 'node:child_process';
import { fork, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort, startServerProcess } from '@vedetta/e2e/support';
import type { BenchResult } from './result.js';
import type { Load } from './support/http-load.js';
import { load, setCustomHost } from './support/http-load.js';

/** Each target has its turn so often: what else the machine does, and how warm a program is, falls on all alike. */
const ROUNDS = 4;
const ROUND_MS = 1000;
const WARM_UP_MS = 1500;
const CONNECTIONS = [1, 16] as const;
const MIN_SHARE = 0.6;
const MAX_ADDED_MS = 0.6;
const MESSAGES = [
  { role: 'system', content: 'You answer in few words.' },
  { role: 'user', content: 'Tell me about lighthouses. '.repeat(20) },
];
const BODIES = {
  plain: JSON.stringify({ model: 'gpt-4o', messages: MESSAGES }),
  streamed: JSON.stringify({ model: 'gpt-4o', stream: true, messages: MESSAGES }),
} as const;

/** A chat through the gateway with everything recorded and stored, against the upstream itself, a bare pipe and a peer. */
export async function run(): Promise<BenchResult[]> {
  const children: ChildProcess[] = [];
  const upstreamPort = await forkProgram('llm-upstream', [], children);
  const upstream = `http://127.0.0.1:${upstreamPort}`;
  const pipePort = await forkProgram('bare-pipe', [String(upstreamPort)], children);
  const peerPort = await startPeer(children);
  const server = await startServerProcess({ env: { VEDETTA_GATEWAY_OPENAI_URL: upstream } });
  setCustomHost(`${upstream}/v1`);
  const path = '/v1/chat/completions';
  const targets = {
    direct: `${upstream}${path}`,
    'bare pipe': `http://127.0.0.1:${pipePort}/gateway/openai${path}`,
    portkey: `http://127.0.0.1:${peerPort}${path}`,
    vedetta: `${server.url}/gateway/openai${path}`,
  };
  const results: BenchResult[] = [];
  let sent = 0;
  try {
    for (const [kind, body] of Object.entries(BODIES)) {
      for (const connections of CONNECTIONS) {
        const loads = new Map<string, Load>();
        for (let round = 0; round <= ROUNDS; round += 1) {
          for (const [name, url] of Object.entries(targets)) {
            const each = await load(url, body, connections, round === 0 ? WARM_UP_MS : ROUND_MS);
            if (name === 'vedetta') sent += each.requests;
            if (round > 0) loads.set(name, together(loads.get(name), each));
          }
        }
        results.push(...compare(`gateway: ${kind}, ${connections} connection${connections === 1 ? '' : 's'}`, loads));
      }
    }
    results.push(await storedShare(server.url, sent));
    results.push({
      name: 'gateway: resident memory after the load',
      value: server.rssBytes() / 1024 ** 2,
      unit: 'MiB',
    });
    return results;
  } finally {
    await server.stop();
    for (const child of children) child.kill();
  }
}

function together(before: Load | undefined, now: Load): Load {
  if (before === undefined) return now;
  return {
    requests: before.requests + now.requests,
    failed: before.failed + now.failed,
    elapsedMs: before.elapsedMs + now.elapsedMs,
    latenciesMs: Float64Array.from([...before.latenciesMs, ...now.latenciesMs]).sort(),
  };
}

function compare(title: string, loads: ReadonlyMap<string, Load>): BenchResult[] {
  const direct = loads.get('direct')!;
  const pipe = loads.get('bare pipe')!;
  return [...loads].flatMap(([name, each]) => {
    const rate = perSecond(each);
    const ratio = rate / perSecond(pipe);
    const addedMs = quantile(each, 0.5) - quantile(direct, 0.5);
    const ours = name === 'vedetta';
    // A program that answers with errors has no speed to compare with.
    if (each.failed > each.requests) {
      return [
        {
          name: `${title}: ${name} FAILS, not compared`,
          value: each.failed,
          unit: 'failures',
          ...(ours ? { pass: false } : {}),
        },
      ];
    }
    return [
      {
        name: `${title}: ${name}`,
        value: rate,
        unit: 'req/s',
        ...(name === 'bare pipe' ? {} : { ratioTo: { peer: 'bare pipe', ratio } }),
        ...(ours ? { aim: `>= ${MIN_SHARE} of the bare pipe`, pass: ratio >= MIN_SHARE } : {}),
      },
      ...(each.failed === 0
        ? []
        : [{ name: `${title}: ${name}, failed`, value: each.failed, unit: 'requests', pass: !ours }]),
      ...(name === 'direct'
        ? [{ name: `${title}: ${name}, p50`, value: quantile(each, 0.5), unit: 'ms' }]
        : [
            {
              name: `${title}: ${name}, added p50`,
              value: addedMs,
              unit: 'ms',
              ...(ours && title.includes(' 1 ') ? { aim: `<= ${MAX_ADDED_MS} ms`, pass: addedMs <= MAX_ADDED_MS } : {}),
            },
            {
              name: `${title}: ${name}, added p99`,
              value: quantile(each, 0.99) - quantile(direct, 0.99),
              unit: 'ms',
            },
          ]),
    ];
  });
}

/** Calls that are in the store, of those that were made. */
async function storedShare(url: string, sent: number): Promise<BenchResult> {
  let stored = 0;
  for (let i = 0; i < 60 && stored < sent; i += 1) {
    await delay(500);
    stored = ((await (await fetch(`${url}/api/status`)).json()) as { store: { requests: number } }).store.requests;
  }
  return {
    name: 'gateway: calls that are stored',
    value: stored / sent,
    unit: 'share',
    aim: '= 1',
    pass: stored === sent,
  };
}

async function forkProgram(name: string, args: readonly string[], children: ChildProcess[]): Promise<number> {
  const child = fork(fileURLToPath(new URL(`./support/${name}.js`, import.meta.url)), [...args]);
  children.push(child);
  return new Promise((resolve, reject) => {
    child.once('message', (port) => resolve(Number(port)));
    child.once('exit', () => reject(new Error(`${name} ended before it listened`)));
  });
}

async function startPeer(children: ChildProcess[]): Promise<number> {
  const folder = dirname(createRequire(import.meta.url).resolve('@portkey-ai/gateway/package.json'));
  const port = await freePort();
  const child = spawn(process.execPath, [join(folder, 'build/start-server.js'), `--port=${port}`, '--headless'], {
    stdio: 'ignore',
    env: { ...process.env, NODE_ENV: 'production', TRUSTED_CUSTOM_HOSTS: 'localhost,127.0.0.1' },
  });
  children.push(child);
  for (let i = 0; i < 100; i += 1) {
    await delay(100);
    if (await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined)) return port;
  }
  throw new Error('the compared gateway did not start');
}

function perSecond({ requests, elapsedMs }: Load): number {
  return requests / (elapsedMs / 1000);
}

function quantile({ latenciesMs }: Load, q: number): number {
  return latenciesMs[Math.min(latenciesMs.length - 1, Math.floor(latenciesMs.length * q))] ?? Number.NaN;
}
