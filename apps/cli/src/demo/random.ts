/** Repeatable random numbers: the same seed gives the same demo. */
export interface Random {
  /** Uniform from 0 (inclusive) to 1 (exclusive). */
  next(): number;
  /** One of the choices, each as often as its weight says. */
  pick<T>(choices: ReadonlyArray<readonly [choice: T, weight: number]>): T;
  /** Log-normal: durations of services have this shape. Half of the values are below `median`. */
  logNormal(median: number, sigma: number): number;
  /** Exponential: gaps between independent arrivals. */
  exponential(mean: number): number;
}

/** Creates a generator (mulberry32, https://gist.github.com/tommyettinger/46a874533244883189143505d203312c: public domain). */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return {
    next,
    pick: (choices) => {
      let rest = next() * choices.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [choice, weight] of choices) {
        rest -= weight;
        if (rest < 0) return choice;
      }
      const last = choices.at(-1);
      if (last === undefined) throw new Error('pick needs at least one choice');
      return last[0];
    },
    logNormal: (median, sigma) => median * Math.exp(sigma * normal()),
    exponential: (mean) => -mean * Math.log(1 - next()),
  };
}
