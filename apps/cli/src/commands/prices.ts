import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Prices } from '@vedetta/client';
import type { PriceList } from '@vedetta/prices';
import { comparePrices, importPriceList, PriceListError, shippedPrices } from '@vedetta/prices';
import { readCurrentPrices, writePriceFile } from '@vedetta/server/prices';
import { Command } from 'commander';
import type { CliContext } from '../context.js';
import { CliFailure } from '../failure.js';
import { formatFacts } from '../output/facts.js';
import type { ShownPrices } from '../output/price-text.js';
import { priceText, unitPriceText } from '../output/price-text.js';
import { formatTable } from '../output/table.js';
import { formatCount } from '../output/units.js';
import { findServer } from '../server-address.js';
import { addPlaceOptions, type PlaceFlags, resolveConfig } from '../settings.js';
import type { DefineCommand } from './command.js';

const MAX_BYTES = 64 * 1024 * 1024;
const DOWNLOAD_MS = 60_000;
const MAX_DIFFERENCES = 20;

/** `vedetta prices update|show|check|recost` */
export const pricesCommand: DefineCommand = (context) =>
  new Command('prices')
    .description('the price list that costs are computed with')
    .addCommand(update(context))
    .addCommand(show(context))
    .addCommand(check(context))
    .addCommand(recost(context));

function update(context: CliContext): Command {
  return addPlaceOptions(
    new Command('update')
      .description("replace the price list by a newer one: our own format, LiteLLM's or models.dev's")
      .argument('<file-or-url>', 'a file, or an address that is asked once, now'),
  )
    .option(
      '--date <date>',
      'the day a list without a date of its own is of, such as 2026-08-01; by default that of the file, or of the answer',
    )
    .action(async (source: string, flags: PlaceFlags & { date?: string }) => {
      if (flags.date !== undefined && !isDay(flags.date)) {
        throw new CliFailure('usage', `--date must be a day such as 2026-08-01, not ${flags.date}.`);
      }
      const config = await resolveConfig(context, flags);
      const list = toList(await readSource(source, context.cwd), source, flags.date);
      const before = readCurrentPrices(config.dataDir);
      const written = await writePriceFile(config.dataDir, list);
      const changed = comparePrices(before, list).length;
      const added = Object.keys(list.models).filter((key) => before.models[key] === undefined).length;
      context.out(
        `Prices of ${list.date} are in place: ${formatCount(Object.keys(written.models).length)} models, ` +
          `${formatCount(added)} new, ${formatCount(changed)} with another price. A running server takes them over within seconds.`,
      );
      context.out('What was stored before keeps its cost until "vedetta prices recost".');
    });
}

function show(context: CliContext): Command {
  return addPlaceOptions(
    new Command('show')
      .description('show the price list, or the prices of a model')
      .argument('[model]', 'gpt-4o, or provider/model'),
  )
    .option('--json', 'answer as JSON')
    .action(async (model: string | undefined, flags: PlaceFlags & { json?: boolean }) => {
      const { client } = await findServer(context, flags);
      const prices = await client.prices(model === undefined ? {} : { model });
      if (flags.json) {
        context.out(JSON.stringify(prices, null, 2));
        return;
      }
      if (model === undefined) {
        for (const line of describe(prices)) context.out(line);
        return;
      }
      const rows = prices.entries.flatMap(({ key, prices: entries }) =>
        entries.map((entry) => [
          key === prices.matched ? `${key} *` : key,
          entry.input,
          entry.output,
          entry.cacheRead,
          entry.cacheWrite,
          unitPriceText(entry as ShownPrices),
          entry.validFrom ?? '',
        ]),
      );
      if (rows.length === 0) {
        throw new CliFailure(
          'failed',
          `The price list of ${prices.date} has no price of ${model}; its cost is shown as unknown.`,
        );
      }
      const names = ['model', 'input', 'output', 'cache read', 'cache write', 'others', 'from'];
      for (const line of formatTable(names, rows, context.columns)) context.out(line);
      context.err(
        context.style.dim('USD for a million tokens, others for one as they say; * prices a call of that name.'),
      );
    });
}

