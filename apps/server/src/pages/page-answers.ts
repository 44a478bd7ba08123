import { existsSync } from 'node:fs';
import path from 'node:path';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { acceptsGzip } from '../http/compression.js';
import { pathOf } from '../http/request-path.js';
import type { DashboardFile } from './dashboard-files.js';
import { DashboardFiles } from './dashboard-files.js';
import { NOT_BUILT_PAGE } from './not-built-page.js';

/** Paths that belong to programs: a wrong one is a 404 with a sentence, not a page. */
const PROGRAM_PATHS = /^\/(?:api|v1|prometheus|healthz|readyz|metrics|assets)(?:\/|$)/;
/** A file that is missing must not be answered with a page, which a browser would take for a script. Ids of requests may have dots. */
const FILE_NAMES = /\.(?:js|mjs|css|map|json|txt|xml|svg|png|jpe?g|ico|woff2?|webmanifest|html?|php)$/i;
const YEAR_SECONDS = 31_536_000;

/** Sends a page or an asset for a path that no route takes; answers false when the path is none of the dashboard's. */
export type PageAnswers = (request: FastifyRequest, reply: FastifyReply) => Promise<boolean>;

/** Pages of the dashboard in a folder; when it is not built there, a page says how to build it. Every path without a file is the page itself, which routes by URL. */
export function createPageAnswers(folder: string | undefined): PageAnswers {
  const built = folder !== undefined && existsSync(path.join(folder, 'index.html'));
  const files = built ? new DashboardFiles(folder) : undefined;

  return async (request, reply) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return false;
    const urlPath = pathOf(request);
    const asset = await files?.get(urlPath);
    if (asset !== undefined) {
      sendFile(request, reply, asset);
      return true;
    }
    if (PROGRAM_PATHS.test(urlPath) || FILE_NAMES.test(urlPath)) return false;
    const page = await files?.get('/index.html');
    if (page === undefined) reply.code(200).type('text/html; charset=utf-8').send(NOT_BUILT_PAGE);
    else sendFile(request, reply, page);
    return true;
  };
}

function sendFile(request: FastifyRequest, reply: FastifyReply, file: DashboardFile): void {
  reply
    .type(file.type)
    .header('etag', file.etag)
    .header('cache-control', file.immutable ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache');
  if (file.gzipped !== undefined) reply.header('vary', 'accept-encoding');
  if (request.headers['if-none-match'] === file.etag) {
    reply.code(304).send();
    return;
  }
  const gzipped =
    file.gzipped !== undefined && acceptsGzip(request.headers['accept-encoding']) ? file.gzipped : undefined;
  if (gzipped !== undefined) reply.header('content-encoding', 'gzip');
  reply.code(200).send(gzipped ?? file.body);
}
