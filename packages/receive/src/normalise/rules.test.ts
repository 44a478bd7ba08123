import type { AttributeValue, Span } from '@vedetta/model';
import { describe, expect, it } from 'vitest';
import { decodeTraces } from '../otlp/decode-traces.js';
import { encodeProtobufTraces, fromAttributes } from '../testing/index.js';
import { normaliseSpans } from './normalise-spans.js';

type Attributes = { readonly [key: string]: AttributeValue };

function receive(attributes: Attributes, change: (span: Span) => void = () => {}): Span {
  const result = decodeTraces(encodeProtobufTraces(fromAttributes(attributes, 'run')), 'protobuf');
  if (result.kind !== 'ok' || result.spans[0] === undefined) throw new Error('no span');
  change(result.spans[0] as Span);
  return normaliseSpans(result.spans)[0] as Span;
}

const genAiOf = (attributes: Attributes) => receive(attributes).genAi;
const factsOf = (attributes: Attributes) => receive(attributes).facts;

const ASKED = [{ role: 'user', parts: [{ type: 'text', content: '2+2?' }] }];
const ANSWERED = [{ role: 'assistant', parts: [{ type: 'text', content: '4' }] }];

describe('a span of no dialect', () => {
  it('has no facts and stays as it is', () => {
    const span = receive({ 'http.request.method': 'GET', 'db.system': 'postgresql' });
    expect(span.facts).toEqual({});
    expect(span.genAi).toBeUndefined();
    expect(span.attributes).toEqual({ 'http.request.method': 'GET', 'db.system': 'postgresql' });
  });
});

describe('vedetta', () => {
  it('states what the SDK says', () => {
    expect(
      factsOf({
        'vedetta.span.kind': 'request',
        'vedetta.request.id': 'req-1',
        'vedetta.modality': 'hologram',
        'vedetta.state': 'cancelled',
        'vedetta.request.size_bytes': 120,
        'vedetta.response.size_bytes': 4000,
        'vedetta.custom_data': '{"a":1}',
        'vedetta.phase.current': 'retrieval',
        'user.id': 'u1',
        'session.id': 's1',
        'gen_ai.request.stream': true,
      }),
    ).toEqual({
      vedettaKind: 'request',
      requestId: 'req-1',
      modality: 'hologram',
      state: 'cancelled',
      requestSizeBytes: 120,
      responseSizeBytes: 4000,
      customData: '{"a":1}',
      currentPhase: 'retrieval',
      userId: 'u1',
      sessionId: 's1',
      stream: true,
    });
  });

  it('reads a score, and ignores a kind it does not know', () => {
    const score = {
      'gen_ai.evaluation.name': 'helpful',
      'gen_ai.evaluation.score.value': 0.5,
      'gen_ai.evaluation.explanation': 'ok',
    };
    expect(factsOf({ 'vedetta.span.kind': 'score', ...score }).score).toEqual({
      name: 'helpful',
      value: 0.5,
      comment: 'ok',
    });
    expect(factsOf({ 'vedetta.span.kind': 'novel' })).toEqual({});
  });
});

