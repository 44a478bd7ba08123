import { stainlessKind } from './client-kind.js';
import { methodKind, trackMethods } from './method-client.js';
import type { StainlessClient } from './stainless-client.js';
import { trackStainlessClient } from './stainless-client.js';
import type { TrackOptions } from './track-options.js';

/** Every client that `track` made, so that tracking twice is tracking once. */
const views = new WeakSet<object>();

/**
 * The same client, with every call of a model recorded: its model, prompt and answer, tokens as the provider reports them, time
 * to the first token, errors, time-outs and aborts. Takes the official clients `openai` (`AzureOpenAI` too), `@anthropic-ai/sdk` and
 * `ollama`, and objects with the same methods; anything else is given back as it is. Results, errors, streams and types are the client's own; the client that is
 * given stays as it was. A call is part of the current request, or else a request of its own.
 *
 * @example
 * const openai = track(new OpenAI(), { monitor });
 */
export function track<T extends object>(client: T, options: TrackOptions = {}): T {
  if (views.has(client)) return client;
  const view = viewOf(client, options);
  if (view !== client) views.add(view);
  return view;
}

function viewOf<T extends object>(client: T, options: TrackOptions): T {
  try {
    const kind = stainlessKind(client);
    if (kind !== undefined) {
      const again = <C extends object>(other: C) => track(other, options);
      return trackStainlessClient(client as T & StainlessClient, kind, options, again);
    }
    const methods = methodKind(client);
    return methods === undefined ? client : trackMethods(client, methods, options);
  } catch {
    // Getters that throw: an object that cannot be looked at is not one of the clients.
    return client;
  }
}
