import type { Agent, IncomingHttpHeaders, RequestOptions } from 'node:http';
import { request } from 'node:http';

/** An answer as it came. */
export interface RawAnswer {
  readonly status: number;
  readonly message: string;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  /** The body broke off. */
  readonly aborted: boolean;
}

/** Sends a request and takes the whole answer, also one that breaks off. */
export function call(
  url: string,
  options: {
    readonly method?: string;
    readonly headers?: RequestOptions['headers'];
    readonly body?: string | Buffer;
    readonly agent?: Agent;
  } = {},
): Promise<RawAnswer> {
  const { method = 'POST', headers = {}, body, agent } = options;
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers, agent: agent ?? false }, (incoming) => {
      const chunks: Buffer[] = [];
      let aborted = false;
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', () => {
        aborted = true;
      });
      incoming.on('close', () =>
        resolve({
          status: incoming.statusCode ?? 0,
          message: incoming.statusMessage ?? '',
          headers: incoming.headers,
          rawHeaders: incoming.rawHeaders,
          body: Buffer.concat(chunks),
          aborted: aborted || !incoming.complete,
        }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
