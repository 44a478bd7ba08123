import type { Server } from 'node:http';

/** The requests a server is answering, so that closing waits for them and for nothing else. */
export class OpenRequests {
  readonly #server: Server;
  #open = 0;
  #closing = false;

  constructor(server: Server) {
    this.#server = server;
    server.prependListener('request', (_request, response) => {
      this.#open += 1;
      response.once('close', () => {
        this.#open -= 1;
        this.#cutWhenDone();
      });
    });
  }

  /** Cuts connections as soon as no request is open: at once those that only might send another one. */
  finish(): void {
    this.#closing = true;
    this.#cutWhenDone();
  }

  #cutWhenDone(): void {
    if (this.#closing && this.#open === 0) this.#server.closeAllConnections();
  }
}
