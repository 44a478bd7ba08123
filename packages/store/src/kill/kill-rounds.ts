import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { openDuckDbStore } from '../duckdb/open-store.js';
import { isOld, requestId, SPANS_A_REQUEST } from './kill-requests.js';

/** How {@link runKillRounds} goes about it. */
export interface KillOptions {
  /** File of the store; new, or left by earlier rounds of the same run. */
  readonly path: string;
  /** The built `ingest-program.js`. */
  readonly program: string;
  readonly kills: number;
  /** 0 to 1: when to kill, and how long to wait. `Math.random` by default. */
  readonly random?: () => number;
  /** Longest time between the start of writing and the kill. 1,500 ms by default. */
  readonly maxLifeMs?: number;
  readonly onRound?: (round: number, acknowledged: number) => void;
}

/** What was found; any loss or doubling is in `faults`, one sentence each. */
export interface KillReport {
  readonly acknowledged: number;
  readonly slowestOpenMs: number;
  readonly faults: readonly string[];
}

/**
 * Proves that nothing acknowledged is lost: a process ingests, with checkpoints and retention under way, is killed with
 * SIGKILL at a random moment, the store is opened and compared with what was acknowledged; as often as asked.
 * Used by the tests with few kills and by the soak with many.
 */
export async function runKillRounds(options: KillOptions): Promise<KillReport> {
  const { path, program, kills, random = Math.random, maxLifeMs = 1500 } = options;
  const acknowledged = new Set<number>();
  const faults: string[] = [];
  let slowestOpenMs = 0;
  let first = 0;
  for (let round = 1; round <= kills; round++) {
    const acks = await runUntilKilled(program, path, first, 20 + random() * maxLifeMs);
    for (const n of acks) acknowledged.add(n);
    // Past everything the killed process may have begun.
    first = Math.max(first, ...acks) + 1000;
    const startMs = performance.now();
    const store = await openDuckDbStore({ path });
    slowestOpenMs = Math.max(slowestOpenMs, performance.now() - startMs);
    const rows = async (sql: string): Promise<readonly (readonly unknown[])[]> => {
      const outcome = await store.sql.query(sql, { maxRows: 10_000_000, timeoutMs: 120_000 });
      if (outcome.kind === 'failed') throw new Error(outcome.message);
      if (outcome.truncated) throw new Error('The store has more rows than this test can compare.');
      return outcome.rows;
    };
    try {
      const found = new Map<string, { spans: number; rows: number }>();
      for (const [id, spans] of await rows('SELECT request_id, span_count FROM requests')) {
        found.set(String(id), { spans: Number(spans), rows: (found.get(String(id))?.rows ?? 0) + 1 });
      }
      for (const n of acknowledged) {
        const request = found.get(requestId(n));
        if (request === undefined) {
          if (!isOld(n)) faults.push(`Round ${round}: acknowledged request ${n} is lost.`);
        } else if (request.spans !== SPANS_A_REQUEST) {
          faults.push(`Round ${round}: acknowledged request ${n} has ${request.spans} spans.`);
        }
      }
      for (const [id, request] of found)
        if (request.rows > 1) faults.push(`Round ${round}: request ${id} is there ${request.rows} times.`);
      for (const [what, sql] of CONSISTENCY) {
        const [[count] = []] = await rows(sql);
        if (count !== 0) faults.push(`Round ${round}: ${String(count)} ${what}.`);
      }
    } finally {
      await store.close();
    }
    options.onRound?.(round, acknowledged.size);
  }
  return { acknowledged: acknowledged.size, slowestOpenMs, faults };
}

/** What must never be there, whatever was acknowledged. */
const CONSISTENCY: readonly (readonly [string, string])[] = [
  ['spans are doubled', 'SELECT count(*) FROM (FROM spans SELECT trace_id, span_id GROUP BY ALL HAVING count(*) > 1)'],
  ['spans have no request', 'SELECT count(*) FROM spans WHERE trace_id NOT IN (SELECT trace_id FROM requests)'],
  [
    'requests count spans that are not stored',
    'SELECT count(*) FROM requests r LEFT JOIN (FROM spans SELECT trace_id, count(*) AS n GROUP BY ALL) USING (trace_id) WHERE r.span_count <> coalesce(n, 0)',
  ],
  [
    'phases are missing or doubled',
    `SELECT count(*) FROM (FROM spans SELECT trace_id, count(*) AS n WHERE name IN ('retrieval', 'generation') GROUP BY ALL) s
      JOIN requests r USING (trace_id) LEFT JOIN (FROM request_phases SELECT request_id, count(*) AS m GROUP BY ALL) p USING (request_id)
      WHERE s.n <> coalesce(p.m, 0)`,
  ],
  [
    'requests have other LLM calls, or other costs, than they add up',
    `SELECT count(*) FROM requests r LEFT JOIN (
        FROM llm_calls SELECT trace_id, request_id, count(*) AS n, sum(cost_usd) AS usd GROUP BY ALL
      ) c USING (trace_id, request_id) WHERE r.llm_call_count <> coalesce(c.n, 0) OR r.cost_usd IS DISTINCT FROM c.usd`,
  ],
  [
    'LLM calls have no span',
    'SELECT count(*) FROM llm_calls WHERE (trace_id, span_id) NOT IN (FROM spans SELECT (trace_id, span_id))',
  ],
];

/** Numbers of the requests that the process acknowledged before it was killed. */
async function runUntilKilled(program: string, path: string, first: number, lifeMs: number): Promise<number[]> {
  const child = spawn(process.execPath, [program, path, String(first)], { stdio: ['ignore', 'pipe', 'pipe'] });
  const acks: number[] = [];
  let errors = '';
  let killed = false;
  child.stderr.on('data', (text: Buffer) => {
    errors = (errors + text.toString()).slice(-2000);
  });
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    if (line.startsWith('ack ')) acks.push(Number(line.slice(4)));
    if (line === 'ready') {
      setTimeout(() => {
        killed = true;
        child.kill('SIGKILL');
      }, lifeMs);
    }
  });
  await new Promise((resolve) => child.once('close', resolve));
  if (!killed) throw new Error(`The writing process ended by itself: ${errors}`);
  return acks;
}
