import type { CallRecorder } from './call-recorder.js';
import { safely } from './safely.js';

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

/** Tells `answer` some time after `holder` became unreachable, unless the call has ended before. */
export function whenCollected(holder: object, call: CallRecorder, answer: Abandonable): void {
  registry.register(holder, answer, call);
}

/**
 * The call has ended: nothing more is to be told of it. Needed for more than tidiness: what has ended may refer to its holder
 * after all, by the stack of the reason that a signal was aborted with.
 */
export function forget(call: CallRecorder): void {
  registry.unregister(call);
}

/** A call that is left when what it is read from is collected. */
export function leaving(call: CallRecorder): Abandonable {
  return { abandoned: () => call.end({ left: true, isLate: true }) };
}
