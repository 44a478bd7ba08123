import { anthropicMessages } from '../anthropic/messages.js';
import { chatCompletions } from '../openai/chat.js';
import { ChatResponseReader } from '../openai/chat-response.js';
import { OPENAI_ROUTES } from '../openai/routes.js';
import type { Provider } from '../provider.js';
import { isPost, matchEnd, routes, withoutEnd } from '../routes.js';
import { GEMINI_METHODS } from './endpoints.js';
import { imagen, isImagen } from './imagen.js';
import { geminiCompatibleUsage } from './usage.js';

const COMPATIBLE = routes({
  ...OPENAI_ROUTES,
  '/chat/completions': { ...chatCompletions, readResponse: () => new ChatResponseReader(geminiCompatibleUsage) },
});
// `/v1beta/models/{model}:{method}`; on Vertex with the project, the location and the publisher before it.
const MODEL = /\/(?:models|tunedModels|endpoints)\/([^/:]{1,200}):([A-Za-z]{1,40})$/;
const ANTHROPIC = /\/publishers\/anthropic\/models\/([^/:]{1,200}):(rawPredict|streamRawPredict)$/;

function createGemini(name: string): Provider {
  return {
    name,
    match(method, path) {
      if (!isPost(method)) return undefined;
      const clean = withoutEnd(path);
      const [, claude, raw] = ANTHROPIC.exec(clean) ?? [];
      if (claude !== undefined) {
        return { ...anthropicMessages, pathModel: claude, streamsByDefault: raw === 'streamRawPredict' };
      }
      const [, model, called] = MODEL.exec(clean) ?? [];
      if (model === undefined || called === undefined) {
        return clean.includes('/openai/') || clean.includes('/endpoints/openapi/')
          ? matchEnd(COMPATIBLE, clean)
          : undefined;
      }
      const endpoint = called === 'predict' && isImagen(model) ? imagen : GEMINI_METHODS[called];
      return endpoint === undefined ? undefined : { ...endpoint, pathModel: model };
    },
  };
}

/** Google's Gemini API, with its own protocol and OpenAI's under `/v1beta/openai/`. */
export const gemini = createGemini('gcp.gemini');

/** The same models on Vertex AI, and Anthropic's. */
export const vertex = createGemini('gcp.vertex_ai');
