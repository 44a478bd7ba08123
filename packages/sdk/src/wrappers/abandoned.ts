import { safely } from './call-recorder.js';

/**
 * Ends the calls whose answer nobody can read any more: a promise that was never awaited, a stream that was dropped half-way.
 * Without it they would run for ever, because nothing else happens to them.
 */
const registry = new FinalizationRegistry<() => void>((end) => {
  safely(end);
});

/** Calls `end` some time after `holder` became unreachable; `end` must not refer to it. */
export function whenAbandoned(holder: object, end: () => void): void {
  registry.register(holder, end);
}
