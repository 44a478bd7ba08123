import { createServer } from 'node:net';
import { errorCode } from '../failure.js';

/** What listening on an address would give. */
export type PortState =
  | { readonly kind: 'free' }
  | { readonly kind: 'taken' }
  | { readonly kind: 'not-permitted' }
  | { readonly kind: 'unusable'; readonly message: string };

/** How many ports above a taken one are tried for a suggestion. */
const SUGGESTIONS_TRIED = 50;

/** Listens for an instant. Port 0 is always free. */
export function checkPort(host: string, port: number): Promise<PortState> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => {
      const code = errorCode(error);
      if (code === 'EADDRINUSE') resolve({ kind: 'taken' });
      else if (code === 'EACCES' || code === 'EPERM') resolve({ kind: 'not-permitted' });
      else resolve({ kind: 'unusable', message: error.message });
    });
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve({ kind: 'free' })));
  });
}

/** The first free port above the given one; `undefined` when the next fifty are taken. */
export async function suggestPort(host: string, port: number): Promise<number | undefined> {
  for (let candidate = port + 1; candidate <= Math.min(65_535, port + SUGGESTIONS_TRIED); candidate++) {
    if ((await checkPort(host, candidate)).kind === 'free') return candidate;
  }
  return undefined;
}
