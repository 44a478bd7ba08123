import { expect } from 'vitest';
import { send } from '../../testing/test-server.js';

/** How long one waits for what comes with the next scrapes. */
export const WAIT = { timeout: 60_000, interval: 500 };

/** The data of an answer of Prometheus' API under the base. */
export async function ask(base: string, api: string): Promise<unknown> {
  const answer = await send(`${base}/api/v1/${api}`);
  expect(answer.status, answer.body.toString()).toBe(200);
  return answer.json<{ data: unknown }>().data;
}

interface Vector {
  readonly result: readonly { readonly metric: Record<string, string>; readonly value: readonly [number, string] }[];
}

/** What a query gives at a time, sorted, as text. */
export async function result(base: string, query: string): Promise<readonly string[]> {
  const { result: series } = (await ask(base, `query?query=${encodeURIComponent(query)}`)) as Vector;
  return series.map(({ metric, value }) => `${JSON.stringify(Object.entries(metric).sort())} ${value[1]}`).sort();
}

type Targets = {
  readonly activeTargets: readonly Record<string, unknown>[];
  readonly droppedTargets: readonly { readonly discoveredLabels: Record<string, string> }[];
};

/** What both programs should say of targets, without times and words that are each one's own. */
export async function targets(base: string): Promise<unknown> {
  const { activeTargets, droppedTargets } = (await ask(base, 'targets')) as Targets;
  const key = (value: unknown): string => JSON.stringify(value);
  return {
    active: activeTargets
      .filter(({ scrapePool }) => scrapePool !== 'vedetta')
      .map(({ discoveredLabels, labels, scrapePool, scrapeUrl, health, scrapeInterval, scrapeTimeout }) => {
        const sorted = (map: unknown) => Object.entries(map as object).sort();
        return {
          discovered: sorted(discoveredLabels),
          labels: sorted(labels),
          scrapePool,
          scrapeUrl,
          health,
          scrapeInterval,
          scrapeTimeout,
        };
      })
      .sort((a, b) => (key(a) < key(b) ? -1 : 1)),
    dropped: droppedTargets.map(({ discoveredLabels }) => key(Object.entries(discoveredLabels).sort())).sort(),
  };
}

/** Waits until both give the same, and answers it. */
export async function agree(real: string, ours: string, query: string, count: number): Promise<void> {
  await expect.poll(() => result(ours, query), { ...WAIT, message: query }).toHaveLength(count);
  await expect
    .poll(async () => [await result(ours, query), await result(real, query)], { ...WAIT, message: query })
    .toSatisfy(([a, b]) => JSON.stringify(a) === JSON.stringify(b));
}
