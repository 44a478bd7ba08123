import { OPENAI_ROUTES } from '../openai/routes.js';
import type { Endpoint, Provider } from '../provider.js';
import { isPost, matchPrefixed, routes, withoutEnd } from '../routes.js';

const ROUTES = routes(OPENAI_ROUTES);
// The v1 API, the responses of dated versions, Foundry's model inference; a base URL may end anywhere before the route.
const PREFIXES = ['/openai/v1', '/openai', '/models', '/v1', ''];
const DEPLOYMENT = /^(?:\/openai)?\/deployments\/([^/]{1,200})(\/.+)$/;

/**
 * Azure OpenAI: `/openai/deployments/{deployment}/...`, where the deployment stands for the model, and the v1 API, where the
 * body's model names the deployment.
 */
export const azure: Provider = {
  name: 'azure.ai.openai',
  match(method, path) {
    if (!isPost(method)) return undefined;
    const [, deployment, rest] = DEPLOYMENT.exec(withoutEnd(path)) ?? [];
    if (deployment === undefined || rest === undefined) return matchPrefixed(PREFIXES, ROUTES, path);
    const endpoint: Endpoint | undefined = ROUTES[rest];
    return endpoint === undefined ? undefined : { ...endpoint, pathModel: decode(deployment) };
  },
};

function decode(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
