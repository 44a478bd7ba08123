import type { AttributeValue, Message, Span } from '@vedetta/model';
import { describe, expect, it } from 'vitest';
import { decodeTraces } from '../otlp/decode-traces.js';
import { redactSpans } from '../redact/redact-spans.js';
import type { LangfuseObservation, LangfuseTrace } from '../testing/index.js';
import {
  encodeJsonTraces,
  encodeProtobufTraces,
  fromLangfuseExport,
  readJson,
  sharedDataFolder,
} from '../testing/index.js';
import { normaliseSpans } from './normalise-spans.js';

const folder = sharedDataFolder('otlp-genai-traces');

// How many conversations of each file have an expectation with roles, and are compared to it: a comparison that finds
// nothing to compare must not pass.
const FILES = [
  ['agno-2025-06-11', 6, 2],
  ['beeai-2025-08-01', 29, 8],
  ['crewai-2025-07-11', 6, 1],
  ['google-adk-2025-08-28', 5, 7],
  ['koog-2025-08-26', 11, 4],
  ['langgraph-python-2025-08-22', 9, 15],
  ['microsoft-agent-2025-12-17', 4, 6],
  ['pydantic-ai-2025-06-06', 3, 3],
  ['pydantic-ai-tools-2025-12-04', 12, 8],
  ['vercel-aisdk-2025-11-17', 3, 3],
] as const;

// Langfuse estimated these itself: the sender said something else, which is what must come out.
const ESTIMATED_BY_LANGFUSE = new Set(['1dc6768109615657']);

// BeeAI's success and finish of a call that its start stands for.
const LATER_EVENTS_OF_A_CALL = new Set(['f50f7bbf13112df9', 'b7b9a79830fe5c6b']);

// An agent's run: the expectation is the whole run as output, where we keep the question and the answer apart.
const WHOLE_RUN = new Set(['0a4fac2553f22f2e']);

