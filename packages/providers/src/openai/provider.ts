import { prefixedProvider, routes } from '../routes.js';
import { OPENAI_ROUTES } from './routes.js';

/** OpenAI. */
export const openAi = prefixedProvider('openai', ['/v1', ''], routes(OPENAI_ROUTES));
