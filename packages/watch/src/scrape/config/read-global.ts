import { isPlainLabelName } from '../labels.js';
import type { ScrapeLimits, ScrapeProtocol } from './scrape-config.js';
import { SCRAPE_PROTOCOLS } from './scrape-config.js';
import type { SectionReader } from './section-reader.js';

const DEFAULT_INTERVAL_MS = 60_000;
const DEFAULT_TIMEOUT_MS = 10_000;
const NO_LIMITS: ScrapeLimits = {
  samples: 0,
  labels: 0,
  labelNameBytes: 0,
  labelValueBytes: 0,
  targets: 0,
  bodyBytes: 0,
  droppedTargets: 0,
};
const DEFAULT_PROTOCOLS: readonly ScrapeProtocol[] = [
  'OpenMetricsText1.0.0',
  'OpenMetricsText0.0.1',
  'PrometheusText0.0.4',
];

/** What holds for all jobs that do not say otherwise. */
export interface GlobalSettings {
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** For what leaves this server; as in Prometheus they are not part of what is stored. */
  readonly externalLabels: ReadonlyMap<string, string>;
  readonly limits: ScrapeLimits;
  readonly protocols: readonly ScrapeProtocol[];
  readonly fallbackFormat: 'text' | 'openmetrics';
}

/** Reads the section `global`. */
export function readGlobal(section: SectionReader | undefined): GlobalSettings {
  const intervalMs = section?.durationMs('scrape_interval', 0) || DEFAULT_INTERVAL_MS;
  const ownTimeoutMs = section?.durationMs('scrape_timeout', 0) ?? 0;
  if (ownTimeoutMs > intervalMs) section?.fault('scrape_timeout', 'is longer than the interval');
  const labelSection = section?.section('external_labels');
  const externalLabels = labelSection?.allTexts() ?? new Map<string, string>();
  for (const name of externalLabels.keys()) {
    if (!isPlainLabelName(name)) labelSection?.fault(name, 'is no name of a label');
  }
  // Rules are evaluated elsewhere; their interval is fine where it stands.
  section?.durationMs('evaluation_interval', 0);
  if (section !== undefined) readFixedSettings(section);
  const settings: GlobalSettings = {
    intervalMs,
    timeoutMs: ownTimeoutMs || Math.min(DEFAULT_TIMEOUT_MS, intervalMs),
    externalLabels,
    limits: section === undefined ? NO_LIMITS : readLimits(section, NO_LIMITS),
    protocols: section === undefined ? DEFAULT_PROTOCOLS : readProtocols(section, DEFAULT_PROTOCOLS),
    fallbackFormat: section === undefined ? 'text' : readFallback(section, 'text'),
  };
  section?.close({
    ignored: ['query_log_file', 'rule_query_offset', 'scrape_failure_log_file', 'always_scrape_classic_histograms'],
  });
  return settings;
}

/** What Prometheus can be told and is always the same here: names as they are, histograms as classic ones. */
export function readFixedSettings(section: SectionReader): void {
  section.only('metric_name_validation_scheme', 'utf8');
  section.only('metric_name_escaping_scheme', 'allow-utf-8', 'underscores');
  section.only('scrape_native_histograms', 'false');
  section.only('convert_classic_histograms_to_nhcb', 'false');
}

/** Limits of a job over those of all; 0 takes those of all. */
export function readLimits(section: SectionReader, above: ScrapeLimits): ScrapeLimits {
  return {
    samples: section.integer('sample_limit') || above.samples,
    labels: section.integer('label_limit') || above.labels,
    labelNameBytes: section.integer('label_name_length_limit') || above.labelNameBytes,
    labelValueBytes: section.integer('label_value_length_limit') || above.labelValueBytes,
    targets: section.integer('target_limit') || above.targets,
    bodyBytes: section.sizeBytes('body_size_limit', 0) || above.bodyBytes,
    droppedTargets: section.integer('keep_dropped_targets') || above.droppedTargets,
  };
}

/** Which formats are asked for. The binary one is warned of and left out. */
export function readProtocols(section: SectionReader, above: readonly ScrapeProtocol[]): readonly ScrapeProtocol[] {
  if (!section.has('scrape_protocols')) return above;
  const known: ScrapeProtocol[] = [];
  for (const name of section.texts('scrape_protocols')) {
    const protocol = SCRAPE_PROTOCOLS.find((candidate) => candidate === name);
    if (protocol !== undefined) known.push(protocol);
    else if (name === 'PrometheusProto')
      section.warn('scrape_protocols', 'names PrometheusProto, which is not supported and not asked for');
    else section.fault('scrape_protocols', `${JSON.stringify(name)} is no protocol: ${SCRAPE_PROTOCOLS.join(', ')}`);
  }
  return known.length === 0 ? above : known;
}

/** How pages without a known type are read: as classic text, where nothing else is said. */
export function readFallback(section: SectionReader, above: 'text' | 'openmetrics'): 'text' | 'openmetrics' {
  const name = section.text('fallback_scrape_protocol');
  if (name === '') return above;
  if (name === 'PrometheusProto') section.fault('fallback_scrape_protocol', 'PrometheusProto is not supported');
  else if (!SCRAPE_PROTOCOLS.some((known) => known === name)) {
    section.fault('fallback_scrape_protocol', `${JSON.stringify(name)} is no protocol: ${SCRAPE_PROTOCOLS.join(', ')}`);
  }
  return name.startsWith('OpenMetrics') ? 'openmetrics' : 'text';
}
