import type { PidRecord } from './daemon/pid-file.js';
import { checkPort, suggestPort } from './daemon/port-check.js';
import { CliFailure } from './failure.js';
import { answersHealthz, toBaseUrl } from './server-address.js';

/** The failure for a second server on one data directory. */
export function alreadyRunning(record: PidRecord, dataDir: string): CliFailure {
  const where = toBaseUrl(record.host, record.port);
  const state = record.state === 'running' ? `runs already at ${where}` : 'is being started already';
  return new CliFailure(
    'alreadyRunning',
    `Vedetta ${state} (pid ${record.pid}, data directory ${dataDir}).\n` +
      'Stop it with "vedetta stop", or start a second one on other data with --data-dir and another port.',
  );
}

/** Throws when the address cannot be listened on: `portTaken`, `notPermitted`, or `configuration` for an address of another machine. */
export async function requireUsablePort(host: string, port: number): Promise<void> {
  const state = await checkPort(host, port);
  switch (state.kind) {
    case 'free':
      return;
    case 'taken':
      throw await portTaken(host, port);
    case 'not-permitted':
      throw new CliFailure(
        'notPermitted',
        `Port ${port} on ${host} needs more rights: ports below 1024 belong to root.\nChoose another: vedetta start 8080`,
      );
    case 'unusable':
      throw new CliFailure(
        'configuration',
        `Vedetta cannot listen on ${host} port ${port}: ${state.message}.\nCheck --host (VEDETTA_HOST) and the port.`,
      );
  }
}

/** The failure for a port that another program has, with one that is free. */
export async function portTaken(host: string, port: number): Promise<CliFailure> {
  const owner = (await answersHealthz(toBaseUrl(host, port), 500))
    ? 'another Vedetta (other data directory)'
    : 'another program';
  const free = await suggestPort(host, port);
  const hint =
    free === undefined
      ? 'Choose another port.'
      : `Port ${free} is free: vedetta start ${free}, or VEDETTA_PORT=${free}.`;
  return new CliFailure('portTaken', `Port ${port} on ${host} is taken by ${owner}.\n${hint}`);
}
