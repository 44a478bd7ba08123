import type { Usage } from '@vedetta/model';
import { AnswerDraft } from '../answer-draft.js';
import { known, requestFacts } from '../facts.js';
import { asCount, asName, asObject, objectOrNothing } from '../json.js';
import { promptMessages } from '../openai/chat.js';
import { llamaTimings } from '../openai/llama-timings.js';
import { readParameters } from '../parameters.js';
import type {
  ContentKind,
  Endpoint,
  ProviderError,
  ProviderTiming,
  RequestFacts,
  ResponseFacts,
  ResponseReader,
} from '../provider.js';
import { readError } from '../provider-error.js';
import { reportedUsage, sumOf } from '../usage-counts.js';

/** llama.cpp's own `POST /completion`. */
export const llamaCompletion: Endpoint = {
  operation: 'text_completion',
  modality: 'text',
  streamFraming: 'sse',
  readRequest: readLlamaRequest,
  readResponse: () => new LlamaResponseReader(),
};

function readLlamaRequest(value: unknown): RequestFacts {
  const body = objectOrNothing(value);
  return requestFacts({
    model: asName(body.model),
    stream: typeof body.stream === 'boolean' ? body.stream : undefined,
    parameters: readParameters(body),
    inputMessages: promptMessages(body.prompt),
  });
}

// Its words for why it stopped, of which only `limit` is not the common one.
const STOPS: { readonly [stop: string]: string | undefined } = {
  __proto__: null as never,
  eos: 'stop',
  word: 'stop',
  limit: 'length',
};

/** The prompt is what was evaluated and what was in the cache: `timings` tells them apart. */
class LlamaResponseReader implements ResponseReader {
  readonly #answer = new AnswerDraft();
  #model: string | undefined;
  #usage: Usage | undefined;
  #timings: readonly ProviderTiming[] | undefined;
  #error: ProviderError | undefined;
  #ended = false;

  document(body: unknown): void {
    this.event(body);
    this.#ended = true;
  }

  event(data: unknown): ContentKind {
    this.#error ??= readError(data);
    const body = asObject(data);
    if (body === undefined) return 'none';
    this.#model = asName(body.model) ?? this.#model;
    this.#timings = llamaTimings(body.timings) ?? this.#timings;
    const timings = objectOrNothing(body.timings);
    const cached = asCount(timings.cache_n);
    this.#usage =
      reportedUsage({
        inputTokens: sumOf(asCount(timings.prompt_n), cached) ?? asCount(body.tokens_evaluated),
        outputTokens: asCount(timings.predicted_n) ?? asCount(body.tokens_predicted),
        cacheReadTokens: cached,
      }) ?? this.#usage;
    if (body.stop === true) {
      this.#ended = true;
      const stop = asName(body.stop_type);
      this.#answer.finish(0, stop === undefined ? undefined : (STOPS[stop] ?? stop));
    }
    if (typeof body.content !== 'string' || body.content === '') return 'none';
    this.#answer.choice(0)?.text.append(body.content);
    return 'visible';
  }

  facts(): ResponseFacts {
    return known({
      model: this.#model,
      finishReasons: this.#answer.finishReasons,
      usage: this.#usage,
      outputMessages: this.#answer.outputMessages,
      error: this.#error,
      timings: this.#timings,
      ended: this.#ended,
    });
  }
}
