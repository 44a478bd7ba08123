import { boundedJson } from './bounded-json.js';
import { MAX_DATA_BYTES } from './phase-recorder.js';
import type { RequestOutcome } from './request.js';
import type { TrackedStatus } from './summary.js';
import { describeError, toText } from './text.js';

/** How a request ended, with everything decided. */
export interface Verdict {
  readonly success: boolean;
  readonly status: TrackedStatus;
  readonly error: unknown;
  readonly errorType: string;
  readonly errorMessage: string;
  readonly responseSizeBytes: number | undefined;
  /** JSON text. */
  readonly customData: string;
}

const SUCCEEDED: Verdict = {
  success: true,
  status: 'completed',
  error: undefined,
  errorType: '',
  errorMessage: '',
  responseSizeBytes: undefined,
  customData: '',
};

/** Reads what a caller says of the end; an outcome that cannot be read says that all went well. */
export function readOutcome(outcome: RequestOutcome | undefined): Verdict {
  if (outcome === undefined) return SUCCEEDED;
  try {
    const { error } = outcome;
    const described = error === undefined || error === null ? undefined : describeError(error);
    const errorType = toText(outcome.errorType ?? described?.type ?? '', 200);
    const errorMessage = toText(outcome.errorMessage ?? described?.message ?? '', 4096);
    const status = outcome.status ?? (described === undefined ? undefined : STATUS_OF_ERROR.get(described.type));
    const success = outcome.success ?? (errorType === '' && errorMessage === '' && status === undefined);
    return {
      success,
      status: success ? 'completed' : (status ?? 'failed'),
      error: error ?? undefined,
      errorType,
      errorMessage,
      responseSizeBytes: outcome.responseSizeBytes,
      customData: boundedJson(outcome.customData, MAX_DATA_BYTES),
    };
  } catch {
    return SUCCEEDED;
  }
}

/** Names that the web platform gives to the errors of a signal. */
const STATUS_OF_ERROR: ReadonlyMap<string, 'timeout' | 'cancelled'> = new Map([
  ['AbortError', 'cancelled'],
  ['TimeoutError', 'timeout'],
]);