describe('the GenAI conventions', () => {
  it.each([
    ['G2', { 'gen_ai.usage.cache_write.input_tokens': 5, 'gen_ai.usage.cache_creation.input_tokens': 99 }],
    ['G1', { 'gen_ai.usage.cache_creation.input_tokens': 5 }],
  ])('%s: cache writes, the newest name first', (_, attributes) => {
    expect(genAiOf({ 'gen_ai.usage.input_tokens': 20, ...attributes })?.usage?.cacheWriteTokens).toBe(5);
  });

  it('G1: one call with everything', () => {
    expect(
      genAiOf({
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'anthropic',
        'gen_ai.request.model': 'claude-x',
        'gen_ai.response.model': 'claude-x-1',
        'gen_ai.response.id': 'msg_1',
        'gen_ai.response.finish_reasons': ['end_turn'],
        'gen_ai.response.time_to_first_chunk': 0.25,
        'gen_ai.request.stream': true,
        'gen_ai.request.temperature': 0.5,
        'gen_ai.request.max_tokens': 100,
        'gen_ai.request.stop_sequences': ['x'],
        'gen_ai.usage.input_tokens': 100,
        'gen_ai.usage.output_tokens': 20,
        'gen_ai.usage.cache_read.input_tokens': 40,
        'gen_ai.usage.reasoning.output_tokens': 8,
        'gen_ai.input.messages': JSON.stringify(ASKED),
        'gen_ai.output.messages': ANSWERED,
        'gen_ai.system_instructions': [{ type: 'text', content: 'be brief' }],
        'gen_ai.agent.name': 'helper',
        'gen_ai.prompt.name': 'sum',
        'gen_ai.prompt.version': '3',
      }),
    ).toEqual({
      operation: 'chat',
      provider: 'anthropic',
      requestModel: 'claude-x',
      responseModel: 'claude-x-1',
      responseId: 'msg_1',
      finishReasons: ['stop'],
      stream: true,
      timeToFirstTokenMs: 250,
      parameters: { temperature: 0.5, max_tokens: 100, stop_sequences: ['x'] },
      usage: { inputTokens: 100, outputTokens: 20, cacheReadTokens: 40, reasoningTokens: 8, source: 'reported' },
      inputMessages: ASKED,
      outputMessages: [{ ...ANSWERED[0], finish_reason: 'stop' }],
      systemInstructions: [{ type: 'text', content: 'be brief' }],
      agentName: 'helper',
      promptName: 'sum',
      promptVersion: '3',
      aggregate: false,
      dialects: ['gen_ai'],
    });
  });

  it('G0: the old names, flattened messages, tool calls', () => {
    expect(
      genAiOf({
        'gen_ai.system': 'az.ai.openai',
        'gen_ai.request.model': 'gpt-x',
        'gen_ai.usage.prompt_tokens': '12',
        'gen_ai.usage.completion_tokens': 3.0,
        'gen_ai.prompt.0.role': 'user',
        'gen_ai.prompt.0.content': '2+2?',
        'gen_ai.completion.0.role': 'assistant',
        'gen_ai.completion.0.finish_reason': 'tool_calls',
        'gen_ai.completion.0.tool_calls.0.id': 'c1',
        'gen_ai.completion.0.tool_calls.0.name': 'add',
        'gen_ai.completion.0.tool_calls.0.arguments': '{"a":2,"b":2}',
      }),
    ).toMatchObject({
      operation: 'chat',
      provider: 'azure.ai.openai',
      usage: { inputTokens: 12, outputTokens: 3 },
      inputMessages: ASKED,
      outputMessages: [
        { role: 'assistant', parts: [{ type: 'tool_call', id: 'c1', name: 'add', arguments: { a: 2, b: 2 } }] },
      ],
      finishReasons: ['tool_call'],
    });
  });

  it('G0: one event a message', () => {
    const span = receive({ 'gen_ai.system': 'openai', 'gen_ai.request.model': 'gpt-x' }, (raw) => {
      const event = (name: string, attributes: Attributes) => ({ name, timeUnixNano: raw.startUnixNano, attributes });
      raw.events = [
        event('gen_ai.system.message', { content: 'be brief' }),
        event('gen_ai.user.message', { content: '2+2?' }),
        event('gen_ai.assistant.message', {
          tool_calls: '[{"id":"c1","type":"function","function":{"name":"add","arguments":"{}"}}]',
        }),
        event('gen_ai.tool.message', { content: '4', id: 'c1' }),
        event('gen_ai.choice', { index: 0, finish_reason: 'stop', message: '{"role":"assistant","content":"4"}' }),
      ];
    });
    expect(span.genAi).toMatchObject({
      operation: 'chat',
      inputMessages: [
        { role: 'system', parts: [{ type: 'text', content: 'be brief' }] },
        ...ASKED,
        { role: 'assistant', parts: [{ type: 'tool_call', name: 'add', id: 'c1', arguments: {} }] },
        { role: 'tool', parts: [{ type: 'tool_call_response', response: '4', id: 'c1' }] },
      ],
      outputMessages: [{ ...ANSWERED[0], finish_reason: 'stop' }],
      finishReasons: ['stop'],
    });
  });

  it('G0: prompt and completion as one text, on the span or in its two events', () => {
    expect(
      genAiOf({ 'gen_ai.prompt': JSON.stringify([{ role: 'user', content: '2+2?' }]), 'gen_ai.completion': '4' }),
    ).toMatchObject({
      inputMessages: ASKED,
      outputMessages: ANSWERED,
    });
    const span = receive({ 'gen_ai.system': 'x' }, (raw) => {
      raw.events = [
        { name: 'gen_ai.content.prompt', timeUnixNano: 1n, attributes: { 'gen_ai.prompt': '2+2?' } },
        { name: 'gen_ai.content.completion', timeUnixNano: 1n, attributes: { 'gen_ai.completion': '4' } },
      ];
    });
    expect(span.genAi).toMatchObject({ inputMessages: ASKED, outputMessages: ANSWERED });
  });

  it('newer names win over older ones and over dialects', () => {
    expect(
      genAiOf({
        'gen_ai.provider.name': 'openai',
        'gen_ai.system': 'cohere',
        'llm.provider': 'mistral',
        'gen_ai.input.messages': JSON.stringify(ASKED),
        'gen_ai.prompt.0.content': 'old',
        'llm.input_messages.0.message.content': 'other',
        'gen_ai.usage.input_tokens': 1,
        'gen_ai.usage.prompt_tokens': 2,
        'llm.token_count.prompt': 3,
      }),
    ).toMatchObject({ provider: 'openai', inputMessages: ASKED, usage: { inputTokens: 1 } });
  });

  it('a tool run', () => {
    expect(
      genAiOf({
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': 'add',
        'gen_ai.tool.call.id': 'c1',
        'gen_ai.tool.call.arguments': '{"a":2}',
        'gen_ai.tool.call.result': { sum: 4 },
      }),
    ).toMatchObject({ toolName: 'add', toolCallId: 'c1', toolCallArguments: { a: 2 }, toolCallResult: { sum: 4 } });
  });
});

