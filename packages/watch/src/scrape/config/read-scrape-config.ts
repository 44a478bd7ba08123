import type { RelabelRule } from '../relabel/relabel-rule.js';
import { readRelabelRule } from '../relabel/relabel-rule.js';
import type { GlobalSettings } from './read-global.js';
import { readFallback, readFixedSettings, readLimits, readProtocols } from './read-global.js';
import { IGNORED_HTTP_KEYS, REFUSED_HTTP_KEYS, readHttpSettings } from './read-http-settings.js';
import { readFileDiscovery, readTargetGroup } from './read-target-groups.js';
import type { ScrapeConfig } from './scrape-config.js';
import type { SectionReader } from './section-reader.js';

/** What finds targets in Prometheus and not here: nobody would miss them until they are needed. */
const DISCOVERIES = [
  'azure',
  'consul',
  'digitalocean',
  'dns',
  'docker',
  'dockerswarm',
  'ec2',
  'eureka',
  'gce',
  'hetzner',
  'http',
  'ionos',
  'kubernetes',
  'kuma',
  'lightsail',
  'linode',
  'marathon',
  'nerve',
  'nomad',
  'openstack',
  'ovhcloud',
  'puppetdb',
  'scaleway',
  'serverset',
  'stackit',
  'triton',
  'uyuni',
  'vultr',
].map((name) => `${name}_sd_configs`);
/** Of native histograms, which are not asked for; every page is read as its classic ones. */
const IGNORED = [
  ...IGNORED_HTTP_KEYS,
  'scrape_classic_histograms',
  'always_scrape_classic_histograms',
  'native_histogram_bucket_limit',
  'native_histogram_min_bucket_factor',
  'scrape_failure_log_file',
];
const REFUSED = [...DISCOVERIES, ...REFUSED_HTTP_KEYS];

/** One of `scrape_configs`. */
export function readScrapeConfig(
  job: SectionReader,
  global: GlobalSettings,
  folder: string,
): Omit<ScrapeConfig, 'source'> {
  const jobName = job.text('job_name');
  if (jobName === '') job.fault('job_name', 'is missing');
  const times = readTimes(job, global);
  const scheme = job.text('scheme', 'http').toLowerCase();
  if (scheme !== 'http' && scheme !== 'https')
    job.fault('scheme', `must be http or https, not ${JSON.stringify(scheme)}`);
  readFixedSettings(job);
  const config: Omit<ScrapeConfig, 'source'> = {
    jobName,
    ...times,
    metricsPath: job.text('metrics_path', '/metrics'),
    scheme: scheme === 'https' ? 'https' : 'http',
    params: job.section('params')?.allTextLists() ?? new Map(),
    honorLabels: job.flag('honor_labels', false),
    honorTimestamps: job.flag('honor_timestamps', true),
    trackTimestampsStaleness: job.flag('track_timestamps_staleness', false),
    protocols: readProtocols(job, global.protocols),
    fallbackFormat: readFallback(job, global.fallbackFormat),
    compression: job.flag('enable_compression', true),
    http: readHttpSettings(job, folder),
    staticConfigs: job.sections('static_configs').map(readTargetGroup),
    fileDiscoveries: job.sections('file_sd_configs').map((section) => readFileDiscovery(section, folder)),
    relabel: readRules(job, 'relabel_configs'),
    metricRelabel: readRules(job, 'metric_relabel_configs'),
    limits: readLimits(job, global.limits),
  };
  job.close({ ignored: IGNORED, refused: REFUSED });
  return config;
}

function readRules(job: SectionReader, key: string): readonly RelabelRule[] {
  return job.sections(key).map(readRelabelRule);
}

function readTimes(
  job: SectionReader,
  global: GlobalSettings,
): { readonly intervalMs: number; readonly timeoutMs: number } {
  const intervalMs = job.durationMs('scrape_interval', 0) || global.intervalMs;
  const ownTimeoutMs = job.durationMs('scrape_timeout', 0);
  if (ownTimeoutMs > intervalMs) job.fault('scrape_timeout', 'is longer than the interval');
  // A time-out for all jobs is cut to the interval of a quicker one; a job's own is not, it was meant.
  return { intervalMs, timeoutMs: ownTimeoutMs || Math.min(global.timeoutMs, intervalMs) };
}
