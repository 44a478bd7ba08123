import { readFile } from 'node:fs/promises';

/** Text of a file of the kernel; `undefined` when it is not there or may not be read. */
export type ReadText = (path: string) => Promise<string | undefined>;

/** Reads the machine's own files. */
export const readSystemText: ReadText = (path) => readFile(path, 'utf8').catch(() => undefined);