describe('tokens', () => {
  it('of a sender that leaves cached tokens out of the input are added, and it is noted', () => {
    expect(
      genAiOf({
        'gen_ai.usage.input_tokens': 10,
        'gen_ai.usage.cache_read.input_tokens': 90,
        'gen_ai.usage.cache_creation.input_tokens': 5,
      })?.usage,
    ).toEqual({ inputTokens: 105, cacheReadTokens: 90, cacheWriteTokens: 5, cacheAdded: true, source: 'reported' });
    expect(genAiOf({ 'gen_ai.usage.input_tokens': 100, 'gen_ai.usage.cache_read.input_tokens': 90 })?.usage).toEqual({
      inputTokens: 100,
      cacheReadTokens: 90,
      source: 'reported',
    });
  });

  it('of Langfuse exclude each other and become totals', () => {
    const details = { input: 10, input_cached_tokens: 90, output: 5, output_reasoning_tokens: 15, total: 120 };
    expect(
      genAiOf({
        'langfuse.observation.type': 'generation',
        'langfuse.observation.usage_details': JSON.stringify(details),
      })?.usage,
    ).toEqual({
      inputTokens: 100,
      outputTokens: 20,
      cacheReadTokens: 90,
      reasoningTokens: 15,
      statedTotalTokens: 120,
      cacheAdded: true,
      source: 'reported',
    });
  });

  it.each([
    ['12', 12],
    [12.0, 12],
    [-1, undefined],
    ['NaN', undefined],
    ['many', undefined],
    ['', undefined],
    [true, undefined],
    [1e300, undefined],
  ])('%j is %j', (given, expected) => {
    expect(genAiOf({ 'gen_ai.request.model': 'm', 'gen_ai.usage.input_tokens': given })?.usage?.inputTokens).toBe(
      expected,
    );
  });

  it.each([
    ['invoke_agent', true],
    ['invoke_workflow', true],
    ['chat', false],
    ['embeddings', false],
    ['execute_tool', true],
  ])('of %s are a sum of those inside: %s', (operation, aggregate) => {
    expect(genAiOf({ 'gen_ai.operation.name': operation, 'gen_ai.usage.input_tokens': 5 })?.aggregate).toBe(aggregate);
  });
});

describe('finish reasons', () => {
  it.each([
    ['tool-calls', 'tool_call'],
    ['tool_calls', 'tool_call'],
    ['tool_use', 'tool_call'],
    ['TOOL_CALL', 'tool_call'],
    ['end_turn', 'stop'],
    ['STOP', 'stop'],
    ['eos', 'stop'],
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['MAX_TOKENS', 'length'],
    ['content-filter', 'content_filter'],
    ['SAFETY', 'content_filter'],
    ['refusal', 'content_filter'],
    ['odd', 'odd'],
  ])('%s is %s', (raw, folded) => {
    const span = receive({ 'gen_ai.response.finish_reasons': [raw] });
    expect(span.genAi?.finishReasons).toEqual([folded]);
    expect(span.attributes['gen_ai.response.finish_reasons']).toEqual([raw]);
  });
});

