import type { Monitor } from '../monitor.js';
import type { RequestDetails } from '../request.js';

/** How calls of models are recorded by `track`, `trackCall` and `vedettaMiddleware`. */
export interface TrackOptions {
  /** Records the calls. Default: the monitor that this process made first, else a new one with its defaults. */
  readonly monitor?: Monitor;
  /**
   * `gen_ai.provider.name` of the calls. Default: told by the client and the host of its base URL (`api.groq.com` is `groq`,
   * port 11434 of this machine `ollama`).
   */
  readonly provider?: string;
  /**
   * CPU time and memory of the process during each call, whatever it did meanwhile. Default true; costs up to 20 µs a call.
   */
  readonly resources?: boolean;
  /**
   * Ask for the usage of streams whose provider reports it only on request (`stream_options.include_usage`), and hide the
   * extra piece of the stream that answers it. Default false: a call is sent as it was made, and the server estimates.
   */
  readonly streamUsage?: boolean;
  /** What is said of the request that a call becomes when it is made outside of any request. */
  readonly request?: RequestDetails;
}
