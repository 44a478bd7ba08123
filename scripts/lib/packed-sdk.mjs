import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NAMES = [
  'createMonitor',
  'track',
  'trackCall',
  'trackEndpoint',
  'vedettaMiddleware',
  'memorySink',
  'otlpSink',
  'jsonlSink',
];
const ENTRIES = ['fastify', 'express', 'hono', 'node-http'];

/** A user's program, as a module of either kind. It is compiled strictly, so that a type that does not resolve is an error. */
const TYPED = `
import { createMonitor, track, trackCall, trackEndpoint, vedettaMiddleware, type Counter, type LlmUsage, type Metrics, type Monitor, type TrackOptions } from '@vedetta/sdk';
import { metricsHandler, trackHandler } from '@vedetta/sdk/node-http';
const monitor: Monitor = createMonitor({ sinks: [] });
const options: TrackOptions = { monitor, streamUsage: true };
const client = track({ ask: (text: string) => text.length }, options);
export const length: number = client.ask('hello');
const usage: LlmUsage = { inputTokens: 1 };
export const answer: Promise<string> = trackCall(async (text: string) => text, { monitor, answer: () => ({ usage }) })('a');
export const middleware: 'v3' = vedettaMiddleware(monitor).specificationVersion;
trackHandler(monitor, () => {});
metricsHandler(monitor);
const metrics: Metrics = monitor.metrics;
const jobs: Counter<'plan'> = metrics.counter({ name: 'jobs_total', labels: ['plan'] });
jobs.add(1, { plan: 'pro' });
export const found: Promise<number> = trackEndpoint({ endpoint: '/jobs', monitor })(async (id: number) => id)(1);
export const rows: Promise<string> = metrics.trackDatabaseOperation({ operation: 'find' }, async () => 'rows');
class Assistant {
  @trackEndpoint({ endpoint: '/ask', monitor })
  async ask(text: string) { return this.complete(text); }
  @trackCall({ model: 'mine', monitor })
  complete(text: string) { return text.length; }
}
export const answered: Promise<number> = new Assistant().ask('hello');
// @ts-expect-error: a label is missing.
jobs.add(1, {});
// @ts-expect-error: a number is no monitor, which only a compiler that found the types can know.
track(client, { monitor: 1 });
`;

/**
 * Packs the SDK as it is published and uses it as its user does, with nothing else installed: `import`, `require`, and a strict
 * compilation of both kinds. Answers a sentence for each fault.
 * @param {string} root
 * @returns {string[]}
 */
export function checkPackedSdk(root) {
  const folder = mkdtempSync(join(tmpdir(), 'vedetta-packed-'));
  try {
    const package_ = join(folder, 'node_modules', '@vedetta', 'sdk');
    mkdirSync(package_, { recursive: true });
    const packed = run(
      'npm',
      ['pack', '--json', '--ignore-scripts', '--pack-destination', folder],
      join(root, 'packages/sdk'),
    );
    if (packed.fault !== undefined) return [`packages/sdk cannot be packed: ${packed.fault}`];
    run('tar', ['-xzf', join(folder, fileOf(packed.output)), '-C', package_, '--strip-components=1'], folder);
    return [...checkLoading(folder), ...checkTypes(root, folder)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} output */
function fileOf(output) {
  const packed = JSON.parse(output);
  return Object.values(packed)[0].filename;
}

/** @param {string} folder */
function checkLoading(folder) {
  const check = `const missing = ${JSON.stringify(NAMES)}.filter((name) => typeof sdk[name] !== 'function');
if (missing.length > 0) throw new Error('without ' + missing.join(', '));
sdk.createMonitor({ sinks: [] });`;
  writeFileSync(
    join(folder, 'load.cjs'),
    `const sdk = require('@vedetta/sdk');\n${check}\n${ENTRIES.map((entry) => `require('@vedetta/sdk/${entry}');`).join('\n')}`,
  );
  writeFileSync(
    join(folder, 'load.mjs'),
    `import * as sdk from '@vedetta/sdk';\n${ENTRIES.map((entry) => `import '@vedetta/sdk/${entry}';`).join('\n')}\n${check}`,
  );
  return ['load.cjs', 'load.mjs'].flatMap((file) => {
    const { fault } = run(process.execPath, [file], folder);
    return fault === undefined ? [] : [`packages/sdk: the packed package does not load from ${file}: ${fault}`];
  });
}

/**
 * @param {string} root
 * @param {string} folder
 */
function checkTypes(root, folder) {
  mkdirSync(join(folder, 'node_modules', '@types'));
  for (const name of ['@types/node', 'undici-types']) {
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
  for (const file of ['user.mts', 'user.cts']) writeFileSync(join(folder, file), TYPED);
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2023',
    lib: ['es2023', 'esnext.disposable'],
    strict: true,
    noEmit: true,
    types: ['node'],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['user.mts', 'user.cts'] }));
  const { fault } = run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder], folder);
  return fault === undefined ? [] : [`packages/sdk: the packed package's types do not resolve: ${fault}`];
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {string} cwd
 * @returns {{ output: string, fault: string | undefined }}
 */
function run(command, args, cwd) {
  try {
    return {
      output: execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }),
      fault: undefined,
    };
  } catch (error) {
    const { stdout = '', stderr = '' } = /** @type {{ stdout?: string, stderr?: string }} */ (error);
    return { output: '', fault: `${stdout}${stderr}`.trim().slice(0, 2000) };
  }
}
