import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Monitor } from '@vedetta/sdk';
import { Command } from 'commander';
import type { CliContext } from '../context.js';
import { generateTraffic } from '../demo/generate.js';
import { indexDocuments } from '../demo/index-documents.js';
import { replayLive, replayPast } from '../demo/replay.js';
import { readWorkload, takeRows, type Workload } from '../demo/workload.js';
import { CliFailure } from '../failure.js';
import { formatCount } from '../output/units.js';
import { serve } from '../serve.js';
import { apiKeyOf } from '../server-address.js';
import { addServerOptions, parseCount, parseFactor, parsePort, resolveConfig, type ServerFlags } from '../settings.js';
import type { DefineCommand } from './command.js';

interface DemoFlags extends ServerFlags {
  readonly workload?: string;
  readonly replay?: number | 'all';
  readonly speed: number;
  readonly rate: number;
  readonly fast?: boolean;
}

/** `vedetta demo [PORT]` */
export const demoCommand: DefineCommand = (context) =>
  addServerOptions(
    new Command('demo')
      .description('start a server on data of its own and drive realistic traffic through the SDK')
      .argument('[port]', 'port of page, API and OTLP', parsePort),
  )
    .option('--workload <file>', 'recorded workload to replay (csv or csv.gz: TIMESTAMP,ContextTokens,GeneratedTokens)')
    .option(
      '--replay <rows>',
      'play so many rows of the workload, or all, once; without it, the whole starts over until you stop it',
      (text) => (text === 'all' ? 'all' : parseCount(text)),
    )
    .option('--speed <factor>', 'how many times faster than it was recorded', parseFactor, 60)
    .option('--fast', 'send the workload at once, as requests of the past')
    .option('--rate <n>', 'requests a second, where there is no workload', parseFactor, 5)
    .action(async (port: number | undefined, flags: DemoFlags) => {
      const { workload: file, replay, speed, rate, fast, ...server } = flags;
      if (fast && file === undefined)
        throw new CliFailure('usage', '--fast replays a workload: name it with --workload.');
      const whole = file === undefined ? undefined : readWorkload(file);
      const workload = whole === undefined || typeof replay !== 'number' ? whole : takeRows(whole, replay);
      const own = server.dataDir ?? context.env.VEDETTA_DATA_DIR;
      const dataDir = own || (await mkdtemp(join(tmpdir(), 'vedetta-demo-')));
      if (!own)
        context.out('The demo keeps its data in a temporary folder and removes it at the end; yours is not touched.');
      try {
        await runDemo(
          context,
          { ...server, dataDir, ...(port === undefined ? {} : { port }) },
          { workload, once: replay !== undefined, speed, rate, fast: fast === true },
        );
      } finally {
        if (!own) await rm(dataDir, { recursive: true, force: true });
      }
    });

interface DemoTraffic {
  readonly workload: Workload | undefined;
  /** The workload is played once, then the page stays as it is. */
  readonly once: boolean;
  readonly speed: number;
  readonly rate: number;
  readonly fast: boolean;
}

async function runDemo(context: CliContext, flags: ServerFlags, traffic: DemoTraffic): Promise<void> {
  const [config, { createMonitor, otlpSink }] = await Promise.all([
    resolveConfig(context, flags),
    import('@vedetta/sdk'),
  ]);
  await serve(context, config, async (server, stopping) => {
    const apiKey = apiKeyOf(config);
    const target = { endpoint: server.urls.page, ...(apiKey === undefined ? {} : { apiKey }) };
    if (traffic.workload !== undefined && traffic.fast) {
      context.out(describeWorkload(traffic.workload, 'Sending'));
      const past = await replayPast(otlpSink(target), 'demo-replay', traffic.workload, Date.now(), stopping);
      const lost = past.lost === 0 ? 'none lost' : context.style.bad(`${formatCount(past.lost)} spans lost`);
      context.out(
        `Sent ${formatCount(past.requests)} requests (${formatCount(past.spans)} spans) in ${(past.elapsedMs / 1000).toFixed(1)} s, ${lost}.`,
      );
      return;
    }
    // The machine is the server's own, which watches it already.
    const metrics = { collect: false as const };
    const monitor = createMonitor({ ...target, serviceName: 'demo', flushOnExit: false, metrics });
    const ended = new AbortController();
    const indexing = indexDocuments(monitor, Date.now(), AbortSignal.any([stopping, ended.signal]));
    if (traffic.workload !== undefined) {
      context.out(`${describeWorkload(traffic.workload, 'Replaying')}, ${traffic.speed} times faster than recorded.`);
      await replayRounds(context, monitor, traffic.workload, traffic, stopping);
    } else {
      context.out(`Generating about ${traffic.rate} requests a second.`);
      await generateTraffic(monitor, traffic.rate, Date.now(), stopping);
    }
    ended.abort();
    await indexing;
    await monitor.shutdown();
  });
}

/** The recording is over within minutes; a page that went still would look broken, so it starts over unless told otherwise. */
async function replayRounds(
  context: CliContext,
  monitor: Monitor,
  workload: Workload,
  { once, speed }: DemoTraffic,
  stopping: AbortSignal,
): Promise<void> {
  for (let round = 1; !stopping.aborted; round++) {
    const count = await replayLive(monitor, workload, speed, round, stopping);
    if (stopping.aborted) return;
    if (round === 1) {
      const next = once ? 'the page stays open for you to look around' : 'they start over until you stop the demo';
      context.out(`Replayed ${formatCount(count)} requests; ${next}.`);
    }
    if (once) return;
  }
}

function describeWorkload({ rows, inputTokens, outputTokens }: Workload, verb: string): string {
  return `${verb} ${formatCount(rows.length)} recorded requests with ${formatCount(inputTokens)} input and ${formatCount(outputTokens)} output tokens`;
}
