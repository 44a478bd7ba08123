import type { DuckDBType } from '@duckdb/node-api';
import { BIGINT, BOOLEAN, DOUBLE, INTEGER, UBIGINT, UTINYINT, UUID, VARCHAR } from '@duckdb/node-api';
import type { Vector } from '@duckdb/node-bindings';
import duckdb from '@duckdb/node-bindings';

/** Rows of the engine's data chunk: its fixed vector size. */
export const CHUNK_ROWS = 2048;

const MAX_INT64 = 0x7fff_ffff_ffff_ffffn;
const VALIDITY_BYTES = CHUNK_ROWS / 8;

/**
 * One column of a chunk that is being filled. Fixed-width values gather in a typed array and are copied into the engine's
 * vector in one go; that is several times cheaper than one call into the engine per value. `row` must be below
 * {@link CHUNK_ROWS}: the copy is unchecked, so nothing but `TableAppender` hands out rows.
 */
export interface Column<T> {
  readonly type: DuckDBType;
  put(row: number, value: T): void;
  /** Copies the first `rows` values and gets ready for the next chunk. */
  copyTo(vector: Vector, rows: number): void;
}

/** A string in the engine's vectors is 16 bytes: its length in 4, then, up to so many bytes, the string itself, zeros after it. */
const INLINE_BYTES = 12;

/** Text; `''` and `undefined` are stored as NULL, which costs nothing to copy. NUL characters, which end a string in the engine, become U+FFFD. */
export function textColumn(): Column<string | undefined> {
  const values: string[] = new Array(CHUNK_ROWS).fill('');
  const nulls = new NullMask();
  const words = new Uint32Array(CHUNK_ROWS * 4);
  const bytes = new Uint8Array(words.buffer);
  return {
    type: VARCHAR,
    put(row, value) {
      if (value === undefined || value === '') nulls.set(row);
      values[row] = value ?? '';
    },
    copyTo(vector, rows) {
      // Short texts, most are, go in one copy: a call into the engine for each costs ten times that.
      words.fill(0, 0, rows * 4);
      let long = 0;
      for (let row = 0; row < rows; row++) {
        const value = values[row]!;
        if (value === '') continue;
        if (putInline(words, bytes, row, value)) values[row] = '';
        else long++;
      }
      copyBytes(vector, bytes, rows * 16);
      for (let row = 0; long > 0; row++) {
        const value = values[row]!;
        if (value === '') continue;
        duckdb.vector_assign_string_element(
          vector,
          row,
          value.includes('\0') ? value.replaceAll('\0', '\ufffd') : value,
        );
        values[row] = '';
        long--;
      }
      nulls.copyTo(vector, rows);
    },
  };
}

/** Writes a short text of ASCII without NUL into its row; answers false, and leaves the row empty, for any other. */
function putInline(words: Uint32Array, bytes: Uint8Array, row: number, value: string): boolean {
  const { length } = value;
  if (length > INLINE_BYTES) return false;
  const at = row * 16 + 4;
  for (let i = 0; i < length; i++) {
    const code = value.charCodeAt(i);
    if (code === 0 || code > 127) {
      bytes.fill(0, at, at + i);
      return false;
    }
    bytes[at + i] = code;
  }
  words[row * 4] = length;
  return true;
}

/** 64-bit signed integers from bigints, clamped to the range; `undefined` is NULL. */
export function int64Column(): Column<bigint | undefined> {
  return fixedColumn(BIGINT, new BigInt64Array(CHUNK_ROWS), (value: bigint) => (value > MAX_INT64 ? MAX_INT64 : value));
}

/** 64-bit signed integers from numbers, rounded; `undefined` and values that are no finite number are NULL. */
export function countColumn(): Column<number | undefined> {
  const column = fixedColumn(BIGINT, new BigInt64Array(CHUNK_ROWS), (value: number) => BigInt(Math.round(value)));
  return {
    ...column,
    put: (row, value) => column.put(row, value !== undefined && Math.abs(value) < 2 ** 62 ? value : undefined),
  };
}

