import { BLOB } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import type { Column } from '../write/columns.js';
import { CHUNK_ROWS, countColumn, int32Column, textColumn } from '../write/columns.js';

/** Columns of `data.series`, in the order of the table. */
export function seriesColumns() {
  return { series_id: int32Column(), labels: textColumn() };
}

/** Columns of `data.sample_chunks`, in the order of the table. */
export function chunkColumns() {
  return {
    series_id: int32Column(),
    first_ms: countColumn(),
    last_ms: countColumn(),
    samples: int32Column(),
    chunk: blobColumn(),
  };
}

/** Columns of `data.sample_tiers`, in the order of the table. */
export function tierColumns() {
  return {
    series_id: int32Column(),
    window_ms: int32Column(),
    first_ms: countColumn(),
    last_ms: countColumn(),
    samples: int32Column(),
    chunk: blobColumn(),
  };
}

function blobColumn(): Column<Uint8Array> {
  const values: (Uint8Array | undefined)[] = new Array(CHUNK_ROWS).fill(undefined);
  return {
    type: BLOB,
    put(row, value) {
      values[row] = value;
    },
    copyTo(vector, rows) {
      for (let row = 0; row < rows; row += 1) {
        const value = values[row];
        if (value !== undefined) duckdb.vector_assign_string_element_len(vector, row, value);
        values[row] = undefined;
      }
    },
  };
}
