import type { AttributeValue, BilledUnits, Usage } from '@vedetta/model';
import { toUnitRecord, VEDETTA_ATTRIBUTES } from '@vedetta/model';
import type { Endpoint, Provider, RequestFacts, ResponseFacts } from './provider.js';

/** What the caller of {@link toGenAiAttributes} knows beside the facts. */
export interface CallAttributeOptions {
  /** The exchange is a stream. Default: what the request says, else what the endpoint does by itself. */
  readonly stream?: boolean;
  /** Time to the first content, in milliseconds. */
  readonly timeToFirstTokenMs?: number;
  /** Usage to state where the provider reported none: an estimate, or the caller's own figures. */
  readonly usage?: Usage;
  /** False for a call that failed: what it asked for is not billed. Default: unless the response states an error. */
  readonly succeeded?: boolean;
  /** False leaves messages, instructions and tool definitions out. Default: true. */
  readonly content?: boolean;
}

const USAGE = [
  ['inputTokens', 'gen_ai.usage.input_tokens'],
  ['outputTokens', 'gen_ai.usage.output_tokens'],
  ['cacheReadTokens', 'gen_ai.usage.cache_read.input_tokens'],
  ['cacheWriteTokens', 'gen_ai.usage.cache_write.input_tokens'],
  ['cacheWrite1hTokens', VEDETTA_ATTRIBUTES.cacheWrite1hTokens],
  ['reasoningTokens', 'gen_ai.usage.reasoning.output_tokens'],
  ['audioInputTokens', 'gen_ai.usage.audio.input_tokens'],
  ['audioOutputTokens', 'gen_ai.usage.audio.output_tokens'],
  ['imageInputTokens', 'gen_ai.usage.image.input_tokens'],
  ['imageOutputTokens', 'gen_ai.usage.image.output_tokens'],
  ['statedTotalTokens', 'gen_ai.usage.total_tokens'],
] as const;

/**
 * One call as attributes of the OpenTelemetry GenAI conventions, G2 names: what a span of it carries, whoever saw the call.
 * Facts that are unknown give no attribute. Messages, instructions and tool definitions are structured values; a sender whose
 * transport has none writes each of them as JSON text, which means the same. The order is that of the conventions' table.
 *
 * `request` and `response` may each be `undefined`: a call that is announced has no answer yet, a body that is no JSON says nothing.
 */
export function toGenAiAttributes(
  provider: Pick<Provider, 'name'>,
  endpoint: Pick<Endpoint, 'operation' | 'modality' | 'pathModel' | 'streamsByDefault'>,
  request: RequestFacts | undefined,
  response: ResponseFacts | undefined,
  options: CallAttributeOptions = {},
): { [name: string]: AttributeValue } {
  const attributes: { [name: string]: AttributeValue } = {
    'gen_ai.operation.name': endpoint.operation,
    'gen_ai.provider.name': provider.name,
  };
  // Text with pictures in it is told by the messages; what an endpoint is made for is told here.
  if (endpoint.modality !== 'text') {
    attributes[VEDETTA_ATTRIBUTES.modality] = endpoint.modality;
    if (endpoint.modality === 'image') attributes['gen_ai.output.type'] = 'image';
  }
  const stream = options.stream ?? request?.stream ?? endpoint.streamsByDefault ?? false;
  if (stream) attributes['gen_ai.request.stream'] = true;
  // A path's model is what the provider goes by: an Azure deployment's body may name another.
  const model = endpoint.pathModel ?? request?.model;
  if (model !== undefined) attributes['gen_ai.request.model'] = model;
  if (request !== undefined) putRequest(attributes, request, options.content !== false);
  if (response !== undefined) putResponse(attributes, response, options.content !== false);
  if (options.timeToFirstTokenMs !== undefined) {
    attributes['gen_ai.response.time_to_first_chunk'] = options.timeToFirstTokenMs / 1000;
  }
  const usage = response?.usage ?? options.usage;
  if (usage !== undefined) putUsage(attributes, usage);
  const succeeded = options.succeeded !== false && response !== undefined && response.error === undefined;
  const units = mergeUnits(usage?.units, succeeded ? request?.units : undefined);
  if (units !== undefined) {
    const record = toUnitRecord(units);
    for (const name of Object.keys(record)) attributes[VEDETTA_ATTRIBUTES.unitsPrefix + name] = record[name] ?? null;
  }
  return attributes;
}

function putRequest(attributes: { [name: string]: AttributeValue }, request: RequestFacts, content: boolean): void {
  const { parameters } = request;
  if (parameters !== undefined) {
    for (const name of Object.keys(parameters)) attributes[`gen_ai.request.${name}`] = parameters[name] ?? null;
  }
  if (request.userId !== undefined) attributes['user.id'] = request.userId;
  if (request.sessionId !== undefined) attributes['gen_ai.conversation.id'] = request.sessionId;
  if (!content) return;
  if (request.systemInstructions !== undefined) attributes['gen_ai.system_instructions'] = request.systemInstructions;
  if (request.inputMessages !== undefined) {
    attributes['gen_ai.input.messages'] = request.inputMessages as unknown as AttributeValue;
  }
  if (request.toolDefinitions !== undefined) attributes['gen_ai.tool.definitions'] = request.toolDefinitions;
}

function putResponse(attributes: { [name: string]: AttributeValue }, response: ResponseFacts, content: boolean): void {
  if (response.model !== undefined) attributes['gen_ai.response.model'] = response.model;
  if (response.id !== undefined) attributes['gen_ai.response.id'] = response.id;
  if (response.finishReasons !== undefined) attributes['gen_ai.response.finish_reasons'] = response.finishReasons;
  if (response.serviceTier !== undefined) attributes['openai.response.service_tier'] = response.serviceTier;
  if (response.suppliedCostUsd !== undefined) attributes['gen_ai.usage.cost'] = response.suppliedCostUsd;
  if (response.error !== undefined) {
    attributes['error.type'] = response.error.type;
    attributes[VEDETTA_ATTRIBUTES.errorMessage] = response.error.message;
  }
  if (content && response.outputMessages !== undefined) {
    attributes['gen_ai.output.messages'] = response.outputMessages as unknown as AttributeValue;
  }
}

function putUsage(attributes: { [name: string]: AttributeValue }, usage: Usage): void {
  for (const [name, attribute] of USAGE) {
    const count = usage[name];
    if (count !== undefined) attributes[attribute] = count;
  }
  if (usage.source !== 'reported') attributes[VEDETTA_ATTRIBUTES.usageSource] = usage.source;
}

/** What the answer counted, of the size and quality that were asked for; else what the request alone tells. */
function mergeUnits(answered: BilledUnits | undefined, asked: BilledUnits | undefined): BilledUnits | undefined {
  if (answered === undefined) return countedUnits(asked);
  const { imageSize, imageQuality } = { ...asked, ...answered };
  return {
    ...answered,
    ...(imageSize === undefined ? {} : { imageSize }),
    ...(imageQuality === undefined ? {} : { imageQuality }),
  };
}

/** Units that have a count: a size alone says nothing. */
function countedUnits(units: BilledUnits | undefined): BilledUnits | undefined {
  const hasCount = units !== undefined && Object.values(units).some((value) => typeof value === 'number');
  return hasCount ? units : undefined;
}
