import type { AttributeValue, Message, Span } from '@vedetta/model';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { decodeTraces } from '../otlp/decode-traces.js';
import type { LangfuseTrace, OtlpRequest, SpanDump } from '../testing/index.js';
import {
  encodeJsonTraces,
  encodeProtobufTraces,
  filesEndingWith,
  fromAttributes,
  fromLangfuseExport,
  fromSpanDumps,
  readJson,
  sharedDataFolder,
} from '../testing/index.js';
import { normaliseSpans } from './normalise-spans.js';

const folder = sharedDataFolder('otlp-genai-traces');
const read = <T>(name: string) => (folder === undefined ? [] : readJson(`${folder}openinference/${name}`)) as T;

function receive(request: OtlpRequest): Span[] {
  const [fromProtobuf, fromJson] = [
    decodeTraces(encodeProtobufTraces(request), 'protobuf'),
    decodeTraces(encodeJsonTraces(request), 'json'),
  ];
  expect(fromProtobuf).toEqual(fromJson);
  if (fromProtobuf.kind !== 'ok') throw new Error(fromProtobuf.message);
  expect(fromProtobuf.rejected).toBe(0);
  return normaliseSpans(fromProtobuf.spans);
}

describe.skipIf(folder === undefined)('data of OpenInference (skipped: no shared data)', () => {
  it('a call written in OpenInference and in the GenAI conventions comes out the same', () => {
    const attributes = (name: string) => read<{ [key: string]: AttributeValue }>(name);
    const [openInference] = receive(fromAttributes(attributes('openinference_client_span_tool_calls.json')));
    const [genAi] = receive(fromAttributes(attributes('otel_genai_client_span_tool_calls.json')));
    expect(openInference?.genAi?.dialects).toEqual(['openinference']);
    expect(genAi?.genAi?.dialects).toEqual(['gen_ai']);
    const common = {
      operation: 'chat',
      provider: 'openai',
      parameters: { temperature: 0.5, top_p: 0.9, max_tokens: 200 },
      inputMessages: [
        { role: 'user', parts: [{ type: 'text', content: 'Weather in Paris?' }] },
        {
          role: 'assistant',
          parts: [
            { type: 'text', content: 'Absolutely! Let me check the weather for you.' },
            { type: 'tool_call', id: '1234', name: 'get_weather', arguments: { location: 'Paris' } },
          ],
        },
        { role: 'tool', parts: [{ type: 'tool_call_response', id: '1234', response: 'rainy, 57°F' }] },
      ],
      outputMessages: [
        {
          role: 'assistant',
          parts: [{ type: 'text', content: 'The weather in Paris is currently rainy with a temperature of 57°F.' }],
        },
      ],
    };
    expect(openInference?.genAi).toMatchObject({
      ...common,
      requestModel: 'gpt-4-0613',
      usage: { inputTokens: 97, outputTokens: 52, statedTotalTokens: 149 },
    });
    expect(genAi?.genAi).toMatchObject({
      ...common,
      requestModel: 'gpt-4',
      responseModel: 'gpt-4-0613',
      responseId: 'chatcmpl-CQF10eCkoFphJZJQkzzN6EkTD0AVF',
      finishReasons: ['stop'],
      usage: { inputTokens: 97, outputTokens: 52 },
    });
  });

  it('Vercel: the parent has the aggregate, the call inside counts', () => {
    const parents = receive(fromSpanDumps(read<SpanDump[]>('ai-generateText.json'), 'ai'));
    const calls = receive(fromSpanDumps(read<SpanDump[]>('ai-generateText-doGenerate.json'), 'ai'));
    const answer = 'Lines of code align,  \nLogic dances through the night—  \nDreams in data flow.';
    for (const [span, aggregate, operation] of [
      [parents[0], true, 'invoke_agent'],
      [calls[0], false, 'chat'],
    ] as const) {
      expect(span?.genAi).toMatchObject({
        operation,
        aggregate,
        provider: 'openai',
        requestModel: 'gpt-4o-mini',
        usage: { inputTokens: 14, outputTokens: 20 },
        finishReasons: ['stop'],
        inputMessages: [{ role: 'user', parts: [{ type: 'text', content: 'Write a haiku about programming.' }] }],
        outputMessages: [{ role: 'assistant', parts: [{ type: 'text', content: answer }] }],
      });
    }
    expect(calls[0]?.genAi?.responseModel).toBe('gpt-4o-mini-2024-07-18');
    expect(parents[1]?.genAi?.inputMessages?.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
    expect(calls[1]?.genAi?.inputMessages).toEqual(parents[1]?.genAi?.inputMessages);
    expect(parents[0]?.startUnixNano).toBe(1770131992241000000n);
  });

  it('Vercel: an embedding', () => {
    const [span] = receive(fromSpanDumps(read<SpanDump[]>('ai-embed.json'), 'ai'));
    expect(span?.genAi).toMatchObject({
      operation: 'embeddings',
      requestModel: 'text-embedding-3-small',
      usage: { inputTokens: 10 },
      inputMessages: [{ parts: [{ type: 'text', content: 'The quick brown fox jumps over the lazy dog.' }] }],
    });
    expect(span?.facts.modality).toBe('embedding');
  });

  it('every message of every file has the shape of the GenAI schemas', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const validInput = ajv.compile(read<object>('gen-ai-input-messages.json'));
    const validOutput = ajv.compile(read<object>('gen-ai-output-messages.json'));
    const traces = `${folder}langfuse-framework-traces/`;
    const spans = [
      ...filesEndingWith(traces, '.trace.json').flatMap((name) =>
        receive(fromLangfuseExport(readJson(traces + name) as LangfuseTrace)),
      ),
      ...['ai-generateText.json', 'ai-generateText-doGenerate.json', 'ai-embed.json'].flatMap((name) =>
        receive(fromSpanDumps(read<SpanDump[]>(name), 'ai')),
      ),
    ];
    let messages = 0;
    for (const { genAi } of spans) {
      const input = genAi?.inputMessages ?? [];
      const output = (genAi?.outputMessages ?? []).map(withFinishReason);
      expect(validInput(input), JSON.stringify(validInput.errors)).toBe(true);
      expect(validOutput(output), JSON.stringify(validOutput.errors)).toBe(true);
      messages += input.length + output.length;
    }
    expect(messages).toBeGreaterThan(100);
  });
});

/** The schema is of the generation that requires a finish reason; one that nobody stated is not made up. */
function withFinishReason(message: Message): Message {
  return { finish_reason: 'stop', ...message };
}
