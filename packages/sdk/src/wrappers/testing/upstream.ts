import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A call as it arrived. */
export interface ReceivedCall {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** An answer: a body, or pieces of one that are sent as they come. */
export interface Reply {
  readonly status?: number;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string | Buffer;
  readonly pieces?: AsyncIterable<string> | Iterable<string>;
}

/** A provider made of answers that a test decides. */
export interface Upstream {
  readonly url: string;
  readonly calls: ReceivedCall[];
  /** Calls whose client went away before the end of the answer. */
  readonly aborted: ReceivedCall[];
  answer: (call: ReceivedCall) => Reply | Promise<Reply>;
  close(): Promise<void>;
}

/** Starts one on a free port of the loopback. */
export async function startUpstream(): Promise<Upstream> {
  const calls: ReceivedCall[] = [];
  const aborted: ReceivedCall[] = [];
  const upstream = {
    url: '',
    calls,
    aborted,
    answer: (): Reply | Promise<Reply> => ({ status: 500 }),
    close: () => new Promise<void>((resolve) => server.close(() => resolve()).closeAllConnections()),
  };
  const server = createServer(async (request, response) => {
    const call = await receive(request);
    calls.push(call);
    response.on('close', () => {
      if (!response.writableFinished) aborted.push(call);
    });
    await send(await (upstream as Upstream).answer(call), response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  upstream.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return upstream;
}

async function receive(request: IncomingMessage): Promise<ReceivedCall> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { method = '', url = '', headers } = request;
  return { method, path: url, headers, text: Buffer.concat(chunks).toString() };
}

async function send({ status = 200, headers = {}, body = '', pieces }: Reply, response: ServerResponse): Promise<void> {
  response.writeHead(status, headers);
  response.flushHeaders();
  if (pieces === undefined) {
    response.end(body);
    return;
  }
  for await (const piece of pieces) {
    if (response.destroyed) return;
    response.write(piece);
  }
  response.end();
}
