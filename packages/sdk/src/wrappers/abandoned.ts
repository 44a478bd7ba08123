import type { CallRecorder } from './call-recorder.js';
import { safely } from './call-recorder.js';

/** Told when nobody can read an answer any more. It must not refer to what it stands for, or that is never collected. */
export interface Abandonable {
  abandoned(): void;
}

/**
 * Ends the calls whose answer nobody can read any more: a promise that was never awaited, a stream that was dropped half-way.
 * Without it they would run for ever, because nothing else happens to them.
 */
const registry = new FinalizationRegistry<Abandonable>((answer) => {
  safely(() => answer.abandoned());
});

/** Tells `answer` some time after `holder` became unreachable. */
export function whenCollected(holder: object, answer: Abandonable): void {
  registry.register(holder, answer);
}

/** A call that is left when what it is read from is collected. */
export function leaving(call: CallRecorder): Abandonable {
  return { abandoned: () => call.end({ left: true, isLate: true }) };
}
