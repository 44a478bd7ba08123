import type { DuckDBType, DuckDBValue } from '@duckdb/node-api';
import { DuckDBTypeId, JsonDuckDBValueConverter } from '@duckdb/node-api';
import { MAX_JSON_DEPTH, nestsDeeperThan } from '@vedetta/model';

/**
 * A value as JSON: integers within 2^53 as numbers and beyond as decimal text, timestamps as ISO 8601 in UTC, JSON columns
 * parsed, nested values as arrays and objects, everything else as the engine prints it.
 */
export function jsonValue(value: DuckDBValue, type: DuckDBType): unknown {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') return type.alias === 'JSON' ? parsed(value) : value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') {
    return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value.toString();
  }
  switch (type.typeId) {
    case DuckDBTypeId.TIMESTAMP:
    case DuckDBTypeId.TIMESTAMP_S:
    case DuckDBTypeId.TIMESTAMP_MS:
    case DuckDBTypeId.TIMESTAMP_NS:
      return /^\d{4}-/.test(String(value)) ? `${String(value).replace(' ', 'T')}Z` : String(value);
    case DuckDBTypeId.TIMESTAMP_TZ:
    case DuckDBTypeId.DECIMAL:
      return String(value);
    default:
      return JsonDuckDBValueConverter(value, type, JsonDuckDBValueConverter);
  }
}

function parsed(text: string): unknown {
  if (nestsDeeperThan(text, MAX_JSON_DEPTH)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
