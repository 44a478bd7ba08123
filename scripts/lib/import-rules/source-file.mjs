import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { parseSync } from 'rolldown/utils';

/**
 * @typedef {object} FoundImport
 * @property {string} specifier
 * @property {boolean} typeOnly it leaves nothing in the compiled code
 * @property {number} line
 *
 * @typedef {object} SourceFile
 * @property {readonly FoundImport[]} imports static, re-exported, dynamic, `require` and `import('...')` in types
 * @property {readonly number[]} environmentLines where `process.env` is read
 */

/** @type {ReadonlyMap<string, 'ts' | 'tsx'>} */
const LANGUAGES = new Map([
  ['.ts', /** @type {const} */ ('ts')],
  ['.mts', /** @type {const} */ ('ts')],
  ['.tsx', /** @type {const} */ ('tsx')],
]);

/**
 * Reads what a file imports and whether it reads the environment, from its syntax tree: a word in a comment or a text is
 * no import. Throws when the file cannot be parsed.
 * @param {string} file
 * @returns {SourceFile}
 */
export function readSourceFile(file) {
  const text = readFileSync(file, 'utf8');
  const parsed = parseSync(file, text, { lang: LANGUAGES.get(extname(file)) ?? 'js', sourceType: 'module' });
  const [fault] = parsed.errors;
  if (fault !== undefined) throw new Error(`${file} cannot be parsed: ${fault.message}`);
  const lineOf = lineCounter(text);
  /** @type {FoundImport[]} */
  const imports = [];
  /** @type {number[]} */
  const environmentLines = [];
  walk(parsed.program, (node) => {
    const found = importOf(node);
    if (found !== undefined) imports.push({ ...found, line: lineOf(node.start) });
    if (readsEnvironment(node)) environmentLines.push(lineOf(node.start));
  });
  return { imports, environmentLines };
}

/**
 * @param {any} node
 * @returns {{ specifier: string, typeOnly: boolean } | undefined}
 */
function importOf(node) {
  switch (node.type) {
    case 'ImportDeclaration':
      return { specifier: node.source.value, typeOnly: isTypeOnly(node, 'importKind') };
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return node.source ? { specifier: node.source.value, typeOnly: isTypeOnly(node, 'exportKind') } : undefined;
    case 'ImportExpression':
      return textOf(node.source, false);
    case 'TSImportType':
      return textOf(node.source ?? node.argument, true);
    case 'TSExternalModuleReference':
      return textOf(node.expression, false);
    case 'CallExpression':
      return node.callee.type === 'Identifier' && node.callee.name === 'require'
        ? textOf(node.arguments[0], false)
        : undefined;
    default:
      return undefined;
  }
}

/**
 * @param {any} node
 * @param {'importKind' | 'exportKind'} kind
 */
function isTypeOnly(node, kind) {
  if (node[kind] === 'type') return true;
  const specifiers = node.specifiers ?? [];
  return specifiers.length > 0 && specifiers.every((/** @type {any} */ one) => one[kind] === 'type');
}

/**
 * The specifier of a call with a literal text; a computed one names no module that could be checked.
 * @param {any} node
 * @param {boolean} typeOnly
 */
function textOf(node, typeOnly) {
  const literal = node?.type === 'TSLiteralType' ? node.literal : node;
  return literal?.type === 'Literal' && typeof literal.value === 'string'
    ? { specifier: literal.value, typeOnly }
    : undefined;
}

/** @param {any} node */
function readsEnvironment(node) {
  switch (node.type) {
    case 'MemberExpression':
      return isProcess(node.object) && (node.property.name === 'env' || node.property.value === 'env');
    case 'VariableDeclarator':
      return (
        isProcess(node.init) &&
        node.id.type === 'ObjectPattern' &&
        node.id.properties.some((/** @type {any} */ property) => property.key?.name === 'env')
      );
    case 'ImportDeclaration':
      return (
        /^(?:node:)?process$/.test(node.source.value) &&
        node.specifiers.some((/** @type {any} */ one) => one.imported?.name === 'env')
      );
    default:
      return false;
  }
}

/** @param {any} node `process`, `globalThis.process` */
function isProcess(node) {
  if (node?.type === 'Identifier') return node.name === 'process';
  return node?.type === 'MemberExpression' && node.property.name === 'process';
}

/**
 * @param {any} node
 * @param {(node: any) => void} visit
 */
function walk(node, visit) {
  if (Array.isArray(node)) {
    for (const item of node) walk(item, visit);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  if (typeof node.type === 'string') visit(node);
  for (const key of Object.keys(node)) walk(node[key], visit);
}

/** @param {string} text */
function lineCounter(text) {
  return (/** @type {number} */ offset) => {
    let line = 1;
    for (let i = text.indexOf('\n'); i !== -1 && i < offset; i = text.indexOf('\n', i + 1)) line++;
    return line;
  };
}
