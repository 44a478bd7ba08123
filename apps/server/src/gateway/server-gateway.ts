import type { Gateway } from '@vedetta/gateway';
import { createGateway } from '@vedetta/gateway';
import type { Logger } from 'pino';
import type { ResolvedConfig } from '../config/config.js';
import type { LiveFeed } from '../live/live-feed.js';
import type { Pipeline } from '../pipeline.js';
import { SpanQueue } from './span-queue.js';
import { gatewayUpstreams } from './upstreams.js';

/** The gateway of this server, and the queue its spans go through. */
export interface ServerGateway {
  readonly gateway: Gateway;
  readonly queue: SpanQueue;
  /** Cuts what runs, stores what was recorded. Before the store is closed. */
  close(): Promise<void>;
}

/** What it is made of. */
export interface ServerGatewayParts {
  readonly config: Pick<ResolvedConfig, 'gateway'>;
  readonly pipeline: Pick<Pipeline, 'takeSpans'>;
  readonly feed: Pick<LiveFeed, 'find'>;
  readonly log: Pick<Logger, 'warn'>;
}

/** Creates the gateway with the upstreams of the configuration. */
export function createServerGateway({ config, pipeline, feed, log }: ServerGatewayParts): ServerGateway {
  const { upstreams, connectTimeoutSeconds, headersTimeoutSeconds, idleTimeoutSeconds, injectUsage } = config.gateway;
  const queue = new SpanQueue({ write: (spans) => pipeline.takeSpans(spans) });
  const gateway = createGateway({
    upstreams: gatewayUpstreams(upstreams),
    sink: (spans) => queue.push(spans),
    timeouts: {
      connectMs: connectTimeoutSeconds * 1000,
      headersMs: headersTimeoutSeconds * 1000,
      idleMs: idleTimeoutSeconds * 1000,
    },
    injectUsage,
    findRequest: (requestId) => {
      const request = feed.find(requestId);
      if (request === undefined || request.rootSpanId === '') return undefined;
      return { traceId: request.traceId, spanId: request.rootSpanId };
    },
    onUsageRefused: (upstream) => {
      log.warn({ upstream }, 'the upstream refuses stream_options; usage of its streams is asked for no longer');
    },
  });
  return {
    gateway,
    queue,
    async close() {
      await gateway.close();
      await queue.close();
    },
  };
}
