import { readFile, stat } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import type { SecureContextOptions } from 'node:tls';
import { createSecureContext } from 'node:tls';
import type {
  Credentials,
  HttpSettings,
  PemSource,
  ScrapeConfig,
  ScrapeProtocol,
  SecretSource,
} from '../config/scrape-config.js';
import type { Page, PageSource, ParsePage } from '../loop/page.js';
import type { FetchOptions } from './fetch-page.js';
import { fetchPage } from './fetch-page.js';

/** Largest page, after decompression, where the job sets no limit of its own. */
export const DEFAULT_MAX_PAGE_BYTES = 128 * 1024 * 1024;

const MEDIA_TYPES: Readonly<Record<ScrapeProtocol, string>> = {
  'OpenMetricsText1.0.0': 'application/openmetrics-text;version=1.0.0',
  'OpenMetricsText0.0.1': 'application/openmetrics-text;version=0.0.1',
  'PrometheusText1.0.0': 'text/plain;version=1.0.0;escaping=allow-utf-8',
  'PrometheusText0.0.4': 'text/plain;version=0.0.4',
};

/** The connections of TLS, and the state of the files they are made with. */
interface SecureAgent {
  readonly version: string;
  readonly agent: https.Agent;
}

/** The connections of one job, kept alive between scrapes. */
export class HttpClient {
  readonly #settings: HttpSettings;
  readonly #config: ScrapeConfig;
  readonly #userAgent: string;
  readonly #http = new http.Agent({ keepAlive: true });
  #https: SecureAgent | undefined;
  #making: Promise<https.Agent> | undefined;

  constructor(config: ScrapeConfig, userAgent: string) {
    this.#config = config;
    this.#settings = config.http;
    this.#userAgent = userAgent;
  }

  /** The pages of one target. */
  source(url: string, timeoutMs: number, parse: ParsePage): PageSource {
    return { read: (signal) => this.#read(url, timeoutMs, parse, signal) };
  }

  close(): void {
    this.#http.destroy();
    this.#https?.agent.destroy();
  }

  async #read(url: string, timeoutMs: number, parse: ParsePage, signal: AbortSignal): Promise<Page> {
    const authorization = await authorizationOf(this.#settings.credentials);
    const headers: Record<string, string> = {
      accept: acceptOf(this.#config.protocols),
      'accept-encoding': this.#config.compression ? 'gzip' : 'identity',
      'user-agent': this.#userAgent,
      'x-prometheus-scrape-timeout-seconds': String(timeoutMs / 1000),
      ...(authorization === undefined ? {} : { authorization }),
    };
    const options: FetchOptions = {
      agents: { http: this.#http, https: () => this.#secureAgent() },
      headers,
      followRedirects: this.#settings.followRedirects,
      maxBytes: this.#config.limits.bodyBytes || DEFAULT_MAX_PAGE_BYTES,
      fallbackFormat: this.#config.fallbackFormat,
      signal,
    };
    const page = await fetchPage(url, options);
    return page.kind === 'text' ? parse(page.text, page.format) : page;
  }

  /** One for all targets; those that ask while it is made wait for the same. */
  #secureAgent(): Promise<https.Agent> {
    this.#making ??= this.#makeAgent().finally(() => {
      this.#making = undefined;
    });
    return this.#making;
  }

  /** Made anew when a file of the certificates changed. */
  async #makeAgent(): Promise<https.Agent> {
    const { tls } = this.#settings;
    const version = (await Promise.all([tls.ca, tls.cert, tls.key].map(versionOf))).join(' ');
    if (this.#https?.version === version) return this.#https.agent;
    const [ca, cert, key] = await Promise.all(
      [tls.ca, tls.cert, tls.key].map((source) => source && readSecret(source)),
    );
    const context: SecureContextOptions = {
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      ...(tls.minVersion === undefined ? {} : { minVersion: tls.minVersion }),
      ...(tls.maxVersion === undefined ? {} : { maxVersion: tls.maxVersion }),
    };
    check(context);
    if (this.#https !== undefined) retire(this.#https.agent);
    const agent = new https.Agent({
      keepAlive: true,
      rejectUnauthorized: !tls.insecureSkipVerify,
      ...context,
      ...(tls.serverName === '' ? {} : { servername: tls.serverName }),
    });
    this.#https = { version, agent };
    return agent;
  }
}

/** Else the fault of a file shows as the target's, with nothing but a number of OpenSSL. */
function check(context: SecureContextOptions): void {
  try {
    createSecureContext(context);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`the certificates of tls_config cannot be used: ${reason}`);
  }
}

/** What is under way may end; the connections are not kept after it. */
function retire(agent: https.Agent): void {
  agent.maxFreeSockets = 0;
  for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
}

/** Weights fall in the order of the list, as Prometheus sends them. */
function acceptOf(protocols: readonly ScrapeProtocol[]): string {
  const parts = protocols.map((protocol, i) => `${MEDIA_TYPES[protocol]};q=0.${protocols.length + 1 - i}`);
  return [...parts, '*/*;q=0.1'].join(',');
}

async function authorizationOf(credentials: Credentials): Promise<string | undefined> {
  switch (credentials.kind) {
    case 'none':
      return undefined;
    case 'basic': {
      const pair = `${await readSecret(credentials.username)}:${await readSecret(credentials.password)}`;
      return `Basic ${Buffer.from(pair).toString('base64')}`;
    }
    case 'token':
      return `${credentials.scheme} ${await readSecret(credentials.credentials)}`;
  }
}

async function readSecret(source: SecretSource): Promise<string> {
  if (source.kind === 'value') return source.value;
  try {
    return (await readFile(source.file, 'utf8')).trim();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : 'no access';
    throw new Error(`the file ${source.file} cannot be read (${code})`);
  }
}

async function versionOf(source: PemSource | undefined): Promise<string> {
  if (source?.kind !== 'file') return '';
  const state = await stat(source.file).catch(() => undefined);
  return state === undefined ? 'absent' : `${state.ino}-${state.size}-${state.mtimeMs}`;
}
