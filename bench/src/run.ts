import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { BenchResult } from './result.js';

/** Every benchmark of the project; add one with its file and a line here. */
const BENCHES: Readonly<Record<string, () => Promise<{ run(): Promise<BenchResult[]> }>>> = {
  'sdk-overhead': () => import('./sdk-overhead.js'),
  'sdk-outage': () => import('./sdk-outage.js'),
  'sdk-capture': () => import('./sdk-capture.js'),
  'sdk-wrappers': () => import('./sdk-wrappers.js'),
  'sdk-metrics': () => import('./sdk-metrics.js'),
  'otlp-decode': () => import('./otlp-decode.js'),
  'store-ingest': () => import('./store-ingest.js'),
  'otlp-ingest': () => import('./otlp-ingest.js'),
  'dashboard-queries': () => import('./dashboard-queries.js'),
  'promql-eval': () => import('./promql-eval.js'),
  'promql-queries': () => import('./promql-queries.js'),
  samples: () => import('./samples.js'),
  'native-histograms': () => import('./native-histograms.js'),
  'remote-write': () => import('./remote-write.js'),
  gateway: () => import('./gateway.js'),
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(BENCHES, name));
if (unknown.length > 0) {
  process.stderr.write(`There is no benchmark ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}.\n`);
  process.exit(2);
}

const model = /model name\s*:\s*(.*)/.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? 'unknown processor';
process.stdout.write(`Node ${process.version}, ${cpus().length} cores, ${model}\n`);
let missed = 0;
for (const [name, load] of Object.entries(BENCHES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stdout.write(`\n${name}\n`);
  const bench = await load();
  for (const result of await bench.run()) {
    if (result.pass === false) missed += 1;
    process.stdout.write(`${format(result)}\n`);
  }
}
if (missed > 0) process.stdout.write(`\n${missed} figure${missed === 1 ? '' : 's'} short of the aim\n`);

function format(result: BenchResult): string {
  const value = `${result.value.toLocaleString('en', { maximumSignificantDigits: 4 })} ${result.unit}`;
  const ratio = result.ratioTo === undefined ? '' : `  ${result.ratioTo.ratio.toFixed(2)} x ${result.ratioTo.peer}`;
  const aim =
    result.aim === undefined
      ? ''
      : `  aim ${result.aim}${result.pass === undefined ? '' : result.pass ? ', held' : ', MISSED'}`;
  return `  ${result.name.padEnd(52)} ${value.padStart(18)}${ratio}${aim}`;
}
