/**
 * What an attribute's key says about its value: `content` holds text of prompts, responses, tools or documents, `vector`
 * holds embeddings, `secret` names a credential, `plain` is anything else.
 */
export type KeyClass = 'content' | 'vector' | 'secret' | 'plain';

// Keys whose value is content, in every dialect the normaliser knows. Bare names come from span events and from
// frameworks that use no prefix.
const CONTENT_KEYS = new Set([
  'gen_ai.prompt',
  'gen_ai.completion',
  'gen_ai.input.messages',
  'gen_ai.output.messages',
  'gen_ai.system_instructions',
  'gen_ai.tool.definitions',
  'gen_ai.tool.call.arguments',
  'gen_ai.tool.call.result',
  'gen_ai.retrieval.query.text',
  'gen_ai.retrieval.documents',
  'gen_ai.memory.query.text',
  'gen_ai.memory.records',
  'gen_ai.event.content',
  'input.value',
  'output.value',
  'input',
  'output',
  'llm.input_messages',
  'llm.output_messages',
  'llm.prompts',
  'llm.completions',
  'llm.tools',
  'llm.function_call',
  'llm.invocation_parameters',
  'reranker.query',
  'retrieval.documents',
  'tool.parameters',
  'tool.output',
  'tool_arguments',
  'tool_response',
  'traceloop.entity.input',
  'traceloop.entity.output',
  'ai.prompt',
  'ai.toolCall.args',
  'ai.toolCall.result',
  'ai.value',
  'ai.values',
  'ai.documents',
  'ai.ranking',
  'ai.response.text',
  'ai.response.object',
  'ai.response.toolCalls',
  'ai.response.reasoning',
  'ai.response.files',
  'langfuse.observation.input',
  'langfuse.observation.output',
  'langfuse.trace.input',
  'langfuse.trace.output',
  'langfuse.observation.model.parameters',
  'langfuse.observation.status_message',
  'gcp.vertex.agent.llm_request',
  'gcp.vertex.agent.llm_response',
  'gcp.vertex.agent.tool_call_args',
  'gcp.vertex.agent.tool_response',
  'gcp.vertex.agent.data',
  'pydantic_ai.all_messages',
  'all_messages_events',
  'all_messages',
  'final_result',
  'events',
  'model_request_parameters',
  'request_data',
  'response_data',
  'history',
  'thought',
  'crew_agents',
  'crew_tasks',
  'crew_inputs',
  'mlflow.spanInputs',
  'mlflow.spanOutputs',
  'genkit:input',
  'genkit:output',
  'content',
  'tool_calls',
  'message',
  'document',
]);

const CONTENT_PREFIXES = [
  'gen_ai.prompt.',
  'gen_ai.completion.',
  'llm.input_messages.',
  'llm.output_messages.',
  'llm.prompts.',
  'llm.completions.',
  'llm.choices.',
  'llm.tools.',
  'llm.prompt_template.',
  'llm.request.functions.',
  'retrieval.documents.',
  'reranker.input_documents.',
  'reranker.output_documents.',
  'embedding.embeddings.',
  'traceloop.prompt.',
  'ai.prompt.',
  'ai.result.',
  'lk.',
  'smolagents.',
];

const VECTOR_KEYS = new Set(['ai.embedding', 'ai.embeddings', 'db.query.embeddings.vector', 'db.query.result.vector']);

// Headers and settings whose value is a credential whatever it looks like.
const SECRET_KEY =
  /(?:^|[._-])(?:authorization|cookie|set-cookie|password|passwd|secret|api[._-]?key|private[._-]?key|(?:access|refresh)[._-]?token)$/i;

// Last segments under a content prefix that carry structure and no text.
const STRUCTURE = /\.(?:role|id|type|name|key|version|finish_reason|tool_call_id|mime_type|score|toolChoice)$/;

// Keys come from outside and may be without end, so the memory of them is bounded.
const MAX_REMEMBERED = 16_384;
const remembered = new Map<string, KeyClass>();

/** Classifies an attribute's key; the answer is remembered, since senders use the same few keys. */
export function classifyKey(key: string): KeyClass {
  const known = remembered.get(key);
  if (known !== undefined) return known;
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  const found = compute(key);
  remembered.set(key, found);
  return found;
}

function compute(key: string): KeyClass {
  if (VECTOR_KEYS.has(key) || key.endsWith('.embedding.vector')) return 'vector';
  if (SECRET_KEY.test(key)) return 'secret';
  if (CONTENT_KEYS.has(key)) return 'content';
  if (CONTENT_PREFIXES.some((prefix) => key.startsWith(prefix))) return STRUCTURE.test(key) ? 'plain' : 'content';
  return 'plain';
}
