import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { OtlpBody } from '../support/otlp-body.js';
import { createOtlpBody, postOtlp } from '../support/otlp-body.js';
import { startServerProcess } from '../support/server-process.js';

/** What a series of kills came to. */
export interface KillReport {
  readonly acknowledged: number;
  /** Bodies whose answer never came; each was sent again after the restart. */
  readonly unanswered: number;
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  /** Requests that miss some of their phases. */
  readonly torn: readonly string[];
  readonly slowestStartMs: number;
}

const SENDERS = 4;
const TRACES_PER_BODY = 20;
const PHASES = 5;

/**
 * Ingests, kills the server with SIGKILL at a random moment, starts it again over the same data, sends again what was not
 * answered, `rounds` times; then compares what is stored with what was acknowledged.
 */
export async function runKillRounds(rounds: number, log: (line: string) => void = () => {}): Promise<KillReport> {
  const dataDir = await mkdtemp(join(tmpdir(), 'vedetta-kill-'));
  const acknowledged = new Set<string>();
  let unanswered = 0;
  let pending: OtlpBody[] = [];
  let slowestStartMs = 0;
  try {
    for (let round = 0; round < rounds; round += 1) {
      const server = await startServerProcess({ dataDir });
      slowestStartMs = Math.max(slowestStartMs, server.startMs);
      let killed = false;
      const resend = pending;
      pending = [];
      const sender = async (): Promise<void> => {
        while (!killed) {
          const body = resend.pop() ?? createOtlpBody(TRACES_PER_BODY, PHASES);
          const status = await postOtlp(server.url, body.json);
          if (status === 200) for (const id of body.traceIds) acknowledged.add(id);
          else {
            unanswered += 1;
            pending.push(body);
          }
        }
      };
      const senders = Array.from({ length: SENDERS }, sender);
      await delay(100 + Math.random() * 1400);
      await server.kill();
      killed = true;
      await Promise.all(senders);
      pending.push(...resend);
      log(`round ${round + 1} of ${rounds}: ${acknowledged.size} requests acknowledged`);
    }
    const server = await startServerProcess({ dataDir });
    slowestStartMs = Math.max(slowestStartMs, server.startMs);
    for (const body of pending) {
      if ((await postOtlp(server.url, body.json)) !== 200) throw new Error('a body was refused after the last restart');
      for (const id of body.traceIds) acknowledged.add(id);
    }
    try {
      return {
        acknowledged: acknowledged.size,
        unanswered,
        slowestStartMs,
        ...(await compare(server.url, acknowledged)),
      };
    } finally {
      await server.stop();
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function compare(url: string, acknowledged: ReadonlySet<string>) {
  const stored = new Map<string, number>();
  const doubled: string[] = [];
  let cursor: string | undefined;
  do {
    const query = new URLSearchParams({ from: '1d', limit: '1000', ...(cursor === undefined ? {} : { cursor }) });
    const response = await fetch(`${url}/api/requests?${query}`);
    if (!response.ok) throw new Error(`listing requests answered ${response.status}: ${await response.text()}`);
    const page = (await response.json()) as {
      requests: { request_id: string; span_count: number }[];
      next_cursor: string | null;
    };
    for (const request of page.requests) {
      if (stored.has(request.request_id)) doubled.push(request.request_id);
      stored.set(request.request_id, request.span_count);
    }
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return {
    doubled: [...doubled, ...[...stored].filter(([, spans]) => spans > PHASES + 1).map(([id]) => id)],
    lost: [...acknowledged].filter((id) => !stored.has(id)),
    torn: [...stored].filter(([, spans]) => spans < PHASES + 1).map(([id]) => id),
  };
}
