import type { AttributeValue } from '@vedetta/model';
import type { OtlpRequest, OtlpSpan } from './otlp-request.js';
import { toKeyValues } from './otlp-request.js';

/** An observation of a Langfuse trace export, as far as it is needed to rebuild the span it was made of. */
export interface LangfuseObservation {
  readonly id: string;
  readonly traceId: string;
  readonly parentObservationId: string | null;
  readonly type: string;
  readonly name: string;
  readonly startTime: string;
  readonly endTime: string | null;
  readonly level: string;
  readonly statusMessage: string | null;
  readonly model: string | null;
  readonly modelParameters: AttributeValue;
  readonly usageDetails: { readonly [bucket: string]: number };
  readonly input: AttributeValue;
  readonly output: AttributeValue;
  readonly metadata: AttributeValue;
}

/** A Langfuse trace export. */
export interface LangfuseTrace {
  readonly trace: {
    readonly sessionId?: string | null;
    readonly userId?: string | null;
    readonly tags?: readonly string[];
  };
  readonly observations: readonly LangfuseObservation[];
}

interface Metadata {
  readonly attributes?: { readonly [key: string]: AttributeValue };
  readonly resourceAttributes?: { readonly [key: string]: AttributeValue };
  readonly scope?: { readonly name?: string; readonly version?: string };
  readonly [key: string]: AttributeValue | undefined;
}

/**
 * The spans that a Langfuse export was made of, as the instrumentation sent them. Langfuse keeps a span's attributes as text in
 * the metadata but takes out those it understood; they are put back under the keys of the sender's own dialect, which the
 * scope tells.
 */
export function fromLangfuseExport({ trace, observations }: LangfuseTrace): OtlpRequest {
  return {
    resourceSpans: observations.map((observation) => {
      const metadata = toMetadata(observation.metadata);
      const scope = { name: metadata.scope?.name ?? '', version: metadata.scope?.version ?? '' };
      return {
        resource: { attributes: toKeyValues(metadata.resourceAttributes ?? {}) },
        scopeSpans: [{ scope, spans: [toSpan(observation, metadata, scope.name, trace)] }],
      };
    }),
  };
}

function toSpan(
  observation: LangfuseObservation,
  metadata: Metadata,
  scope: string,
  trace: LangfuseTrace['trace'],
): OtlpSpan {
  const failed = observation.level === 'ERROR';
  return {
    traceId: observation.traceId,
    spanId: observation.id,
    parentSpanId: observation.parentObservationId ?? '',
    name: observation.name,
    kind: observation.type === 'GENERATION' ? 3 : 1,
    startTimeUnixNano: toUnixNano(observation.startTime),
    endTimeUnixNano: toUnixNano(observation.endTime ?? observation.startTime),
    attributes: toKeyValues({
      ...typed(metadata.attributes ?? {}),
      ...restored(observation, metadata, scope, trace),
    }),
    status: failed ? { code: 2, message: observation.statusMessage ?? '' } : { code: 0 },
  };
}

function restored(
  observation: LangfuseObservation,
  metadata: Metadata,
  scope: string,
  trace: LangfuseTrace['trace'],
): { readonly [key: string]: AttributeValue } {
  const attributes = metadata.attributes ?? {};
  const { input, output, total } = observation.usageDetails;
  const known = (entries: { readonly [key: string]: AttributeValue | undefined }) =>
    Object.fromEntries(
      Object.entries(entries).filter(
        ([key, value]) => value !== undefined && value !== null && attributes[key] === undefined,
      ),
    ) as { [key: string]: AttributeValue };
  if (scope === 'langfuse-sdk') return known(langfuseAttributes(observation, metadata, trace));
  if (scope.startsWith('openinference.')) {
    return known({
      'llm.token_count.prompt': input,
      'llm.token_count.completion': output,
      'llm.token_count.total': total,
    });
  }
  if (scope === 'ai') return known(vercelAttributes(observation));
  if (scope === 'agent_framework' && observation.type === 'TOOL') {
    return known({
      'gen_ai.tool.call.arguments': json(observation.input),
      'gen_ai.tool.call.result': json(observation.output),
    });
  }
  const conversation =
    observation.type === 'GENERATION' || observation.type === 'AGENT'
      ? { 'gen_ai.input.messages': json(observation.input), 'gen_ai.output.messages': json(observation.output) }
      : {};
  const usage = { 'gen_ai.usage.input_tokens': input, 'gen_ai.usage.output_tokens': output };
  const writesMessages = scope === 'agent_framework' || (scope === 'pydantic-ai' && attributes.events === undefined);
  return known(writesMessages ? { ...usage, ...conversation } : usage);
}

function langfuseAttributes(observation: LangfuseObservation, metadata: Metadata, trace: LangfuseTrace['trace']) {
  const own: { [key: string]: AttributeValue | undefined } = {
    type: observation.type.toLowerCase(),
    input: json(observation.input),
    output: json(observation.output),
    'model.name': observation.model ?? undefined,
    'model.parameters': json(observation.modelParameters),
    usage_details:
      Object.keys(observation.usageDetails).length > 0 ? JSON.stringify(observation.usageDetails) : undefined,
  };
  for (const [key, value] of Object.entries(metadata)) {
    if (key !== 'attributes' && key !== 'resourceAttributes' && key !== 'scope')
      own[`metadata.${key}`] = json(value ?? null);
  }
  const prefixed = Object.fromEntries(
    Object.entries(own).map(([key, value]) => [`langfuse.observation.${key}`, value]),
  );
  const root = observation.parentObservationId === null;
  return {
    ...prefixed,
    'session.id': trace.sessionId ?? undefined,
    'user.id': trace.userId ?? undefined,
    'langfuse.trace.tags': root && trace.tags !== undefined && trace.tags.length > 0 ? trace.tags : undefined,
  };
}

function vercelAttributes({ name, type, input, output }: LangfuseObservation): {
  [key: string]: AttributeValue | undefined;
} {
  if (type === 'TOOL') return { 'ai.toolCall.args': json(input), 'ai.toolCall.result': json(output) };
  const answer = json(output);
  const calls = answer?.startsWith('[') === true;
  return {
    [name.endsWith('.doGenerate') ? 'ai.prompt.messages' : 'ai.prompt']: json(input),
    [calls ? 'ai.response.toolCalls' : 'ai.response.text']: answer,
  };
}

// Langfuse turned every value into text; these came as numbers, and these as lists.
const NUMERIC =
  /^(?:gen_ai\.usage\.|gen_ai\.request\.|llm\.token_count\.|ai\.usage\.|ai\.settings\.maxRetries|operation\.cost)/;
const LISTS = /^(?:gen_ai\.response\.finish_reasons|ai\.prompt\.tools)$/;

function typed(attributes: { readonly [key: string]: AttributeValue }): { [key: string]: AttributeValue } {
  const result: { [key: string]: AttributeValue } = {};
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'string' && NUMERIC.test(key) && /^-?\d+(?:\.\d+)?$/.test(value)) result[key] = Number(value);
    else if (typeof value === 'string' && LISTS.test(key)) result[key] = JSON.parse(value) as AttributeValue;
    else if (typeof value === 'object' && value !== null && !LISTS.test(key)) result[key] = JSON.stringify(value);
    else result[key] = value;
  }
  return result;
}

function toMetadata(value: AttributeValue): Metadata {
  return (typeof value === 'string' ? JSON.parse(value) : (value ?? {})) as Metadata;
}

function json(value: AttributeValue): string | undefined {
  if (value === null || value === undefined) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function toUnixNano(iso: string): string {
  return `${Date.parse(iso)}000000`;
}
