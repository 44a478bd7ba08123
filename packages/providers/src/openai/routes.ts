import type { Endpoint } from '../provider.js';
import { chatCompletions, completions } from './chat.js';
import { embeddings } from './embeddings.js';
import { MEDIA_ROUTES } from './media.js';
import { moderations } from './moderations.js';
import { responses } from './responses.js';

/** Routes of OpenAI that call a model, by what follows the version. */
export const OPENAI_ROUTES: { readonly [path: string]: Endpoint } = {
  '/chat/completions': chatCompletions,
  '/completions': completions,
  '/responses': responses,
  '/embeddings': embeddings,
  '/moderations': moderations,
  ...MEDIA_ROUTES,
};