describe('OpenInference', () => {
  it('takes the name of a graph node for the agent that has none, and for no other kind', () => {
    const node = { 'graph.node.id': 'n1', 'graph.node.name': 'planner' };
    expect(genAiOf({ 'openinference.span.kind': 'AGENT', ...node })?.agentName).toBe('planner');
    expect(genAiOf({ 'openinference.span.kind': 'AGENT', 'graph.node.id': 'n1' })?.agentName).toBe('n1');
    expect(genAiOf({ 'openinference.span.kind': 'AGENT', 'agent.name': 'a', ...node })?.agentName).toBe('a');
    expect(genAiOf({ 'openinference.span.kind': 'TOOL', ...node })?.agentName).toBeUndefined();
  });

  it.each([
    ['LLM', 'chat'],
    ['EMBEDDING', 'embeddings'],
    ['RETRIEVER', 'retrieval'],
    ['RERANKER', 'rerank'],
    ['TOOL', 'execute_tool'],
    ['AGENT', 'invoke_agent'],
    ['CHAIN', 'invoke_workflow'],
    ['GUARDRAIL', 'guardrail'],
  ])('%s is %s', (kind, operation) => {
    expect(genAiOf({ 'openinference.span.kind': kind })?.operation).toBe(operation);
  });

  it('a chain inside another span is no workflow', () => {
    const span = receive({ 'openinference.span.kind': 'CHAIN' }, (raw) => {
      raw.parentSpanId = '00000000000000aa';
    });
    expect(span.genAi?.operation).toBe('chain');
  });

  it('images, costs and cached tokens', () => {
    const message = 'llm.input_messages.0.message';
    expect(
      receive({
        'openinference.span.kind': 'LLM',
        [`${message}.role`]: 'user',
        [`${message}.contents.0.message_content.type`]: 'text',
        [`${message}.contents.0.message_content.text`]: 'what is it?',
        [`${message}.contents.1.message_content.type`]: 'image',
        [`${message}.contents.1.message_content.image.image.url`]: 'data:image/png;base64,QUJD',
        'llm.token_count.prompt': 50,
        'llm.token_count.prompt_details.cache_read': 20,
        'llm.cost.prompt': 0.25,
        'llm.cost.completion': 0.5,
      }),
    ).toMatchObject({
      facts: { modality: 'image' },
      genAi: {
        suppliedCostUsd: 0.75,
        usage: { inputTokens: 50, cacheReadTokens: 20 },
        inputMessages: [
          {
            role: 'user',
            parts: [
              { type: 'text', content: 'what is it?' },
              { type: 'blob', modality: 'image', mime_type: 'image/png', content: 'QUJD' },
            ],
          },
        ],
      },
    });
  });
});

describe('OpenLLMetry', () => {
  it('kinds, entities, association properties and cached tokens', () => {
    expect(
      receive({
        'traceloop.span.kind': 'workflow',
        'traceloop.workflow.name': 'support',
        'traceloop.entity.input': '{"args":["hi there"],"kwargs":{}}',
        'traceloop.entity.output': '"done"',
        'traceloop.association.properties.user_id': 7,
        'traceloop.association.properties.thread_id': 't1',
      }),
    ).toMatchObject({
      facts: { userId: '7', sessionId: 't1' },
      genAi: {
        operation: 'invoke_workflow',
        workflowName: 'support',
        inputMessages: [{ parts: [{ content: 'hi there' }] }],
      },
    });
    expect(
      genAiOf({
        'llm.request.type': 'completion',
        'gen_ai.system': 'Anthropic',
        'gen_ai.usage.prompt_tokens': 100,
        'gen_ai.usage.cache_read_input_tokens': 30,
        'llm.usage.total_tokens': 120,
        'llm.request.functions.0.name': 'add',
        'llm.request.functions.0.parameters': '{"type":"object"}',
        'llm.top_k': 5,
      }),
    ).toMatchObject({
      operation: 'text_completion',
      provider: 'anthropic',
      usage: { inputTokens: 100, cacheReadTokens: 30, statedTotalTokens: 120 },
      toolDefinitions: [{ type: 'function', name: 'add', parameters: { type: 'object' } }],
      parameters: { top_k: 5 },
    });
    expect(
      genAiOf({ 'traceloop.span.kind': 'tool', 'traceloop.entity.name': 'add', 'traceloop.entity.input': '{"a":1}' }),
    ).toMatchObject({
      operation: 'execute_tool',
      toolName: 'add',
      toolCallArguments: { a: 1 },
    });
  });
});