describe.skipIf(folder === undefined)('exported traces of frameworks (skipped: no shared data)', () => {
  describe.each(FILES)('%s', (name, spanCount, conversationCount) => {
    const trace = read<LangfuseTrace>(`${name}.trace.json`);
    const expected = read<ExpectedFile>(`${name}.chatml.json`);
    const spans = receive(trace, 'protobuf');
    const observations = new Map(trace.observations.map((observation) => [observation.id, observation]));

    it('takes every span, the same from protobuf and JSON', () => {
      expect(spans).toHaveLength(spanCount);
      expect(receive(trace, 'json')).toEqual(spans);
    });

    it('keeps ids, parents, names and times', () => {
      for (const span of spans) {
        const observation = observationOf(span, observations);
        expect(span.traceId).toBe(observation.traceId);
        expect(span.parentSpanId).toBe(observation.parentObservationId ?? '');
        expect(span.name).toBe(observation.name);
        expect(span.startUnixNano).toBe(BigInt(Date.parse(observation.startTime)) * 1_000_000n);
      }
      const ids = new Set(spans.map((span) => span.spanId));
      for (const { parentSpanId } of spans) expect(parentSpanId === '' || ids.has(parentSpanId)).toBe(true);
    });

    it('finds the model and the tokens of every call', () => {
      for (const span of spans) {
        const { model, usageDetails, type } = observationOf(span, observations);
        if (model !== null) expect([span.genAi?.requestModel, span.genAi?.responseModel]).toContain(model);
        if (type !== 'GENERATION' || ESTIMATED_BY_LANGFUSE.has(span.spanId)) continue;
        expect(span.genAi?.operation).toBe('chat');
        expect(span.genAi?.aggregate).toBe(LATER_EVENTS_OF_A_CALL.has(span.spanId));
        expect(span.genAi?.usage?.inputTokens).toBe(usageDetails.input);
        expect(span.genAi?.usage?.outputTokens).toBe(usageDetails.output);
      }
    });

    it('finds the conversations', () => {
      let compared = 0;
      for (const span of spans) {
        const file = expected[span.spanId];
        for (const [side, messages] of [
          ['input', span.genAi?.inputMessages],
          ['output', span.genAi?.outputMessages],
        ] as const) {
          const data = file?.[side]?.success === true ? file[side].data : undefined;
          if (data === undefined || !data.every(hasRole)) continue;
          const all = WHOLE_RUN.has(span.spanId)
            ? [...(span.genAi?.inputMessages ?? []), ...(messages ?? [])]
            : messages;
          expect({ span: span.spanId, said: said(all ?? []) }).toEqual({
            span: span.spanId,
            said: data.flatMap((item, i) => fromExpected(item, data[i - 1])),
          });
          compared++;
        }
      }
      expect(compared).toBe(conversationCount);
    });
  });

  it('agno: tools with what they were asked and answered; tool definitions; the session', () => {
    const spans = byId('agno-2025-06-11');
    const tool = spans.get('6581e147aec6793a');
    expect(tool?.genAi).toMatchObject({
      operation: 'execute_tool',
      toolName: 'duckduckgo_search',
      toolCallArguments: { query: 'currently trending on Twitter' },
    });
    expect(tool?.genAi?.toolCallResult).toHaveLength(5);
    // The expectation of these is a list of tools without messages: the messages are in the sender's flattened keys.
    expect(said(spans.get('ca136de468e156c9')?.genAi?.inputMessages ?? [])).toMatchObject([
      { role: 'system' },
      { role: 'user', text: 'What is currently trending on Twitter?' },
    ]);
    expect(spans.get('ca136de468e156c9')?.genAi?.toolDefinitions).toHaveLength(2);
    expect(spans.get('1cffdfa6fe3412e6')?.facts.sessionId).toBe('35cc6c90-b657-4819-b66c-c931c03ad569');
    // A prompt sent as one text, where the expectation gave up, stays one text.
    expect(said(spans.get('1f883bb9668167c0')?.genAi?.inputMessages ?? [])).toMatchObject([{ role: 'user' }]);
  });

  it('beeai: the chunks of a streamed answer become one answer, the events of a call one call', () => {
    const spans = byId('beeai-2025-08-01');
    const answer = said(spans.get('f50f7bbf13112df9')?.genAi?.outputMessages ?? []);
    expect(answer).toHaveLength(1);
    expect(answer[0]?.text).toContain('**Montjuïc** - A hill offering stunning views of');
    expect(spans.get('cb4886242bf214b8')?.genAi?.operation).toBe('invoke_agent');
    expect(said(spans.get('cb4886242bf214b8')?.genAi?.inputMessages ?? [])[0]?.text).toMatch(/^I'm planning a trip/);
    // Three calls of a model, the last of which is told by three spans.
    const calls = [...spans.values()].filter(({ genAi }) => genAi?.operation === 'chat');
    expect(calls).toHaveLength(5);
    expect(calls.filter(({ genAi }) => genAi?.aggregate === false).map(({ name }) => name)).toEqual([
      'backend.openai.chat.start-15',
      'backend.openai.chat.start-16',
      'backend.openai.chat.start-14',
    ]);
    const tool = spans.get('49b16d9910843ef4')?.genAi;
    expect(tool?.toolCallArguments).toEqual({ query: 'Tourism in Barcelona', full_text: false });
    expect(tool?.toolCallResult).toHaveLength(1);
  });

  it('crewai: the answer of the call, stop sequences, cached tokens as stated', () => {
    const call = byId('crewai-2025-07-11').get('231c43964b7e7e63')?.genAi;
    expect(said(call?.outputMessages ?? [])[0]?.text).toMatch(/^I now can give a great answer/);
    expect(call?.parameters).toEqual({ stop_sequences: ['\nObservation:'] });
    expect(call?.usage).toEqual({
      inputTokens: 190,
      outputTokens: 164,
      statedTotalTokens: 354,
      cacheReadTokens: 0,
      reasoningTokens: 0,
      audioInputTokens: 0,
      audioOutputTokens: 0,
      source: 'reported',
    });
  });

  it('google adk: system instruction, tool run with id, arguments and result, user and session', () => {
    const spans = byId('google-adk-2025-08-28');
    const call = spans.get('bded677884f031ce');
    expect(call?.genAi?.systemInstructions).toEqual([
      { type: 'text', content: expect.stringMatching(/^Always greet using the say_hello tool/) },
    ]);
    expect(call?.genAi?.finishReasons).toEqual(['stop']);
    expect(call?.facts).toMatchObject({ userId: 'demo-user', sessionId: 'demo-session' });
    expect(spans.get('04290e4d82aba1bc')?.genAi).toMatchObject({
      operation: 'execute_tool',
      toolName: 'say_hello',
      toolCallId: 'adk-8bd8dc65-717d-4102-858b-3a1dd6b75a00',
      toolCallArguments: {},
      toolCallResult: { greeting: 'Hello Langfuse 👋' },
    });
    expect(spans.get('86cd4912944ddc41')?.genAi?.operation).toBe('invoke_workflow');
  });

  it('koog: tools and the conversation', () => {
    const spans = byId('koog-2025-08-26');
    expect(spans.get('33188493784a060d')?.genAi).toMatchObject({
      operation: 'execute_tool',
      toolName: 'ByeTool',
      toolCallId: 'call_dOeEHJDI0liHrCdFWTpkTsuO',
      toolCallArguments: { name: 'Bob' },
      toolCallResult: 'Bye my dear Bob!',
    });
    expect(spans.get('042f9350c3729147')?.genAi?.finishReasons).toEqual(['tool_call']);
    expect(spans.get('bb189bc3771ff83d')?.facts.sessionId).toBe('6f8d2449-33ed-4c7c-82e7-5410e34ee4e6');
  });

  it('langgraph: tool definitions that the handler put among the messages; the thread', () => {
    const span = byId('langgraph-python-2025-08-22').get('4f6535aaebcda355');
    expect(span?.genAi?.toolDefinitions).toMatchObject([{ function: { name: 'Web-Search' } }]);
    expect(span?.facts.sessionId).toBe('demo-thread-1');
    expect(span?.genAi?.parameters).toEqual({ temperature: 0 });
  });

  it('microsoft agent framework: the agent repeats the usage of its calls, the tool has its call', () => {
    const spans = byId('microsoft-agent-2025-12-17');
    expect(spans.get('4cd6caa32861956a')?.genAi).toMatchObject({ operation: 'invoke_agent', aggregate: true });
    expect(spans.get('a2de97aac476c036')?.genAi).toMatchObject({
      toolName: 'get_weather',
      toolCallId: 'call_CwaJHuXTm9dmHFQPlVbqyzJ0',
      toolCallArguments: { location: 'Tokyo, Japan' },
    });
  });

  it('pydantic ai: the agent run is no call, tools have their arguments, costs are taken over', () => {
    const spans = byId('pydantic-ai-tools-2025-12-04');
    expect(spans.get('5b5c52d029f28206')?.genAi).toMatchObject({
      operation: 'invoke_agent',
      aggregate: true,
      agentName: 'joke_agent',
      usage: { inputTokens: 682, outputTokens: 126 },
    });
    expect(spans.get('02d7769b76595f0b')?.genAi).toMatchObject({
      operation: 'execute_tool',
      toolName: 'get_dad_joke_suggestion',
      toolCallArguments: { topic: 'programming' },
    });
    expect(spans.get('00d2804abb764b1b')?.genAi?.suppliedCostUsd).toBe(0.00009435);
    expect(byId('pydantic-ai-2025-06-06').get('538fed87d11686d3')?.facts).toMatchObject({
      userId: 'user_123',
      sessionId: 'session_abc',
    });
  });

  it('pydantic ai: the answer in a choice event', () => {
    const call = byId('pydantic-ai-2025-06-06').get('5cb389a3bdd21a6e')?.genAi;
    expect(said(call?.outputMessages ?? [])).toMatchObject([{ role: 'assistant' }]);
    expect(said(call?.outputMessages ?? [])[0]?.text).toMatch(/^Langfuse is a tool/);
  });

  it('vercel: the parent repeats the usage of the call inside; the tool run', () => {
    const spans = byId('vercel-aisdk-2025-11-17');
    expect(spans.get('1dc6768109615657')?.genAi).toMatchObject({
      aggregate: true,
      usage: { inputTokens: 62, outputTokens: 85 },
    });
    expect(spans.get('e9bb8c191e1e4706')?.genAi).toMatchObject({
      operation: 'execute_tool',
      toolName: 'getWeather',
      toolCallArguments: { location: 'San Francisco' },
      toolCallResult: { location: 'San Francisco', temperature: 64 },
    });
  });

  it.each(FILES)('%s: no text of a conversation is left in modes off and numbers', (name) => {
    const texts = receive(read<LangfuseTrace>(`${name}.trace.json`), 'json')
      .flatMap((span) => [...(span.genAi?.inputMessages ?? []), ...(span.genAi?.outputMessages ?? [])])
      .flatMap((message) => said([message]))
      .map((item) => item.text)
      .filter((text): text is string => text !== undefined && text.length > 40);
    for (const mode of ['off', 'numbers'] as const) {
      const spans = receive(read<LangfuseTrace>(`${name}.trace.json`), 'json');
      redactSpans(spans, { mode });
      const stored = JSON.stringify(spans, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
      for (const text of texts) {
        // A line of it, as any writer of JSON would have it.
        const line = JSON.stringify(text.split('\n').find((part) => part.length > 30) ?? text.slice(0, 60)).slice(
          1,
          -1,
        );
        expect(stored.includes(line.slice(0, 60)), `${mode}: ${line.slice(0, 60)}`).toBe(false);
      }
    }
  });
});

interface ExpectedItem {
  readonly role?: string;
  readonly content?: AttributeValue;
  readonly tool_calls?: readonly { readonly id: string; readonly name: string; readonly arguments: string }[];
  readonly json?: { readonly text?: string; readonly message?: { readonly role: string; readonly content: string } };
}

type ExpectedSide = { readonly success: true; readonly data: readonly ExpectedItem[] } | { readonly success: false };
interface ExpectedFile {
  readonly [spanId: string]: { readonly input?: ExpectedSide; readonly output?: ExpectedSide };
}

/** One thing said, called or answered: what both forms of a message have in common. */
interface Said {
  readonly role: string;
  readonly text?: string;
  readonly call?: { readonly name: string; readonly id: string; readonly arguments: AttributeValue };
}

function read<T>(name: string): T {
  return (
    folder === undefined ? { observations: [], trace: {} } : readJson(`${folder}langfuse-framework-traces/${name}`)
  ) as T;
}

function receive(trace: LangfuseTrace, encoding: 'protobuf' | 'json'): Span[] {
  const request = fromLangfuseExport(trace);
  const body = encoding === 'json' ? encodeJsonTraces(request) : encodeProtobufTraces(request);
  const result = decodeTraces(body, encoding);
  if (result.kind !== 'ok') throw new Error(result.message);
  expect(result).toMatchObject({ rejected: 0, truncated: 0 });
  return normaliseSpans(result.spans);
}

function byId(name: string): Map<string, Span> {
  return new Map(receive(read<LangfuseTrace>(`${name}.trace.json`), 'protobuf').map((span) => [span.spanId, span]));
}

function observationOf(span: Span, observations: ReadonlyMap<string, LangfuseObservation>): LangfuseObservation {
  const observation = observations.get(span.spanId);
  if (observation === undefined) throw new Error(`no observation ${span.spanId}`);
  return observation;
}

function hasRole(item: ExpectedItem): boolean {
  return item.role !== undefined || item.json?.message !== undefined;
}

function said(messages: readonly Message[]): Said[] {
  return messages.flatMap(({ role, parts }) =>
    parts.map((part): Said => {
      if (part.type === 'tool_call') {
        const { name, id, arguments: given } = part as { name: string; id?: string; arguments?: AttributeValue };
        return { role, call: { name, id: id ?? '', arguments: given ?? {} } };
      }
      if (part.type === 'tool_call_response')
        return { role: 'tool', text: compact((part as { response: AttributeValue }).response) };
      return { role, text: (part as { content: string }).content };
    }),
  );
}

function fromExpected(item: ExpectedItem, before: ExpectedItem | undefined): Said[] {
  const message = item.json?.message ?? item;
  const role = message.role === 'model' ? 'assistant' : (message.role ?? '');
  const calls = (item.tool_calls ?? []).map(
    ({ name, id, arguments: given }): Said => ({
      role,
      call: { name, id, arguments: JSON.parse(given) as AttributeValue },
    }),
  );
  const text = textOf(message.content ?? item.json?.text);
  if (text === '') return calls;
  // Koog writes calls as text; the expectation leaves them so, and they are calls.
  const koog = text.startsWith('[{"function"')
    ? (JSON.parse(text) as { id: string; function: { name: string; arguments: string } }[])
    : [];
  if (koog.length > 0) {
    return koog.map(({ id, function: { name, arguments: given } }) => ({
      role: 'assistant',
      call: { name, id, arguments: JSON.parse(given) as AttributeValue },
    }));
  }
  // Gemini's tools answer under the role of the user.
  const answersTool = role === 'tool' || (role === 'user' && before?.tool_calls !== undefined && text.startsWith('{'));
  return [answersTool ? { role: 'tool', text: compact(text) } : { role, text }, ...calls];
}

function textOf(content: AttributeValue | undefined): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  const parts = content as readonly { readonly text?: string }[];
  return parts.every((part) => typeof part.text === 'string')
    ? parts.map((part) => part.text).join('')
    : JSON.stringify(content);
}

/** JSON without its spacing: senders and expectations print it differently. */
function compact(value: AttributeValue): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  try {
    return JSON.stringify(JSON.parse(value));
  } catch {
    return value;
  }
}
