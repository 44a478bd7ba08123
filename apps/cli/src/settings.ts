import type { ResolvedConfig } from '@vedetta/server';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { CliContext } from './context.js';
import { CliFailure } from './failure.js';

/** Flags that say where the server's data and settings are; the same on every command. */
export interface PlaceFlags {
  readonly dataDir?: string;
  readonly config?: string;
}

/** Flags of a server that is started; every other setting is a variable or stands in the configuration file. */
export interface ServerFlags extends PlaceFlags {
  readonly port?: number;
  readonly host?: string;
  readonly content?: string;
  readonly otlpPort?: string;
  readonly logLevel?: string;
}

/** Adds the flags of {@link PlaceFlags}. */
export function addPlaceOptions(command: Command): Command {
  return command
    .option('--data-dir <path>', 'folder of the database, PID file and log (VEDETTA_DATA_DIR, .vedetta)')
    .option('--config <file>', 'configuration file (VEDETTA_CONFIG, vedetta.config.{ts,js,yaml,json})');
}

/** Adds the flags of {@link ServerFlags}, but for the port, which is an argument. */
export function addServerOptions(command: Command): Command {
  return addPlaceOptions(command)
    .option('--host <address>', 'address to listen on (VEDETTA_HOST, 127.0.0.1)')
    .option('--content <mode>', 'what is kept of prompts and answers: preview, full, off, numbers (VEDETTA_CONTENT)')
    .option('--otlp-port <port>', 'additional OTLP port, or off (VEDETTA_OTLP_PORT, 4318)')
    .option('--log-level <level>', "least important message of the server's log (VEDETTA_LOG_LEVEL, info)");
}

/** The flags as arguments again, for a server in a process of its own. */
export function toServerArguments(flags: ServerFlags): readonly string[] {
  const args: string[] = [];
  if (flags.port !== undefined) args.push(String(flags.port));
  const named = {
    '--data-dir': flags.dataDir,
    '--config': flags.config,
    '--host': flags.host,
    '--content': flags.content,
    '--otlp-port': flags.otlpPort,
    '--log-level': flags.logLevel,
  };
  for (const [name, value] of Object.entries(named)) {
    if (value !== undefined) args.push(`${name}=${value}`);
  }
  return args;
}

/** The whole configuration of the server that these flags, the variables and the file describe. */
export async function resolveConfig(context: CliContext, flags: ServerFlags): Promise<ResolvedConfig> {
  // The configuration alone: the whole server takes half a second to load, which `stop` and `status` need not wait for.
  const { loadConfig } = await import('@vedetta/server/config');
  const { config: file, port, host, dataDir, content, otlpPort, logLevel } = flags;
  const loaded = await loadConfig({
    cwd: context.cwd,
    env: file === undefined ? context.env : { ...context.env, VEDETTA_CONFIG: file },
    flags: { port, host, dataDir, content, otlpPort, logLevel },
  });
  if (loaded.kind === 'resolved') return loaded.config;
  const faults = loaded.errors.map(({ source, key, message }) => `  ${key} (${source}): ${message}`);
  throw new CliFailure('configuration', ['The configuration has faults:', ...faults].join('\n'));
}

/** Reads a port from the command line. */
export function parsePort(text: string): number {
  return parseInteger(text, 0, 65_535);
}

/** Reads a number of days from the command line. */
export function parseDays(text: string): number {
  return parseInteger(text, 0, 36_500);
}

/** Reads a number of at least one from the command line. */
export function parseCount(text: string): number {
  return parseInteger(text, 1, 10_000_000);
}

/** Reads a factor greater than nothing from the command line. */
export function parseFactor(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0) {
    throw new InvalidArgumentError('It must be a number greater than 0.');
  }
  return value;
}

function parseInteger(text: string, min: number, max: number): number {
  if (!/^\d{1,10}$/.test(text) || Number(text) < min || Number(text) > max) {
    throw new InvalidArgumentError(`It must be an integer from ${min} to ${max}.`);
  }
  return Number(text);
}
