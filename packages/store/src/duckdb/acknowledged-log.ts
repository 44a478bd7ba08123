import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { crc32 } from 'node:zlib';
import { StoreOpenError } from '../api/store.js';

/**
 * The engine takes a log that ends in the middle of an entry for what a crash left, and drops the rest without a word: right
 * for what was never acknowledged, a silent loss when the log was cut or a length in it was damaged. So each commit notes
 * how long the log is, in a file of its own, and opening compares. The note is not flushed: after a power cut it may be
 * older than the log, which asks for less, never for more.
 *
 * The note, little-endian: magic (8), checkpoints of the file (8), length of the log (8), length of the log's head (4), that head
 * (64, zeros after it), CRC-32 of all before (4).
 */
const MAGIC = Buffer.from('VDTACK01');
const HEAD_ROOM = 64;
const NOTE_BYTES = 28 + HEAD_ROOM + 4;

/** The file begins with a block of facts; two more take turns as the latest, each with a checksum and the count of checkpoints. */
const HEADER_BLOCKS_AT = [4096, 8192] as const;
const COUNT_AT = 8;

/** An entry of the log: its length and its checksum, 8 bytes each, then as many bytes. */
const ENTRY_HEAD = 16;

interface Note {
  readonly checkpoints: bigint;
  readonly logBytes: number;
  readonly head: Buffer;
}

/** Where the note is. */
export function notePath(path: string): string {
  return `${path}.acked`;
}

/**
 * Throws `damaged` when the log of a store that is not open holds less than was acknowledged, and changes nothing.
 * A store without a note, or one that was folded since, is not judged; the note of a store that was moved away goes.
 */
export function assertLogIsWhole(path: string): void {
  if (!existsSync(path)) {
    if (existsSync(notePath(path))) rmSync(notePath(path));
    return;
  }
  const note = readNote(notePath(path));
  if (note === undefined) return;
  const readable = readableLogBytes(`${path}.wal`, note.head);
  // Read after the log: it is only cut once the file has counted the checkpoint that holds it.
  if (checkpointsOf(path) !== note.checkpoints || readable >= note.logBytes) return;
  throw new StoreOpenError(
    'damaged',
    `The store ${path} cannot be read whole: of ${note.logBytes} bytes of acknowledged log, ${path}.wal holds ${readable} that can be read. ` +
      `Restore both files from a backup; or, to go on without what is missing, copy them aside and remove ${notePath(path)}.`,
  );
}

/** Notes after each commit how long the log is. */
export class AcknowledgedLog {
  readonly #path: string;
  readonly #file: number;
  readonly #note = openedNote();
  #store: number | undefined;
  #noted = { checkpoints: -1n, logBytes: -1 };

  /** Of a store that is open. */
  constructor(path: string) {
    this.#path = path;
    // What is there still holds until the first commit.
    this.#file = openSync(notePath(path), constants.O_RDWR | constants.O_CREAT, 0o600);
  }

  /** Right after a commit, before it is acknowledged, and while nothing else writes. */
  commit(): void {
    this.#store ??= openSync(this.#path, 'r');
    const checkpoints = countCheckpoints(this.#store);
    let log: number;
    try {
      log = openSync(`${this.#path}.wal`, 'r');
    } catch {
      // The commit was folded into the file at once.
      return;
    }
    try {
      const logBytes = fstatSync(log).size;
      if (checkpoints !== this.#noted.checkpoints || logBytes < this.#noted.logBytes) {
        const head = readHead(log);
        if (head === undefined) return;
        this.#note.writeBigUInt64LE(checkpoints, 8);
        this.#note.writeUInt32LE(head.length, 24);
        this.#note.fill(0, 28, 28 + HEAD_ROOM);
        head.copy(this.#note, 28);
      }
      this.#note.writeBigUInt64LE(BigInt(logBytes), 16);
      this.#note.writeUInt32LE(crc32(this.#note.subarray(0, NOTE_BYTES - 4)), NOTE_BYTES - 4);
      writeSync(this.#file, this.#note, 0, NOTE_BYTES, 0);
      this.#noted = { checkpoints, logBytes };
    } finally {
      closeSync(log);
    }
  }

  /** After the store was closed: what was folded into the file needs no note. */
  close(): void {
    closeSync(this.#file);
    if (this.#store !== undefined) closeSync(this.#store);
    if (!existsSync(`${this.#path}.wal`)) rmSync(notePath(this.#path), { force: true });
  }
}

function openedNote(): Buffer {
  const note = Buffer.alloc(NOTE_BYTES);
  MAGIC.copy(note);
  return note;
}

/** `undefined` for one that is missing, or was not written whole. */
function readNote(path: string): Note | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    return undefined;
  }
  if (bytes.length !== NOTE_BYTES || !bytes.subarray(0, 8).equals(MAGIC)) return undefined;
  if (crc32(bytes.subarray(0, NOTE_BYTES - 4)) !== bytes.readUInt32LE(NOTE_BYTES - 4)) return undefined;
  return {
    checkpoints: bytes.readBigUInt64LE(8),
    logBytes: Number(bytes.readBigUInt64LE(16)),
    head: bytes.subarray(28, 28 + Math.min(bytes.readUInt32LE(24), HEAD_ROOM)),
  };
}

function checkpointsOf(path: string): bigint {
  const file = openSync(path, 'r');
  try {
    return countCheckpoints(file);
  } finally {
    closeSync(file);
  }
}

function countCheckpoints(file: number): bigint {
  const count = Buffer.alloc(8);
  let latest = 0n;
  for (const at of HEADER_BLOCKS_AT) {
    if (readSync(file, count, 0, 8, at + COUNT_AT) < 8) continue;
    const found = count.readBigUInt64LE();
    if (found > latest) latest = found;
  }
  return latest;
}

/** How far the engine can read the log: up to the first entry that is not there whole. It checks the entries' checksums itself. */
function readableLogBytes(path: string, head: Buffer): number {
  let log: number;
  try {
    log = openSync(path, 'r');
  } catch {
    return 0;
  }
  try {
    const found = Buffer.alloc(head.length);
    if (readSync(log, found, 0, head.length, 0) < head.length || !found.equals(head)) return 0;
    const { size } = fstatSync(log);
    const length = Buffer.alloc(8);
    let at = head.length;
    while (at + ENTRY_HEAD <= size) {
      readSync(log, length, 0, 8, at);
      const end = BigInt(at + ENTRY_HEAD) + length.readBigUInt64LE();
      if (end > BigInt(size)) break;
      at = Number(end);
    }
    return at;
  } finally {
    closeSync(log);
  }
}

/** The object before the first entry: fields of small numbers, each `id (2 bytes), value`, up to 0xffff. */
function readHead(log: number): Buffer | undefined {
  const bytes = Buffer.alloc(HEAD_ROOM);
  const length = readSync(log, bytes, 0, HEAD_ROOM, 0);
  let at = 0;
  const skipNumber = (): number => {
    let value = 0;
    for (let shift = 0; at < length; shift += 7) {
      const byte = bytes[at++]!;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    return value;
  };
  while (at + 2 <= length) {
    const field = bytes.readUInt16LE(at);
    at += 2;
    if (field === 0xffff) return bytes.subarray(0, at);
    const value = skipNumber();
    // The identifier of the database is a list of numbers.
    if (field === 102) for (let i = 0; i < value; i++) skipNumber();
  }
  return undefined;
}
