import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ParsedScrapeSettings, ScrapeSettings, YamlFile } from '@vedetta/watch';
import { parseScrapeSettings, readYaml } from '@vedetta/watch';
import type { SettingReader } from './settings/setting-readers.js';

/** Where the configuration of scraping stands. */
export interface ScrapeSources {
  /** Absolute path of a Prometheus configuration; `''` for none. */
  readonly scrapeConfigFile: string;
  /** Members of `scrape_configs`. */
  readonly scrapeConfigs: readonly unknown[];
}

/** Takes a list as it is; what it holds is checked with the file, so that jobs of both are compared. */
export const readScrapeConfigs: SettingReader = (raw) =>
  Array.isArray(raw) ? { kind: 'value', value: raw } : { kind: 'invalid', expected: 'a list of scrape_configs' };

/** Reads both places. Messages name what is wrong where, never a secret. */
export async function readScrapeSettings(sources: ScrapeSources): Promise<ParsedScrapeSettings> {
  const { scrapeConfigFile: file, scrapeConfigs } = sources;
  const own = parseScrapeSettings({ scrape_configs: scrapeConfigs }, process.cwd());
  if (own.kind === 'invalid') return own;
  if (file === '') return own;
  const inFile = (sentences: readonly string[]): readonly string[] => sentences.map((each) => `${file}: ${each}`);
  let yaml: YamlFile;
  try {
    yaml = await readYaml(await readFile(file, 'utf8'));
  } catch (error) {
    return { kind: 'invalid', errors: inFile([error instanceof Error ? error.message : String(error)]) };
  }
  const read = parseScrapeSettings(yaml.content, path.dirname(file), yaml.lineOf);
  if (read.kind === 'invalid') return { kind: 'invalid', errors: inFile(read.errors) };
  return joined(read.settings, own.settings, [...inFile(read.warnings), ...own.warnings]);
}

function joined(file: ScrapeSettings, own: ScrapeSettings, warnings: readonly string[]): ParsedScrapeSettings {
  const names = new Set(file.jobs.map(({ jobName }) => jobName));
  const twice = own.jobs.find(({ jobName }) => names.has(jobName));
  if (twice !== undefined) {
    return { kind: 'invalid', errors: [`the job ${JSON.stringify(twice.jobName)} stands in both places`] };
  }
  return { kind: 'parsed', settings: { global: file.global, jobs: [...file.jobs, ...own.jobs] }, warnings };
}
