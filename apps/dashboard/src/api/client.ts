import { createClient } from '@vedetta/client';

/** The server that serves this page. */
export const api = createClient({ baseUrl: '' });
