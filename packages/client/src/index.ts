export type { ClientOptions, VedettaClient } from './client.js';
export { ApiError, createClient, toQueryString } from './client.js';
export type * from './types.js';
