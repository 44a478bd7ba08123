import type { Binary, Call, Expr, TextRange, ValueType, VectorSelector } from './ast.js';
import { unwrapParens } from './ast.js';
import { parseError } from './promql-error.js';
import { signatureOf } from './signatures.js';

const NAMES: Readonly<Record<ValueType, string>> = {
  scalar: 'scalar',
  vector: 'instant vector',
  matrix: 'range vector',
  string: 'string',
};

export interface CheckOptions {
  /** Whether what Prometheus hides behind flags is part of the language. */
  readonly experimental: boolean;
  /** Whether a selector may let every series pass. */
  readonly emptySelectors: boolean;
}

/** The type of an expression in the words of Prometheus: `instant vector`. */
export function typeName(type: ValueType): string {
  return NAMES[type];
}

/** The type of an expression, without looking for mistakes in it. */
export function typeOf(expr: Expr): ValueType {
  switch (expr.kind) {
    case 'number':
      return 'scalar';
    case 'string':
      return 'string';
    case 'selector':
    case 'aggregation':
      return 'vector';
    case 'matrix':
    case 'subquery':
      return 'matrix';
    case 'call':
      return signatureOf(expr.name)?.returns ?? 'vector';
    case 'unary':
    case 'paren':
      return typeOf(expr.expr);
    case 'binary':
      return typeOf(expr.left) === 'scalar' && typeOf(expr.right) === 'scalar' ? 'scalar' : 'vector';
  }
}

/** Throws a `PromqlError` at the first expression that has a type it must not have. */
export function checkTypes(query: string, expr: Expr, options: CheckOptions): ValueType {
  return new TypeCheck(query, options).check(expr);
}

class TypeCheck {
  readonly #query: string;
  readonly #options: CheckOptions;

  constructor(query: string, options: CheckOptions) {
    this.#query = query;
    this.#options = options;
  }

  check(expr: Expr): ValueType {
    switch (expr.kind) {
      case 'number':
        return 'scalar';
      case 'string':
        return 'string';
      case 'selector':
        this.#nonEmpty(expr);
        this.#experimental(expr.mode !== undefined, expr.range, `${expr.mode} modifier is not enabled`);
        return 'vector';
      case 'matrix':
        this.#nonEmpty(expr.selector);
        this.#experimental(
          expr.selector.mode !== undefined,
          expr.range,
          `${expr.selector.mode} modifier is not enabled`,
        );
        return 'matrix';
      case 'subquery': {
        const type = this.check(expr.expr);
        if (type !== 'vector')
          throw this.#error(expr.range, `subquery is only allowed on instant vector, got ${NAMES[type]} instead`);
        return 'matrix';
      }
      case 'paren':
        return this.check(expr.expr);
      case 'unary': {
        const type = this.check(expr.expr);
        if (type === 'scalar' || type === 'vector') return type;
        throw this.#error(
          expr.range,
          `unary expression only allowed on expressions of type scalar or instant vector, got "${NAMES[type]}"`,
        );
      }
      case 'aggregation':
        this.#experimental(
          expr.operator === 'limitk' || expr.operator === 'limit_ratio',
          expr.range,
          `${expr.operator}() is experimental and must be enabled`,
        );
        this.#expect(expr.expr, 'vector', 'aggregation expression');
        if (expr.parameter !== undefined) {
          this.#expect(expr.parameter, expr.operator === 'count_values' ? 'string' : 'scalar', 'aggregation parameter');
        }
        return 'vector';
      case 'call':
        return this.#call(expr);
      case 'binary':
        return this.#binary(expr);
    }
  }

  #call(call: Call): ValueType {
    const signature = signatureOf(call.name);
    if (signature === undefined) throw this.#error(call.range, `unknown function with name "${call.name}"`);
    this.#experimental(signature.experimental, call.range, `function "${call.name}" is not enabled`);
    const count = call.args.length;
    const least = signature.args.length - signature.optional;
    const most = signature.args.length + signature.repeated;
    if (count < least || count > most) {
      const bound = least === most ? '' : count < least ? 'at least ' : 'at most ';
      const wanted = count < least ? least : most;
      throw this.#error(call.range, `expected ${bound}${wanted} argument(s) in call to "${call.name}", got ${count}`);
    }
    for (const [i, arg] of call.args.entries()) {
      if (call.name === 'info' && i === 1) {
        // Its conditions are on labels; they may all hold for what is not there.
        if (unwrapParens(arg).kind === 'selector') continue;
        throw this.#error(arg.range, 'expected label selectors only');
      }
      const wanted = signature.args[Math.min(i, signature.args.length - 1)]!;
      this.#expect(arg, wanted, `call to function "${call.name}"`);
    }
    return signature.returns;
  }

  #binary(expr: Binary): ValueType {
    const left = this.check(expr.left);
    const right = this.check(expr.right);
    const { operator, matching } = expr;
    const isComparison = COMPARISONS.has(operator);
    const isSet = operator === 'and' || operator === 'or' || operator === 'unless';
    if (expr.bool && !isComparison)
      throw this.#error(expr.range, 'bool modifier can only be used on comparison operators');
    for (const [side, type] of [
      [expr.left, left],
      [expr.right, right],
    ] as const) {
      if (type !== 'scalar' && type !== 'vector') {
        throw this.#error(side.range, 'binary expression must contain only scalar and instant vector types');
      }
    }
    if (isComparison && !expr.bool && left === 'scalar' && right === 'scalar') {
      throw this.#error(expr.range, 'comparisons between scalars must use BOOL modifier');
    }
    if (left === 'vector' && right === 'vector') {
      this.#experimental(
        matching?.fillLeft !== undefined || matching?.fillRight !== undefined,
        expr.range,
        'binop fill modifiers are experimental and not enabled',
      );
      const both = matching?.on ? matching.include.find((label) => matching.labels.includes(label)) : undefined;
      if (both !== undefined)
        throw this.#error(expr.range, `label "${both}" must not occur in ON and GROUP clause at once`);
      return 'vector';
    }
    if (isSet) throw this.#error(expr.range, `set operator "${operator}" not allowed in binary scalar expression`);
    if (
      matching !== undefined &&
      (matching.on || matching.labels.length > 0 || matching.cardinality !== 'one-to-one')
    ) {
      throw this.#error(expr.range, 'vector matching only allowed between instant vectors');
    }
    if (matching?.fillLeft !== undefined || matching?.fillRight !== undefined) {
      throw this.#error(expr.range, 'filling in missing series only allowed between instant vectors');
    }
    return left === 'scalar' && right === 'scalar' ? 'scalar' : 'vector';
  }

  #expect(expr: Expr, wanted: ValueType, context: string): void {
    const type = this.check(expr);
    if (type !== wanted)
      throw this.#error(expr.range, `expected type ${NAMES[wanted]} in ${context}, got ${NAMES[type]}`);
  }

  /** Without a condition that needs a value it would be every series there is. */
  #nonEmpty({ matchers, range }: VectorSelector): void {
    if (!this.#options.emptySelectors && matchers.every((matcher) => matcher.test(''))) {
      throw this.#error(range, 'vector selector must contain at least one non-empty matcher');
    }
  }

  #experimental(used: boolean, range: TextRange, message: string): void {
    if (used && !this.#options.experimental) throw this.#error(range, message);
  }

  #error(range: TextRange, message: string) {
    return parseError(this.#query, range, message);
  }
}

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '<=', '<', '>=', '>']);
