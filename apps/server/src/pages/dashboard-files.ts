import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};
const COMPRESSIBLE = /^(?:text\/|application\/(?:json|manifest)|image\/svg)/;
const compress = promisify(gzip);

/** A file of the dashboard, ready to be sent. */
export interface DashboardFile {
  readonly type: string;
  readonly body: Buffer;
  /** `undefined` where compressing gains nothing. */
  readonly gzipped: Buffer | undefined;
  readonly etag: string;
  /** The name holds a hash of the content: it may be kept for ever. */
  readonly immutable: boolean;
}

/**
 * The built dashboard: a list of files made once, each read and compressed when it is first asked for. A path that is not on
 * the list does not exist, however it is written, so that no path can lead out of the folder.
 */
export class DashboardFiles {
  readonly #paths: ReadonlyMap<string, string>;
  readonly #loaded = new Map<string, Promise<DashboardFile>>();

  constructor(folder: string) {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    this.#paths = new Map(
      files
        .map((entry) => path.join(entry.parentPath, entry.name))
        .filter((file) => path.extname(file) in TYPES)
        .map((file) => [`/${path.relative(folder, file).split(path.sep).join('/')}`, file]),
    );
  }

  /** The file under a URL path such as `/assets/index-BX3a91.js`; `undefined` when there is none. */
  get(urlPath: string): Promise<DashboardFile> | undefined {
    const file = this.#paths.get(urlPath);
    if (file === undefined) return undefined;
    let loaded = this.#loaded.get(urlPath);
    if (loaded === undefined) {
      loaded = load(file);
      this.#loaded.set(urlPath, loaded);
    }
    return loaded;
  }
}

/** Folder of the built dashboard beside this package, in the workspace or installed; `undefined` when it is not built. */
export function findDashboard(): string | undefined {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const dist = path.join(folder, 'node_modules', '@vedetta', 'dashboard', 'dist');
    if (existsSync(path.join(dist, 'index.html'))) return dist;
    const parent = path.dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
}

async function load(file: string): Promise<DashboardFile> {
  const body = readFileSync(file);
  const type = TYPES[path.extname(file)] ?? 'application/octet-stream';
  const gzipped = COMPRESSIBLE.test(type) && body.length > 1400 ? await compress(body) : undefined;
  return {
    type,
    body,
    gzipped,
    etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
    immutable: /-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$/.test(path.basename(file)),
  };
}
