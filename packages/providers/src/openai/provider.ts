import { prefixedProvider, routes } from '../routes.js';
import { chatCompletions, completions } from './chat.js';

/** OpenAI. */
export const openAi = prefixedProvider(
  'openai',
  ['/v1', ''],
  routes({ '/chat/completions': chatCompletions, '/completions': completions }),
);
