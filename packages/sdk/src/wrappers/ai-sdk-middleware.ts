import type { Monitor } from '../monitor.js';
import { AiSdkReader, readAiSdkCall } from './ai-sdk-reading.js';
import { CallRecorder } from './call-recorder.js';
import { monitorOf } from './monitor-of.js';
import { safely } from './safely.js';
import type { TrackOptions } from './track-options.js';

/** A model of the AI SDK as far as it is used: versions 2 and 3 of its specification have it. */
export interface AiSdkModelLike {
  readonly provider: string;
  readonly modelId: string;
}

/** What the AI SDK hands to a middleware. */
export interface AiSdkCall<G, S> {
  doGenerate(): PromiseLike<G>;
  doStream(): PromiseLike<S>;
  readonly params: unknown;
  readonly model: AiSdkModelLike;
}

/** A middleware for `wrapLanguageModel`: it fits `LanguageModelV3Middleware` of ai 6 and the one of ai 5. */
export interface AiSdkMiddleware {
  readonly specificationVersion: 'v3';
  wrapGenerate<G>(call: AiSdkCall<G, unknown>): Promise<G>;
  wrapStream<S extends { stream: ReadableStream }>(call: AiSdkCall<unknown, S>): Promise<S>;
}

/**
 * Records every call of a language model of the Vercel AI SDK, each step of a tool loop by itself: model, prompt, answer, tool
 * calls, usage with its cached and reasoning parts, time to the first token.
 *
 * @example
 * const model = wrapLanguageModel({ model: openai('gpt-4o'), middleware: vedettaMiddleware(monitor) });
 */
export function vedettaMiddleware(
  monitor?: Monitor,
  options: Omit<TrackOptions, 'monitor' | 'streamUsage'> = {},
): AiSdkMiddleware {
  const known: TrackOptions = monitor === undefined ? options : { ...options, monitor };
  const start = (call: AiSdkCall<unknown, unknown>, stream: boolean) => safely(() => startCall(known, call, stream));
  return {
    specificationVersion: 'v3',
    async wrapGenerate(call) {
      const recorder = start(call, false);
      const result = await failing(recorder, () => call.doGenerate());
      safely(() => recorder?.document(result));
      return result;
    },
    async wrapStream(call) {
      const recorder = start(call, true);
      const result = await failing(recorder, () => call.doStream());
      return recorder === undefined ? result : { ...result, stream: observed(result.stream, recorder) };
    },
  };
}

function startCall(
  options: TrackOptions,
  { params, model }: AiSdkCall<unknown, unknown>,
  stream: boolean,
): CallRecorder {
  const { abortSignal } = (params ?? {}) as { readonly abortSignal?: AbortSignal };
  const start = {
    operation: 'chat',
    modality: 'text',
    provider: options.provider ?? providerName(model.provider),
    model: model.modelId,
    stream,
    facts: readAiSdkCall(params),
    signal: abortSignal,
  };
  return new CallRecorder(monitorOf(options), options, start, new AiSdkReader());
}

async function failing<R>(recorder: CallRecorder | undefined, run: () => PromiseLike<R>): Promise<R> {
  try {
    return await run();
  } catch (error) {
    safely(() => recorder?.fail(error));
    throw error;
  }
}

/** The same parts at the same pace; a consumer that cancels cancels the source. */
function observed(source: ReadableStream, recorder: CallRecorder): ReadableStream {
  const reader = source.getReader();
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (done) {
            safely(() => recorder.end());
            controller.close();
            return;
          }
          safely(() => recorder.event(value, ''));
          controller.enqueue(value);
        } catch (error) {
          safely(() => recorder.fail(error));
          controller.error(error);
        }
      },
      cancel(reason) {
        safely(() => recorder.end({ left: true }));
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

/** `openai.chat` and `openai.responses` are APIs of one provider. */
function providerName(name: string): string {
  return name.replace(/\.(?:chat|responses|completion|messages|embedding)s?$/, '');
}