describe('the Vercel AI SDK', () => {
  it('a streamed call, its first chunk, cached and reasoning tokens', () => {
    expect(
      genAiOf({
        'ai.operationId': 'ai.streamText.doStream',
        'ai.model.provider': 'google.generative-ai',
        'ai.model.id': 'gemini-x',
        'ai.response.msToFirstChunk': 120.5,
        'ai.usage.inputTokens': 10,
        'ai.usage.cachedInputTokens': 4,
        'ai.usage.outputTokens': 6,
        'ai.usage.reasoningTokens': 2,
        'ai.response.reasoning': 'hm',
        'ai.response.text': '4',
        'ai.settings.maxOutputTokens': 50,
      }),
    ).toMatchObject({
      operation: 'chat',
      provider: 'gcp.gemini',
      stream: true,
      timeToFirstTokenMs: 120.5,
      usage: { inputTokens: 10, cacheReadTokens: 4, outputTokens: 6, reasoningTokens: 2 },
      outputMessages: [
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', content: 'hm' },
            { type: 'text', content: '4' },
          ],
        },
      ],
      parameters: { max_tokens: 50 },
      aggregate: false,
    });
  });

  it.each([
    ['ai.generateImage', 'image'],
    ['ai.transcribe', 'audio'],
  ])('%s has the modality %s', (operation, modality) => {
    expect(factsOf({ 'ai.operationId': operation }).modality).toBe(modality);
  });
});

describe('Langfuse', () => {
  it('kinds, prompts, costs, level, first token', () => {
    const span = receive({
      'langfuse.observation.type': 'generation',
      'langfuse.observation.model.name': 'm1',
      'langfuse.observation.prompt.name': 'sum',
      'langfuse.observation.prompt.version': 3,
      'langfuse.observation.cost_details': '{"input":0.25,"output":0.5}',
      'langfuse.observation.completion_start_time': '"2023-11-14T22:13:20.200Z"',
      'langfuse.observation.level': 'ERROR',
      'langfuse.observation.status_message': 'quota',
      'langfuse.trace.tags': ['a', 'b'],
      'langfuse.user.id': 'u1',
    });
    expect(span).toMatchObject({
      facts: { errorType: '_OTHER', errorMessage: 'quota', tags: ['a', 'b'], userId: 'u1' },
      genAi: {
        operation: 'chat',
        requestModel: 'm1',
        promptName: 'sum',
        promptVersion: '3',
        suppliedCostUsd: 0.75,
        timeToFirstTokenMs: 200,
      },
    });
  });
});

describe('LangSmith', () => {
  it('run types, metadata, token details, tags, the first token', () => {
    const span = receive(
      {
        'langsmith.span.kind': 'llm',
        'langsmith.metadata.ls_provider': 'google_genai',
        'langsmith.metadata.ls_model_name': 'gemini-x',
        'langsmith.metadata.ls_temperature': 0.5,
        'langsmith.metadata.thread_id': 't1',
        'langsmith.span.tags': 'a, b',
        'gen_ai.usage.input_tokens': 20,
        'gen_ai.usage.input_token_details': '{"cache_read": 8}',
        'gen_ai.prompt':
          '{"messages":[[{"lc":1,"type":"constructor","id":["langchain","schema","HumanMessage"],"kwargs":{"content":"2+2?"}}]]}',
        'gen_ai.completion':
          '{"generations":[[{"text":"4","message":{"lc":1,"id":["AIMessage"],"kwargs":{"content":"4"}}}]]}',
      },
      (raw) => {
        raw.events = [{ name: 'new_token', timeUnixNano: raw.startUnixNano + 150_000_000n, attributes: {} }];
      },
    );
    expect(span).toMatchObject({
      facts: { sessionId: 't1', tags: ['a', 'b'] },
      genAi: {
        operation: 'chat',
        provider: 'gcp.gemini',
        requestModel: 'gemini-x',
        parameters: { temperature: 0.5 },
        usage: { inputTokens: 20, cacheReadTokens: 8 },
        timeToFirstTokenMs: 150,
        inputMessages: ASKED,
        outputMessages: ANSWERED,
      },
    });
  });
});
