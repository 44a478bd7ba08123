/** What a variable stands for now. */
export interface VariableValue {
  /** One value, or several. */
  readonly values: readonly string[];
  /** As shown; the values where absent. */
  readonly texts?: readonly string[];
  /** Several may be chosen, or all: inserted as a pattern. */
  readonly pattern: boolean;
  /** Inserted as it is: what the author wrote for All. */
  readonly raw?: string;
}

/** Values of variables by name. */
export type VariableValues = ReadonlyMap<string, VariableValue>;

/** How values are written when the text does not say. */
export type DefaultFormat = 'promql' | 'text';

const REFERENCE = /\$(\w+)|\$\{(\w+)(?:\.[^:^}]+)?(?::([^}]+))?\}|\[\[(\w+?)(?::(\w+))?\]\]/g;

/**
 * Puts values in the place of `$name`, `${name}`, `${name:format}` and `[[name]]`. A variable that is not known stays as it is.
 * In PromQL, several values become a pattern `(a|b)` with everything escaped; in texts they are listed.
 */
export function interpolate(text: string, values: VariableValues, otherwise: DefaultFormat): string {
  if (!text.includes('$') && !text.includes('[[')) return text;
  return text.replace(
    REFERENCE,
    (whole, plain?: string, braced?: string, format?: string, old?: string, oldFormat?: string) => {
      const value = values.get(plain ?? braced ?? old ?? '');
      return value === undefined ? whole : write(value, format ?? oldFormat, otherwise);
    },
  );
}

/** Names of variables that a text refers to, built-in ones too. */
export function referencedVariables(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(REFERENCE)].map(([, plain, braced, , old]) => plain ?? braced ?? old ?? ''));
}

function write(value: VariableValue, format: string | undefined, otherwise: DefaultFormat): string {
  const { values, texts = values, pattern, raw } = value;
  switch (format) {
    case undefined:
      if (otherwise === 'text') return texts.join(' + ');
      if (raw !== undefined) return raw;
      return pattern
        ? alternatives(values.map(escapePattern))
        : (values[0] ?? '').replace(/\\/g, '\\\\').replace(/"/g, '\\"');
    case 'regex':
      return raw ?? alternatives(values.map((one) => one.replace(/[\\^$*+?.()|[\]{}/]/g, '\\$&')));
    case 'pipe':
      return raw ?? values.join('|');
    case 'csv':
    case 'raw':
      return raw ?? values.join(',');
    case 'glob':
      return raw ?? (values.length === 1 ? (values[0] ?? '') : `{${values.join(',')}}`);
    case 'json':
      return JSON.stringify(values.length === 1 ? values[0] : values);
    case 'doublequote':
      return values.map((one) => `"${one.replace(/["\\]/g, '\\$&')}"`).join(',');
    case 'singlequote':
    case 'sqlstring':
      return values.map((one) => `'${one.replace(/'/g, format === 'sqlstring' ? "''" : "\\'")}'`).join(',');
    case 'percentencode':
      return encodeURIComponent(raw ?? (values.length === 1 ? (values[0] ?? '') : `{${values.join(',')}}`));
    case 'text':
      return texts.join(' + ');
    case 'date':
    case 'date:iso':
      return isoTime(values[0]);
    case 'date:seconds':
      return String(Math.floor(Number(values[0]) / 1000));
    default:
      return raw ?? values.join(',');
  }
}

function alternatives(values: readonly string[]): string {
  return values.length === 1 ? (values[0] ?? '') : `(${values.join('|')})`;
}

/** For a pattern inside of a quoted string of PromQL: what the string takes away must be there twice. */
function escapePattern(value: string): string {
  return value
    .replace(/[\\^$*+?.()|[\]{}]/g, '\\$&')
    .replace(/\\/g, '\\\\')
    .replace(/"/g, '\\"');
}

function isoTime(text: string | undefined): string {
  const date = new Date(Number(text));
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}
