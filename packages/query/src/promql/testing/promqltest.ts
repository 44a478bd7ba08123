import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { EvalOutcome } from './run-script.js';
import { runBlocks } from './run-script.js';
import { parseJsonScript, parseTextScript } from './test-script.js';

/** Runs language tests from files and says how they went. The process exits with 1 when one failed, 2 when a file is none. */
async function main(files: readonly string[]): Promise<number> {
  if (files.length === 0) {
    process.stderr.write('Usage: npm run promqltest -- FILE... (.test or .jsonl)\n');
    return 2;
  }
  const outcomes: EvalOutcome[] = [];
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    const blocks = file.endsWith('.jsonl') ? parseJsonScript(text) : parseTextScript(text, basename(file));
    outcomes.push(...(await runBlocks(blocks)));
  }
  const count = (outcome: EvalOutcome['outcome']) => outcomes.filter((one) => one.outcome === outcome).length;
  for (const { outcome, name, message } of outcomes) {
    if (outcome !== 'passed') process.stdout.write(`${outcome.toUpperCase()} ${name}\n  ${message}\n`);
  }
  for (const category of new Set(outcomes.map((one) => one.category))) {
    const ofCategory = outcomes.filter((one) => one.category === category);
    const passed = ofCategory.filter((one) => one.outcome === 'passed').length;
    process.stdout.write(`${category}: ${passed} of ${ofCategory.length}\n`);
  }
  process.stdout.write(`${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped\n`);
  return count('failed') === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
