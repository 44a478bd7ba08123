import { anthropicMessages } from '../anthropic/messages.js';
import { requestFacts } from '../facts.js';
import { asList, asName, asObject, objectOrNothing } from '../json.js';
import { chatCompletions, promptMessages } from '../openai/chat.js';
import { readParameters } from '../parameters.js';
import type { Endpoint, Provider, RequestFacts } from '../provider.js';
import { isPost, withoutEnd } from '../routes.js';
import { readConverseRequest } from './converse.js';
import { makesPictures, pictures } from './pictures.js';
import { rerank } from './rerank.js';
import { BedrockResponseReader } from './response.js';

const MODEL = /^\/model\/([^/]{1,2048})\/(invoke|invoke-with-response-stream|converse|converse-stream)$/;

const converse: Endpoint = {
  operation: 'chat',
  modality: 'text',
  streamFraming: 'aws',
  readRequest: readConverseRequest,
  readResponse: () => new BedrockResponseReader(),
};
const invoke: Endpoint = { ...converse, readRequest: readInvokeRequest };
const embed: Endpoint = { ...invoke, operation: 'embeddings', modality: 'embedding' };

/** Amazon Bedrock: converse, and each family's own bodies. The path names the model and whether the answer streams. */
export const bedrock: Provider = {
  name: 'aws.bedrock',
  match(method, path) {
    if (!isPost(method)) return undefined;
    const [, model, call] = MODEL.exec(withoutEnd(path)) ?? [];
    if (model === undefined || call === undefined) return undefined;
    const pathModel = decode(model);
    const streamsByDefault = call.endsWith('-stream');
    if (call.startsWith('converse')) return { ...converse, pathModel, streamsByDefault };
    return { ...invokedAs(pathModel), pathModel, streamsByDefault };
  },
};

/** The path says nothing of what a model does; its name must tell. */
function invokedAs(model: string): Endpoint {
  if (makesPictures(model)) return pictures;
  if (model.includes('rerank')) return rerank;
  return model.includes('embed') ? embed : invoke;
}

/** An invocation's body is its family's: Anthropic's, OpenAI's, Nova's, or a prompt with parameters. */
function readInvokeRequest(value: unknown): RequestFacts {
  const body = objectOrNothing(value);
  if (body.anthropic_version !== undefined) return anthropicMessages.readRequest(body);
  if (Array.isArray(body.messages)) {
    const [first] = asList(body.messages);
    const plain = typeof objectOrNothing(first).content === 'string';
    return plain ? chatCompletions.readRequest(body) : readConverseRequest(body);
  }
  return requestFacts({
    model: asName(body.model),
    parameters: readParameters(body, readParameters(asObject(body.textGenerationConfig))),
    inputMessages: promptMessages(body.prompt ?? body.inputText ?? body.inputs ?? body.message),
    inputCount: Array.isArray(body.texts) ? body.texts.length : undefined,
  });
}

function decode(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