/** Doubles; `undefined` and values that are not finite are NULL. */
export function doubleColumn(): Column<number | undefined> {
  const column = fixedColumn(DOUBLE, new Float64Array(CHUNK_ROWS), (value: number) => value);
  return {
    ...column,
    put: (row, value) => column.put(row, value !== undefined && Number.isFinite(value) ? value : undefined),
  };
}

export function int32Column(): Column<number | undefined> {
  return fixedColumn(INTEGER, new Int32Array(CHUNK_ROWS), (value: number) => Math.min(value, 0x7fff_ffff));
}

export function uint8Column(): Column<number | undefined> {
  return fixedColumn(UTINYINT, new Uint8Array(CHUNK_ROWS), (value: number) => value);
}

export function booleanColumn(): Column<boolean | undefined> {
  return fixedColumn(BOOLEAN, new Uint8Array(CHUNK_ROWS), (value: boolean) => (value ? 1 : 0));
}

export function uint64Column(): Column<bigint | undefined> {
  return fixedColumn(UBIGINT, new BigUint64Array(CHUNK_ROWS), (value: bigint) => value);
}

/** Span ids: 16 hex digits; `''` is 0. */
export function spanIdColumn(): Column<string> {
  const bytes = new Uint8Array(CHUNK_ROWS * 8);
  return {
    type: UBIGINT,
    put: (row, hex) => putHex(bytes, row * 8, hex, 8),
    copyTo: (vector, rows) => copyBytes(vector, bytes, rows * 8),
  };
}

/** Trace ids: 32 hex digits as the engine's UUID, a 128-bit integer with its top bit flipped so that it sorts as text does. */
export function traceIdColumn(): Column<string> {
  const bytes = new Uint8Array(CHUNK_ROWS * 16);
  return {
    type: UUID,
    put(row, hex) {
      putHex(bytes, row * 16, hex, 16);
      bytes[row * 16 + 15]! ^= 0x80;
    },
    copyTo: (vector, rows) => copyBytes(vector, bytes, rows * 16),
  };
}

class NullMask {
  readonly #bits = new Uint8Array(VALIDITY_BYTES).fill(0xff);
  #any = false;

  set(row: number): void {
    this.#bits[row >> 3]! &= ~(1 << (row & 7));
    this.#any = true;
  }

  copyTo(vector: Vector, rows: number): void {
    if (!this.#any) return;
    duckdb.vector_ensure_validity_writable(vector);
    // The engine keeps validity in words of 64 rows.
    const bytes = Math.ceil(rows / 64) * 8;
    duckdb.copy_data_to_vector_validity(vector, 0, this.#bits.buffer, 0, bytes);
    this.#bits.fill(0xff);
    this.#any = false;
  }
}

type FixedArray = BigInt64Array | BigUint64Array | Float64Array | Int32Array | Uint8Array;

function fixedColumn<T>(
  type: DuckDBType,
  values: FixedArray,
  convert: (value: T) => bigint | number,
): Column<T | undefined> {
  const nulls = new NullMask();
  return {
    type,
    put(row, value) {
      if (value === undefined) nulls.set(row);
      else values[row] = convert(value);
    },
    copyTo(vector, rows) {
      copyBytes(vector, values, rows * values.BYTES_PER_ELEMENT);
      nulls.copyTo(vector, rows);
    },
  };
}

function copyBytes(vector: Vector, source: FixedArray, byteCount: number): void {
  duckdb.copy_data_to_vector(vector, 0, source.buffer as ArrayBuffer, source.byteOffset, byteCount);
}

/** Writes hex digits as a little-endian integer of `size` bytes. Digits that are missing count as zero. */
function putHex(bytes: Uint8Array, offset: number, hex: string, size: number): void {
  if (hex.length !== size * 2) {
    bytes.fill(0, offset, offset + size);
    return;
  }
  for (let i = 0; i < size; i++) {
    bytes[offset + size - 1 - i] = (nibble(hex.charCodeAt(i * 2)) << 4) | nibble(hex.charCodeAt(i * 2 + 1));
  }
}

function nibble(code: number): number {
  return code <= 57 ? code - 48 : (code | 32) - 87;
}
