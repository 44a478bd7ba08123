import type { RawSpan } from '@vedetta/model';
import { findProvider, openAiCompatible } from '@vedetta/providers';
import type { Gateway, GatewayOptions } from '../gateway.js';
import { createGateway } from '../gateway.js';
import { listen } from './replay-upstream.js';

/** A gateway behind a real HTTP server, whose spans are kept. */
export interface TestGateway {
  readonly url: string;
  readonly gateway: Gateway;
  readonly spans: RawSpan[];
  /** The span of the call that stated this id, once it is recorded. */
  callOf(requestId: string): Promise<RawSpan>;
  close(): Promise<void>;
}

/** Starts one whose upstreams all lead to one address. */
export async function startTestGateway(
  upstreams: Readonly<Record<string, string>>,
  options: Partial<GatewayOptions> = {},
): Promise<TestGateway> {
  const spans: RawSpan[] = [];
  const gateway = createGateway({
    upstreams: Object.entries(upstreams).map(([name, url]) => ({
      name,
      url,
      provider: findProvider(name) ?? openAiCompatible(name),
    })),
    sink: (batch) => void spans.push(...batch),
    timeouts: { connectMs: 5000, headersMs: 60_000, idleMs: 60_000 },
    injectUsage: true,
    ...options,
  });
  const { url, close } = await listen((request, response) => {
    gateway.handle(request, response, (request.url ?? '').slice('/gateway/'.length));
  });
  return {
    url,
    gateway,
    spans,
    async callOf(requestId) {
      await gateway.flush();
      const found = spans.find(
        ({ attributes, kind, endUnixNano }) =>
          kind === 3 && endUnixNano !== 0n && attributes['vedetta.request.id'] === requestId,
      );
      if (found === undefined) throw new Error(`no call of ${requestId} is recorded`);
      return found;
    },
    async close() {
      await gateway.close();
      await close();
    },
  };
}
