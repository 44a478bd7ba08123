import type { FileHandle } from 'node:fs/promises';
import { mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

/** What prompts are in is for its owner's eyes only, as the database. */
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

/**
 * Appends lines to a file as one gzip member, all or nothing, and resolves when the disk has them. A file of several members
 * is one gzip file; half a member in its middle would make the rest unreadable. So its size is put beside it first
 * (`<file>.size`), and after a crash the next append cuts it back to that. Only one append at a time to a file.
 */
export async function appendGzip(file: string, lines: AsyncIterable<string>): Promise<void> {
  const folder = path.dirname(file);
  await makeFolder(folder);
  const marker = `${file}.size`;
  const handle = await open(file, 'a', FILE_MODE);
  try {
    await cutBack(handle, marker);
    const { size } = await handle.stat();
    await writeDurably(marker, String(size));
    await syncFolder(folder);
    try {
      await pipeline(lines, createGzip(), async (chunks: AsyncIterable<Uint8Array>) => {
        for await (const chunk of chunks) await handle.appendFile(chunk);
      });
      await handle.sync();
    } catch (error) {
      // What is left of a failed append goes at once; should that fail too, the marker stays for the next one.
      await cutBack(handle, marker)
        // An empty file is no gzip file.
        .then(() => (size === 0 ? rm(file) : undefined))
        .catch(() => undefined);
      throw error;
    }
    await rm(marker);
    // Were the marker to come back after a power cut, it would cut off what may be deleted by then.
    await syncFolder(folder);
  } finally {
    await handle.close();
  }
}

/** Takes back what an append that was never finished left. */
async function cutBack(handle: FileHandle, marker: string): Promise<void> {
  const text = await readFile(marker, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return;
  // An empty marker was cut short itself: nothing was appended yet.
  if (/^\d+$/.test(text)) {
    await handle.truncate(Number(text));
    await handle.sync();
  }
  await rm(marker);
}

async function writeDurably(file: string, text: string): Promise<void> {
  const handle = await open(file, 'w', FILE_MODE);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function makeFolder(folder: string): Promise<void> {
  if (await stat(folder).catch(() => undefined)) return;
  await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  await syncFolder(path.dirname(folder));
}

/** Makes names in a folder durable. Windows has no such call and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
