import type { GlobalSettings } from './read-global.js';
import { readGlobal } from './read-global.js';
import { readScrapeConfig } from './read-scrape-config.js';
import type { ScrapeConfig } from './scrape-config.js';
import type { ConfigReport, LineOf } from './section-reader.js';
import { SectionReader } from './section-reader.js';

/** What a configuration says of scraping. */
export interface ScrapeSettings {
  readonly global: GlobalSettings;
  readonly jobs: readonly ScrapeConfig[];
}

/** A configuration that was read, or everything that is wrong with it. No message holds a secret. */
export type ParsedScrapeSettings =
  | {
      readonly kind: 'parsed';
      readonly settings: ScrapeSettings;
      /** Parts of Prometheus' configuration that are not acted on. */
      readonly warnings: readonly string[];
    }
  | { readonly kind: 'invalid'; readonly errors: readonly string[] };

/** What a Prometheus does beside scraping; a file that has it works, this server does its part of it. */
const OTHER_SECTIONS = [
  'rule_files',
  'alerting',
  'remote_write',
  'remote_read',
  'storage',
  'tracing',
  'otlp',
  'runtime',
];

/**
 * Reads the content of a `prometheus.yml`: `global` and `scrape_configs`. A key that Prometheus does not know is an error, as
 * there; one that it knows and that is not supported here is a warning, or an error where going on would scrape something else.
 * Source: Prometheus, "Configuration".
 *
 * @param folder what relative paths in it start from
 * @param lineOf lines of the file, to be named in messages
 */
export function parseScrapeSettings(content: unknown, folder: string, lineOf?: LineOf): ParsedScrapeSettings {
  const report: ConfigReport = { errors: [], warnings: [], lineOf };
  const file = new SectionReader(content, '', report);
  const globalSection = file.section('global');
  const global = readGlobal(globalSection);
  const above = JSON.stringify([folder, globalSection?.toJson()]);
  const jobs = file.sections('scrape_configs').map(
    (section): ScrapeConfig => ({
      ...readScrapeConfig(section, global, folder),
      source: above + section.toJson(),
    }),
  );
  const names = jobs.map(({ jobName }) => jobName);
  for (const [i, name] of names.entries()) {
    if (name !== '' && names.indexOf(name) < i) {
      file.fault(`scrape_configs[${i}].job_name`, `${JSON.stringify(name)} is there twice`);
    }
  }
  file.close({ ignored: OTHER_SECTIONS, refused: ['scrape_config_files'] });
  if (report.errors.length > 0) return { kind: 'invalid', errors: report.errors };
  return { kind: 'parsed', settings: { global, jobs }, warnings: report.warnings };
}
