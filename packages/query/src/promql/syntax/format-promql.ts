import { METRIC_NAME } from '../labels/label-set.js';
import { formatMatcher } from '../labels/matcher.js';
import type { Aggregation, Binary, Duration, Expr, TimeModifiers, VectorMatching, VectorSelector } from './ast.js';

/** Lines longer than this are broken, as in Prometheus' own layout. */
const MAX_LINE = 100;
const INDENT = '  ';

/** An expression in the layout of Prometheus (`format_query`): on one line where it is short, else broken at its parentheses. */
export function formatPromql(expr: Expr): string {
  return pretty(expr, 0);
}

function pretty(expr: Expr, level: number): string {
  const pad = INDENT.repeat(level);
  const line = `${pad}${oneLine(expr)}`;
  if (line.length <= MAX_LINE) return line;
  switch (expr.kind) {
    case 'paren':
      return `${pad}(\n${pretty(expr.expr, level + 1)}\n${pad})`;
    case 'unary':
      return `${pad}${expr.operator}${pretty(expr.expr, level).trimStart()}`;
    case 'binary': {
      const { left, right } = expr;
      return `${pretty(left, level + 1)}\n${pad}${operatorOf(expr)}\n${pretty(right, level + 1)}`;
    }
    case 'call':
      return `${pad}${expr.name}(\n${expr.args.map((arg) => pretty(arg, level + 1)).join(',\n')}\n${pad})`;
    case 'aggregation': {
      const args = expr.parameter === undefined ? [expr.expr] : [expr.parameter, expr.expr];
      return `${pad}${headOf(expr)}(\n${args.map((arg) => pretty(arg, level + 1)).join(',\n')}\n${pad})`;
    }
    case 'subquery':
      return `${pretty(expr.expr, level)}${rangeOf(expr)}${modifiersOf(expr)}`;
    case 'number':
    case 'string':
    case 'selector':
    case 'matrix':
      return line;
  }
}

function oneLine(expr: Expr): string {
  switch (expr.kind) {
    case 'number':
      return formatNumber(expr.value);
    case 'string':
      return JSON.stringify(expr.value);
    case 'selector':
      return `${selectorText(expr)}${modeOf(expr)}${modifiersOf(expr)}`;
    case 'matrix':
      return `${selectorText(expr.selector)}[${formatDuration(expr.duration)}]${modeOf(expr.selector)}${modifiersOf(expr.selector)}`;
    case 'subquery':
      return `${oneLine(expr.expr)}${rangeOf(expr)}${modifiersOf(expr)}`;
    case 'paren':
      return `(${oneLine(expr.expr)})`;
    case 'unary':
      return `${expr.operator}${oneLine(expr.expr)}`;
    case 'call':
      return `${expr.name}(${expr.args.map(oneLine).join(', ')})`;
    case 'aggregation': {
      const args = expr.parameter === undefined ? [expr.expr] : [expr.parameter, expr.expr];
      return `${headOf(expr)}(${args.map(oneLine).join(', ')})`;
    }
    case 'binary':
      return `${oneLine(expr.left)} ${operatorOf(expr)} ${oneLine(expr.right)}`;
  }
}

function selectorText({ name, matchers }: VectorSelector): string {
  const isPlain = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name);
  const others = matchers.filter((matcher) => name === '' || matcher.name !== METRIC_NAME || matcher.operator !== '=');
  const parts = others.map(formatMatcher);
  if (name !== '' && !isPlain) parts.unshift(JSON.stringify(name));
  const braces = parts.length === 0 ? '' : `{${parts.join(',')}}`;
  return `${isPlain ? name : ''}${braces}`;
}

function modeOf({ mode }: VectorSelector): string {
  return mode === undefined ? '' : ` ${mode}`;
}

function modifiersOf({ at, offset }: TimeModifiers): string {
  const atText = at === undefined ? '' : at.kind === 'time' ? ` @ ${(at.ms / 1000).toFixed(3)}` : ` @ ${at.kind}()`;
  if (offset === undefined) return atText;
  // Only a plain length of time goes without parentheses.
  const isPlain = offset.kind !== 'operation';
  return `${atText} offset ${isPlain ? formatDuration(offset) : `(${formatDuration(offset)})`}`;
}

function rangeOf(expr: Expr & { kind: 'subquery' }): string {
  return `[${formatDuration(expr.duration)}:${expr.step === undefined ? '' : formatDuration(expr.step)}]`;
}

function headOf({ operator, without, labels }: Aggregation): string {
  const list = labels.map(formatLabel).join(', ');
  if (without) return `${operator} without (${list}) `;
  return labels.length === 0 ? operator : `${operator} by (${list}) `;
}

function operatorOf({ operator, bool, matching }: Binary): string {
  return `${operator}${bool ? ' bool' : ''}${matching === undefined ? '' : matchingText(matching)}`;
}

function matchingText({ on, labels, cardinality, include, fillLeft, fillRight }: VectorMatching): string {
  let text = '';
  const grouped = cardinality === 'many-to-one' || cardinality === 'one-to-many';
  if (on || labels.length > 0 || grouped) {
    text += ` ${on ? 'on' : 'ignoring'} (${labels.map(formatLabel).join(', ')})`;
  }
  if (grouped) {
    text += ` ${cardinality === 'many-to-one' ? 'group_left' : 'group_right'} (${include.map(formatLabel).join(', ')})`;
  }
  if (fillLeft !== undefined && Object.is(fillLeft, fillRight)) return `${text} fill (${formatNumber(fillLeft)})`;
  if (fillLeft !== undefined) text += ` fill_left (${formatNumber(fillLeft)})`;
  if (fillRight !== undefined) text += ` fill_right (${formatNumber(fillRight)})`;
  return text;
}

function formatLabel(name: string): string {
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) ? name : JSON.stringify(name);
}

function formatNumber(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value);
}

function formatDuration(duration: Duration): string {
  switch (duration.kind) {
    case 'seconds':
      return formatSeconds(duration.seconds);
    case 'step':
    case 'range':
      return `${duration.kind}()`;
    case 'negative':
      return `-${formatInner(duration.item)}`;
    case 'operation': {
      const { operator, left, right } = duration;
      if (operator === 'min' || operator === 'max')
        return `${operator}_of(${formatDuration(left)}, ${formatDuration(right)})`;
      return `${formatInner(left)} ${operator} ${formatInner(right)}`;
    }
  }
}

/** Parentheses say what belongs together, since the tree holds none. */
function formatInner(duration: Duration): string {
  const isInfix = duration.kind === 'operation' && duration.operator !== 'min' && duration.operator !== 'max';
  return isInfix ? `(${formatDuration(duration)})` : formatDuration(duration);
}

const UNITS: readonly (readonly [string, number])[] = [
  ['y', 31_536_000_000],
  ['w', 604_800_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
];

/** `1h30m`; years, weeks and days only where they come out even, as Prometheus writes them. */
function formatSeconds(seconds: number): string {
  let ms = Math.round(seconds * 1000);
  if (ms === 0) return '0s';
  let text = '';
  for (const [unit, size] of UNITS) {
    const isLarge = size >= 86_400_000;
    if (isLarge && ms % size !== 0) continue;
    const count = Math.floor(ms / size);
    if (count === 0) continue;
    text += `${count}${unit}`;
    ms -= count * size;
  }
  return text;
}
