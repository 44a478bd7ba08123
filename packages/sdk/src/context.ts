import { AsyncLocalStorage } from 'node:async_hooks';
import type { PhaseRecorder } from './phase-recorder.js';
import type { RequestRecorder } from './request-recorder.js';

/** What the calling code runs in. */
export interface ContextEntry {
  readonly request: RequestRecorder;
  readonly phase: PhaseRecorder | undefined;
}

/** The current request and phase of a monitor, followed across awaits, timers and streams. */
export type RequestContext = AsyncLocalStorage<ContextEntry>;

/** One per monitor: the requests of two monitors in a process do not mix. */
export function createRequestContext(): RequestContext {
  return new AsyncLocalStorage<ContextEntry>();
}
