import type { ServerUrls } from '@vedetta/server';
import { EXIT_CODES, type ExitName } from '../exit-codes.js';

/** What a server in the background tells the command that started it, once, over the channel between them. */
export type StartReport =
  | { readonly kind: 'ready'; readonly urls: ServerUrls }
  | { readonly kind: 'failed'; readonly exit: ExitName; readonly message: string };

/** True when this process was started by {@link StartReport}'s reader. */
export function hasStarter(): boolean {
  return process.send !== undefined;
}

/** Tells the starter and closes the channel, so that nothing ties the two together any more. Does nothing without one. */
export async function tellStarter(report: StartReport): Promise<void> {
  if (process.send === undefined) return;
  await new Promise<void>((resolve) => {
    // The starter may have gone (Ctrl-C): that is no reason for the server to end.
    process.send?.(report, undefined, undefined, () => resolve());
  });
  if (process.connected) process.disconnect();
}

/** Reads what came over the channel; `undefined` for anything that is no report. */
export function parseStartReport(message: unknown): StartReport | undefined {
  if (typeof message !== 'object' || message === null || !('kind' in message)) return undefined;
  const report = message as StartReport;
  if (report.kind === 'ready') return report;
  return report.kind === 'failed' && Object.hasOwn(EXIT_CODES, report.exit) ? report : undefined;
}
