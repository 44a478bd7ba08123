import type { MetricRegistry } from '@vedetta/metrics';
import { DEFAULT_EXPOSITION_LIMITS, parseExposition } from '@vedetta/receive';
import type { SampleStore } from '@vedetta/store';
import type { Page, PageFormat, ScrapeCounters } from '@vedetta/watch';
import { ScrapeWatch } from '@vedetta/watch';
import type { Logger } from 'pino';
import type { ScrapeSources } from '../config/scrape-settings.js';
import { readScrapeSettings } from '../config/scrape-settings.js';
import type { ExemplarStore } from '../prometheus/exemplars/exemplar-store.js';
import { VERSION } from '../version.js';
import { ownPages } from './own-page.js';

/** What scraping is made of. */
export interface ScrapingParts {
  readonly registry: MetricRegistry;
  readonly samples: Pick<SampleStore, 'write'>;
  readonly exemplars: ExemplarStore;
  readonly sources: ScrapeSources;
  /** Of the server's own metrics. */
  readonly intervalSeconds: number;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly now: () => number;
}

/** Job under which the server's own metrics are kept. */
const OWN_JOB = 'vedetta';
/** Troubles of the same kind are logged once in this time: a full disk fails every scrape. */
const COMPLAIN_MS = 60_000;

/** Scrapes what is configured, and the server itself without the way over HTTP. */
export class Scraping {
  readonly watch: ScrapeWatch;
  readonly #parts: ScrapingParts;
  #complainedMs = Number.NEGATIVE_INFINITY;

  constructor(parts: ScrapingParts) {
    this.#parts = parts;
    const { samples, exemplars, registry, log, now } = parts;
    this.watch = new ScrapeWatch({
      sink: samples,
      exemplars,
      parse: parsePage,
      userAgent: `Vedetta/${VERSION}`,
      now,
      onSinkTrouble: (reason) => {
        if (now() - this.#complainedMs < COMPLAIN_MS) return;
        this.#complainedMs = now();
        log.warn({ reason }, 'scraped samples could not be stored; the next ones are tried');
      },
      onDiscoveryTrouble: (job, what, reason) => log.warn({ job, what, reason }, 'a target cannot be scraped'),
    });
    registerScrapeMetrics(registry, this.watch);
  }

  /** Begins; the server must listen, its address is its `instance`. */
  async start(page: string): Promise<void> {
    const { registry, intervalSeconds, log } = this.#parts;
    const instance = page.slice(page.indexOf('//') + 2);
    this.watch.add({
      jobName: OWN_JOB,
      instance,
      url: `${page}/metrics`,
      intervalMs: intervalSeconds * 1000,
      source: ownPages(registry, (metric, err) => log.warn({ metric, err }, 'a metric could not be collected')),
    });
    await this.reload();
  }

  /** Reads the configuration again. What is wrong with it is told, and what was scraped before goes on. */
  async reload(): Promise<readonly string[]> {
    const { sources, log } = this.#parts;
    const read = await readScrapeSettings(sources);
    if (read.kind === 'invalid') {
      log.error({ errors: read.errors }, 'the configuration of scraping is not valid; the one before goes on');
      return read.errors;
    }
    for (const warning of read.warnings) log.warn({ warning }, 'a part of the configuration of scraping has no effect');
    await this.watch.apply(read.settings);
    const { jobs } = read.settings;
    if (jobs.length > 0) log.info({ jobs: jobs.map(({ jobName }) => jobName) }, 'targets are scraped');
    return [];
  }

  /** Ends; resolves when what is under way is stored. */
  stop(): Promise<void> {
    return this.watch.stop();
  }
}

/** Targets are read as Prometheus reads them: the rules of families that only a validator holds to are not. */
function parsePage(text: string, format: PageFormat): Page {
  const page = parseExposition(text, format, DEFAULT_EXPOSITION_LIMITS, 'syntax');
  if (page.kind === 'invalid') return { kind: 'failed', reason: `line ${page.line}: ${page.message}` };
  return { kind: 'page', samples: page.samples, metadata: page.families };
}

const TOTALS: readonly (readonly [name: string, help: string, counter: keyof ScrapeCounters])[] = [
  ['vedetta_scrapes_total', 'Scrapes of all targets.', 'scrapes'],
  ['vedetta_scrapes_failed_total', 'Scrapes that failed.', 'failed'],
  ['vedetta_scrapes_skipped_total', 'Scrapes left out because the one before was not stored yet.', 'skipped'],
  ['vedetta_scrape_samples_stored_total', 'Scraped samples that were stored.', 'stored'],
  ['vedetta_scrape_samples_duplicate_total', 'Scraped samples that were there already.', 'duplicate'],
  ['vedetta_scrape_samples_rejected_total', 'Scraped samples that the store can never take.', 'rejected'],
  ['vedetta_scrape_samples_lost_total', 'Scraped samples not stored because the store was busy or failed.', 'lost'],
];

function registerScrapeMetrics(registry: MetricRegistry, watch: ScrapeWatch): void {
  for (const [name, help, counter] of TOTALS) {
    registry.collector(name, {
      collect: () => ({
        name,
        help,
        labels: [],
        kind: 'counter',
        series: [{ labelValues: [], value: watch.counters[counter] }],
      }),
    });
  }
}
