import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import type { FrontDoor } from './front-door.js';
import { SlowBodies } from './slow-bodies.js';

/** Times of an HTTP server, in milliseconds. */
export interface HttpServerTimes {
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly keepAliveMs: number;
  readonly checkIntervalMs: number;
}

/**
 * An HTTP server whose requests go through a door first, to the listener otherwise. Node's own limit on the time of a whole request
 * knows no exceptions, so it is off, and requests that pass the door are watched here instead: uploads to an upstream may take long.
 */
export function createDoorServer(door: FrontDoor, listener: RequestListener, times: HttpServerTimes): Server {
  const slow = new SlowBodies(times.requestTimeoutMs, times.checkIntervalMs);
  const server = createServer(
    {
      headersTimeout: times.headersTimeoutMs,
      requestTimeout: 0,
      keepAliveTimeout: times.keepAliveMs,
      connectionsCheckingInterval: times.checkIntervalMs,
    },
    (request, response) => {
      if (door(request, response)) return;
      slow.watch(request);
      listener(request, response);
    },
  );
  server.once('close', () => slow.stop());
  return server;
}
