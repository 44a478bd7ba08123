import type { SampleRejection } from '../api/sample-store.js';

/** What was not taken of a write, and a sentence about the first. */
export class RejectionTally {
  readonly rejected: { [Reason in SampleRejection]?: number } = {};
  message = '';

  reject(reason: SampleRejection, samples: number, describe: () => string): void {
    if (samples === 0) return;
    this.rejected[reason] = (this.rejected[reason] ?? 0) + samples;
    if (this.message === '') this.message = describe();
  }
}