function check(context: CliContext): Command {
  return addPlaceOptions(
    new Command('check')
      .description('say how old the prices are, which models have none, and where they differ from another list')
      .argument('[file-or-url]', 'a list to compare with; the one shipped by default'),
  ).action(async (source: string | undefined, flags: PlaceFlags) => {
    const config = await resolveConfig(context, flags);
    const { client } = await findServer(context, flags);
    const prices = await client.prices();
    for (const line of describe(prices)) context.out(line);
    if (prices.stale)
      context.out(
        context.style.warning(`The prices are ${prices.age_days} days old: "vedetta prices update" replaces them.`),
      );
    if (prices.fault !== '') context.out(context.style.warning(prices.fault));
    for (const { provider, model, calls } of prices.unpriced) {
      context.out(
        `No price: ${provider === '' ? '' : `${provider}/`}${model} (${formatCount(calls)} calls in 30 days)`,
      );
    }
    const other = source === undefined ? shippedPrices() : toList(await readSource(source, context.cwd), source);
    const differences = comparePrices(readCurrentPrices(config.dataDir), other);
    context.out(`${formatCount(differences.length)} models cost otherwise in the list of ${other.date}`);
    for (const { key, ours, theirs } of differences.slice(0, MAX_DIFFERENCES)) {
      context.out(`  ${key}: ${priceText(ours)} here, ${priceText(theirs)} there`);
    }
  });
}

function recost(context: CliContext): Command {
  return addPlaceOptions(new Command('recost').description('price stored LLM calls anew'))
    .option('--since <time>', 'calls from this time on, such as 2026-08-01; all by default')
    .action(async (flags: PlaceFlags & { since?: string }) => {
      const since = flags.since === undefined ? undefined : new Date(flags.since);
      if (since !== undefined && Number.isNaN(since.getTime())) {
        throw new CliFailure('usage', `--since must be a time such as 2026-08-01, not ${flags.since}.`);
      }
      const { client } = await findServer(context, flags);
      const { calls, changed } = await client.recost(since === undefined ? {} : { since: since.toISOString() });
      context.out(`Priced ${formatCount(calls)} LLM calls anew; ${formatCount(changed)} cost otherwise now.`);
    });
}

function describe(prices: Prices): readonly string[] {
  return formatFacts([
    ['Date', `${prices.date} (${prices.age_days} days old${prices.stale ? ', stale' : ''})`],
    ['List', prices.origin === 'shipped' ? 'the one shipped' : 'updated'],
    ['Models', formatCount(prices.models)],
    ['Overrides', formatCount(prices.overrides)],
  ]);
}

/** A list as it was read, and the day it is of as far as that shows. */
interface PriceSource {
  readonly text: string;
  readonly day: string;
}

/** Formats without a date of their own take the day given, else that of the source. */
function toList({ text, day }: PriceSource, source: string, date = day): PriceList {
  try {
    return importPriceList(text, date);
  } catch (error) {
    if (!(error instanceof PriceListError)) throw error;
    throw new CliFailure('failed', `${source}: ${error.message}. Nothing was replaced.`);
  }
}

async function readSource(source: string, cwd: string): Promise<PriceSource> {
  try {
    if (!/^https?:\/\//.test(source)) {
      const file = path.resolve(cwd, source);
      return { text: readFileSync(file, 'utf8'), day: toDay(statSync(file).mtimeMs) };
    }
    const answer = await fetch(source, { signal: AbortSignal.timeout(DOWNLOAD_MS) });
    if (!answer.ok) throw new Error(`it answered ${answer.status}`);
    const modifiedMs = Date.parse(answer.headers.get('last-modified') ?? '');
    return { text: await readBounded(answer), day: toDay(Number.isNaN(modifiedMs) ? Date.now() : modifiedMs) };
  } catch (error) {
    throw new CliFailure(
      'failed',
      `${source} cannot be read: ${error instanceof Error ? error.message : error}. Nothing was replaced.`,
    );
  }
}

function toDay(unixMs: number): string {
  return new Date(unixMs).toISOString().slice(0, 10);
}

function isDay(text: string): boolean {
  const unixMs = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(unixMs) && toDay(unixMs) === text;
}

async function readBounded(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_BYTES) throw new Error('it is larger than 64 MiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
