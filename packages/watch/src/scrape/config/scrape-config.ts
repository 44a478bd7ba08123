import type { RelabelRule } from '../relabel/relabel-rule.js';

/** How a target proves to be asked by the right one. Secrets stand here and nowhere else: they are never part of a message. */
export type Credentials =
  | { readonly kind: 'none' }
  | { readonly kind: 'basic'; readonly username: SecretSource; readonly password: SecretSource }
  | { readonly kind: 'token'; readonly scheme: string; readonly credentials: SecretSource };

/** A secret, or the file that holds it, which is read at each scrape. */
export type SecretSource =
  | { readonly kind: 'value'; readonly value: string }
  | { readonly kind: 'file'; readonly file: string };

/** A PEM text, or the file that holds it, which is read again when it changes. */
export type PemSource = SecretSource;

export interface TlsSettings {
  readonly ca: PemSource | undefined;
  readonly cert: PemSource | undefined;
  readonly key: PemSource | undefined;
  /** Name to verify the certificate against; `''` for the address'. */
  readonly serverName: string;
  readonly insecureSkipVerify: boolean;
  /** As Node names it, `TLSv1.2`. */
  readonly minVersion: TlsVersion | undefined;
  readonly maxVersion: TlsVersion | undefined;
}
export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

/** How pages are fetched. */
export interface HttpSettings {
  readonly credentials: Credentials;
  readonly followRedirects: boolean;
  readonly tls: TlsSettings;
}

/** Limits on one target's page, and on the targets of a job; 0 is none. */
export interface ScrapeLimits {
  readonly samples: number;
  readonly labels: number;
  /** In bytes of UTF-8, as the next. */
  readonly labelNameBytes: number;
  readonly labelValueBytes: number;
  readonly targets: number;
  readonly bodyBytes: number;
  /** Targets dropped by relabelling that are remembered to be shown. */
  readonly droppedTargets: number;
}

/** Targets with the labels they have in common, before relabelling. */
export interface TargetGroup {
  readonly targets: readonly string[];
  readonly labels: ReadonlyMap<string, string>;
}

/** Files that list targets; read again when they change. */
export interface FileDiscovery {
  /** Absolute; a star may stand in the last part. */
  readonly patterns: readonly string[];
  readonly refreshMs: number;
}

/** The formats that are asked for, best first. */
export const SCRAPE_PROTOCOLS = [
  'OpenMetricsText1.0.0',
  'OpenMetricsText0.0.1',
  'PrometheusText1.0.0',
  'PrometheusText0.0.4',
] as const;
export type ScrapeProtocol = (typeof SCRAPE_PROTOCOLS)[number];

/** One of Prometheus' `scrape_configs`, complete. */
export interface ScrapeConfig {
  /** Equal only where nothing about the job changed. May hold secrets. */
  readonly source: string;
  readonly jobName: string;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly metricsPath: string;
  readonly scheme: 'http' | 'https';
  readonly params: ReadonlyMap<string, readonly string[]>;
  readonly honorLabels: boolean;
  readonly honorTimestamps: boolean;
  /** Series with times of their own end with a marker too. */
  readonly trackTimestampsStaleness: boolean;
  readonly protocols: readonly ScrapeProtocol[];
  /** How a page is read whose type is absent or none of the known. */
  readonly fallbackFormat: 'text' | 'openmetrics';
  readonly compression: boolean;
  readonly http: HttpSettings;
  readonly staticConfigs: readonly TargetGroup[];
  readonly fileDiscoveries: readonly FileDiscovery[];
  readonly relabel: readonly RelabelRule[];
  readonly metricRelabel: readonly RelabelRule[];
  readonly limits: ScrapeLimits;
}
