import { randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { PriceList } from '@vedetta/prices';
import { PriceListError, parseModels, parsePriceList, shippedPrices, withHistory } from '@vedetta/prices';

const FILE = 'prices.json';
const MAX_FILE_BYTES = 32 * 1024 * 1024;

/** The file that `vedetta prices update` writes. */
export function priceFile(dataDir: string): string {
  return path.join(dataDir, FILE);
}

/** The list that a server with this data directory uses, without overrides. Throws when the file in it is none. */
export function readCurrentPrices(dataDir: string): PriceList {
  const file = priceFile(dataDir);
  return statSync(file, { throwIfNoEntry: false }) === undefined ? shippedPrices() : readPriceFile(file);
}

/** Reads a price list in our own format. Throws when it is none. */
export function readPriceFile(file: string): PriceList {
  const { size } = statSync(file);
  if (size > MAX_FILE_BYTES) throw new PriceListError(`${size} bytes are more than a price list has`);
  return parsePriceList(JSON.parse(readFileSync(file, 'utf8')));
}

/**
 * Puts a list in the data directory in one step, with what was known of older prices; a running server takes it over within seconds.
 * Answers the list as written.
 */
export async function writePriceFile(dataDir: string, list: PriceList): Promise<PriceList> {
  const file = priceFile(dataDir);
  const whole = withHistory(readCurrentPrices(dataDir), list);
  const text = JSON.stringify(whole);
  parsePriceList(JSON.parse(text));
  await mkdir(dataDir, { recursive: true });
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  return whole;
}

/** Reads `prices.overrides`: models by their keys, or the path of a file that holds them or a whole list. Throws {@link PriceListError}. */
export function readOverrides(setting: unknown): PriceList['models'] {
  if (typeof setting !== 'string') return parseModels(setting ?? {});
  if (setting === '') return {};
  const raw: unknown = JSON.parse(readFileSync(setting, 'utf8'));
  return typeof raw === 'object' && raw !== null && 'format' in raw ? parsePriceList(raw).models : parseModels(raw);
}
