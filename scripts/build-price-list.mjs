// node scripts/build-price-list.mjs <litellm.json[.gz]> <models.dev.json[.gz]> <date>: writes packages/prices/data/prices.json.
// LiteLLM's table comes first; models.dev fills in the models of well-known providers that it lacks. Both are MIT.
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { importPriceList } from '@vedetta/prices';

const OUTPUT = new URL('../packages/prices/data/prices.json', import.meta.url);
/** Providers whose own names models.dev uses, and whose models are called by them. */
const FILLED_IN = [
  'openai',
  'anthropic',
  'gemini',
  'mistral',
  'cohere',
  'xai',
  'deepseek',
  'groq',
  'cerebras',
  'perplexity',
  'openrouter',
];

const [litellmFile, modelsDevFile, date] = process.argv.slice(2);
if (litellmFile === undefined || modelsDevFile === undefined || date === undefined) {
  console.error('Usage: node scripts/build-price-list.mjs <litellm.json[.gz]> <models.dev.json[.gz]> <date>');
  process.exit(2);
}
const litellm = importPriceList(readText(litellmFile), date);
const modelsDev = importPriceList(readText(modelsDevFile), date);
/** @type {Record<string, unknown>} */
const models = { ...litellm.models };
for (const [key, entry] of Object.entries(modelsDev.models)) {
  if (FILLED_IN.includes(key.slice(0, key.indexOf('/')))) models[key] ??= entry;
}
const lines = Object.keys(models)
  .sort()
  .map((key) => `${JSON.stringify(key)}:${JSON.stringify(models[key])}`);
const source =
  'LiteLLM model_prices_and_context_window.json, (c) Berri AI; models.dev api.json, (c) models.dev authors; both MIT: see LICENSE-prices';
const head = JSON.stringify({ format: litellm.format, date, source }).slice(0, -1);
writeFileSync(OUTPUT, `${head},"models":{\n${lines.join(',\n')}\n}}\n`);
console.error(`${lines.length} models of ${date}`);

/** @param {string} file */
function readText(file) {
  const bytes = readFileSync(file);
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}
