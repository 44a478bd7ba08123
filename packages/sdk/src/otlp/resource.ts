import { hostname } from 'node:os';
import { isMainThread, threadId } from 'node:worker_threads';
import type { SpanAttribute } from '../span-record.js';
import { SDK_VERSION } from '../version.js';

/** The process as OTLP's resource. */
export function resourceAttributes(serviceName: string): SpanAttribute[] {
  return [
    ['service.name', serviceName],
    ['host.name', hostname()],
    ['process.pid', process.pid],
    ['telemetry.sdk.name', 'vedetta'],
    ['telemetry.sdk.language', 'nodejs'],
    ['telemetry.sdk.version', SDK_VERSION],
  ];
}

let instances = 0;

/**
 * A name for `service.instance.id`, which tells the series of processes, threads and monitors of one service apart: host and
 * process id, so that a service that restarts often does not leave a new set of series each time but where its id differs.
 */
export function nextInstanceId(): string {
  instances += 1;
  const thread = isMainThread ? '' : `/${threadId}`;
  const monitor = instances === 1 ? '' : `#${instances}`;
  return `${hostname()}:${process.pid}${thread}${monitor}`;
}
