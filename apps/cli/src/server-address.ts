import { createClient, type VedettaClient } from '@vedetta/client';
import type { ResolvedConfig } from '@vedetta/server';
import type { CliContext } from './context.js';
import { readPidFile } from './daemon/pid-file.js';
import { CliFailure } from './failure.js';
import { type PlaceFlags, resolveConfig } from './settings.js';

/** How long a server may take to answer that it is there. */
const HEALTH_TIMEOUT_MS = 3000;

/** A server that answers, and how to talk to it. */
export interface ReachableServer {
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  readonly client: VedettaClient;
}

/** `http://host:port` for a client on this machine: the address that means "all" is none to connect to. */
export function toBaseUrl(host: string, port: number): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' || host === '[::]' ? '::1' : host;
  const bracketed = reachable.includes(':') && !reachable.startsWith('[') ? `[${reachable}]` : reachable;
  return `http://${bracketed}:${port}`;
}

/** True when something at the address answers as a living Vedetta. */
export async function answersHealthz(baseUrl: string, timeoutMs = HEALTH_TIMEOUT_MS): Promise<boolean> {
  try {
    const response = await fetch(`${baseUrl}/healthz`, { signal: AbortSignal.timeout(timeoutMs) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

/** Key that the CLI sends: the first of those the server itself would accept. */
export function apiKeyOf(config: ResolvedConfig): string | undefined {
  return config.access.apiKeys[0] ?? (config.access.password === '' ? undefined : config.access.password);
}

/**
 * Finds the server of a data directory: by `VEDETTA_URL`, else by its PID file, else at the configured address.
 * Throws `notRunning` when none answers.
 */
export async function findServer(context: CliContext, flags: PlaceFlags): Promise<ReachableServer> {
  const config = await resolveConfig(context, flags);
  const baseUrl = context.env.VEDETTA_URL || localUrl(config);
  if (!(await answersHealthz(baseUrl))) {
    throw new CliFailure(
      'notRunning',
      `No Vedetta answers at ${baseUrl} (data directory ${config.dataDir}).\nStart one with "vedetta start".`,
    );
  }
  const apiKey = apiKeyOf(config);
  const client = createClient({ baseUrl, ...(apiKey === undefined ? {} : { apiKey }) });
  return { baseUrl, apiKey, client };
}

function localUrl(config: ResolvedConfig): string {
  const state = readPidFile(config.dataDir);
  if (state.kind === 'live') return toBaseUrl(state.record.host, state.record.port);
  return toBaseUrl(config.host, config.port);
}
