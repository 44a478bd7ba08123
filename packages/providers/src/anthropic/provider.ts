import { prefixedProvider, routes } from '../routes.js';
import { anthropicComplete, anthropicMessages } from './messages.js';

/** Anthropic. Counting tokens and batches call no model. */
export const anthropic = prefixedProvider(
  'anthropic',
  ['/v1', ''],
  routes({ '/messages': anthropicMessages, '/complete': anthropicComplete }),
);
