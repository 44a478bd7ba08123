import type { Store } from '@vedetta/store';
import type { Logger } from 'pino';

const CHECK_MS = 1000;
/** EX_SOFTWARE: supervisors restart on any code but 0, and this one says whose fault it was. */
const EXIT_CODE = 70;

/**
 * Watches for an engine, or a log of samples, that failed for good: it takes no write any more, and only a new process can open
 * its files again.
 * Calls back once, by default to end the process. Answers the way to stop watching.
 */
export function watchEngine(
  { store, log }: { readonly store: Store; readonly log: Logger },
  onFatal: (message: string) => void = () => process.exit(EXIT_CODE),
): () => void {
  const timer = setInterval(() => {
    const fatalError = store.writer.state().fatalError ?? store.samples.state().fatalError;
    if (fatalError === undefined) return;
    clearInterval(timer);
    log.fatal({ reason: fatalError }, 'the store failed; the process must be started again');
    onFatal(fatalError);
  }, CHECK_MS).unref();
  return () => clearInterval(timer);
}
