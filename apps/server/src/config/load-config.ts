import path from 'node:path';
import { isLoopbackHost } from '../access/host-name.js';
import type { ConfigError, LoadedConfig, ResolvedConfig } from './config.js';
import { readConfigFile } from './config-file.js';
import { didYouMean } from './nearest-name.js';
import { readScrapeSettings } from './scrape-settings.js';
import type { Setting } from './settings/setting.js';
import { CONFIG_FILE_VARIABLE, OTHER_VARIABLES, SETTINGS } from './settings/settings.js';
import type { UpstreamSettings } from './upstream-settings.js';
import { readUpstreamVariable } from './upstream-settings.js';

/** Where `loadConfig` looks; every member has the obvious default. */
export interface LoadConfigOptions {
  /** Folder whose configuration file is read and that relative paths start from; the process's by default. */
  readonly cwd?: string;
  /** The process's by default. An empty variable counts as not set. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Command-line flags, by their name without dashes (`data-dir` or `dataDir`); undefined ones are not set. */
  readonly flags?: Readonly<Record<string, string | number | boolean | undefined>>;
}

type Values = Map<string, unknown>;

/**
 * Resolves the configuration: defaults, then the file, then `VEDETTA_*` variables, then flags, each over the one before.
 * Unknown keys, unknown variables and values out of range are faults; all of them are reported together.
 *
 * @example
 * const loaded = await loadConfig({ flags: { port: 8081 } });
 * if (loaded.kind === 'invalid') for (const { source, key, message } of loaded.errors) report(`${source}: ${key}: ${message}`);
 */
export async function loadConfig(options: LoadConfigOptions = {}): Promise<LoadedConfig> {
  const cwd = path.resolve(options.cwd ?? process.cwd());
  const env = options.env ?? process.env;
  const errors: ConfigError[] = [];
  const values: Values = new Map(SETTINGS.map((setting) => [setting.path, setting.default]));

  const file = await readConfigFile(cwd, env[CONFIG_FILE_VARIABLE] || undefined);
  if (file.kind === 'invalid')
    errors.push({ source: `file ${file.file}`, key: path.basename(file.file), message: file.message });
  if (file.kind === 'read') applyFile(file.file, file.content, values, errors);
  applyVariables(env, values, errors);
  applyFlags(options.flags ?? {}, values, errors);
  if (errors.length > 0) return { kind: 'invalid', errors };

  values.set('dataDir', path.resolve(cwd, values.get('dataDir') as string));
  const scrapeFile = values.get('metrics.scrapeConfigFile') as string;
  if (scrapeFile !== '') values.set('metrics.scrapeConfigFile', path.resolve(cwd, scrapeFile));
  const config = toConfig(values);
  errors.push(...checkConfig(config), ...(await checkScraping(config)));
  if (errors.length > 0) return { kind: 'invalid', errors };
  return { kind: 'resolved', config, file: file.kind === 'read' ? file.file : undefined };
}

/** Rules between settings, which no single value can break. */
export function checkConfig(config: ResolvedConfig): readonly ConfigError[] {
  const open = config.access.password === '' && config.access.apiKeys.length === 0;
  if (!open || isLoopbackHost(config.host)) return [];
  const message =
    `the server would be open to everyone who can reach ${config.host}: set VEDETTA_PASSWORD or VEDETTA_API_KEY ` +
    '(access.password, access.apiKeys), or listen on 127.0.0.1';
  return [{ source: 'configuration', key: 'host', message }];
}

/** What is scraped is checked whole before the start, as Prometheus does. */
async function checkScraping({ metrics }: ResolvedConfig): Promise<readonly ConfigError[]> {
  const read = await readScrapeSettings(metrics);
  if (read.kind === 'parsed') return [];
  // What stands in the file says so itself.
  const key = metrics.scrapeConfigFile === '' ? 'metrics' : 'metrics.scrapeConfigFile';
  return read.errors.map((message) => ({ source: 'configuration', key, message }));
}

