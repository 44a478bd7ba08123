const BATCH = 20_000;
const ROUNDS = 30;
/** Rounds before the compiler has settled; they are not counted. */
const WARM_UP_ROUNDS = 5;

/** Microseconds a call of each contender: the median over rounds in which they take turns, so that a busy machine is busy for all. */
export function measureInTurns<Name extends string>(
  contenders: Readonly<Record<Name, (i: number) => void>>,
): Record<Name, number> {
  const names = Object.keys(contenders) as Name[];
  const times = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round += 1) {
    for (const name of names) {
      const call = contenders[name];
      const startMs = performance.now();
      for (let i = 0; i < BATCH; i += 1) call(i);
      const us = ((performance.now() - startMs) * 1000) / BATCH;
      if (round >= WARM_UP_ROUNDS) times.get(name)?.push(us);
    }
  }
  const entries = names.map((name) => {
    const sorted = (times.get(name) ?? []).toSorted((a, b) => a - b);
    return [name, sorted[sorted.length >> 1] ?? Number.NaN];
  });
  return Object.fromEntries(entries) as Record<Name, number>;
}