function applyFile(file: string, content: unknown, values: Values, errors: ConfigError[]): void {
  const source = `file ${file}`;
  const paths = SETTINGS.map((setting) => setting.path);
  const sections = new Set(paths.filter((name) => name.includes('.')).map((name) => name.slice(0, name.indexOf('.'))));

  const walk = (node: object, prefix: string): void => {
    for (const [name, raw] of Object.entries(node)) {
      const key = prefix + name;
      const setting = SETTINGS.find((candidate) => candidate.path === key);
      if (setting !== undefined) apply(setting, raw, source, key, values, errors);
      else if (prefix === '' && sections.has(name)) {
        if (isRecord(raw)) walk(raw, `${name}.`);
        else errors.push({ source, key, message: 'is a section: it needs members' });
      } else {
        const known = prefix === '' ? [...paths, ...sections] : paths;
        errors.push({ source, key, message: `there is no such setting.${didYouMean(key, known)}` });
      }
    }
  };
  if (isRecord(content)) walk(content, '');
  else errors.push({ source, key: path.basename(file), message: 'must hold an object with settings' });
}

function applyVariables(
  env: Readonly<Record<string, string | undefined>>,
  values: Values,
  errors: ConfigError[],
): void {
  const known = new Map(SETTINGS.flatMap((setting) => setting.variables.map((name) => [name, setting] as const)));
  for (const [name, raw] of Object.entries(env)) {
    if (!name.startsWith('VEDETTA_') || raw === undefined || raw === '') continue;
    const setting = known.get(name);
    if (setting !== undefined) {
      apply(setting, raw, 'variable', name, values, errors);
      continue;
    }
    const upstream = readUpstreamVariable(name, raw, values.get('gateway.upstreams') as UpstreamSettings);
    if (upstream !== undefined) {
      if ('upstreams' in upstream) values.set('gateway.upstreams', upstream.upstreams);
      else errors.push({ source: 'variable', key: name, message: `must be ${upstream.expected}` });
    } else if (name !== CONFIG_FILE_VARIABLE && !OTHER_VARIABLES.includes(name)) {
      const names = [...known.keys(), CONFIG_FILE_VARIABLE];
      errors.push({ source: 'variable', key: name, message: `there is no such variable.${didYouMean(name, names)}` });
    }
  }
}

function applyFlags(
  flags: Readonly<Record<string, string | number | boolean | undefined>>,
  values: Values,
  errors: ConfigError[],
): void {
  const known = SETTINGS.filter((setting) => setting.flag !== undefined);
  for (const [name, raw] of Object.entries(flags)) {
    if (raw === undefined) continue;
    const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const setting = known.find((candidate) => candidate.flag === flag);
    if (setting !== undefined) apply(setting, raw, 'flag', `--${flag}`, values, errors);
    else {
      const names = known.map((candidate) => candidate.flag as string);
      errors.push({ source: 'flag', key: `--${flag}`, message: `there is no such flag.${didYouMean(flag, names)}` });
    }
  }
}

function apply(
  setting: Setting,
  raw: unknown,
  source: string,
  key: string,
  values: Values,
  errors: ConfigError[],
): void {
  const outcome = setting.read(raw);
  if (outcome.kind === 'value') values.set(setting.path, outcome.value);
  else {
    // A secret's value never shows; it would end in logs and screenshots.
    const shown = setting.flag === undefined ? '' : `, not ${JSON.stringify(raw)}`;
    errors.push({ source, key, message: `must be ${outcome.expected}${shown}` });
  }
}

/** The table's paths as the tree that {@link ResolvedConfig} declares; a test holds the two together. */
function toConfig(values: Values): ResolvedConfig {
  const tree: Record<string, unknown> = {};
  for (const [name, value] of values) {
    const [section, member] = name.split('.') as [string, string?];
    if (member === undefined) tree[section] = value;
    else tree[section] = { ...(tree[section] as object | undefined), [member]: value };
  }
  return tree as unknown as ResolvedConfig;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
