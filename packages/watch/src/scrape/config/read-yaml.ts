import type { Document, LineCounter } from 'yaml';
import type { LineOf } from './section-reader.js';

/** Deeper or larger files are no configuration. */
const MAX_BYTES = 16 * 1024 * 1024;

/** A file's content with the lines where its members stand. */
export interface YamlFile {
  readonly content: unknown;
  /** Of a member that is not there, the line of the nearest that it would stand in. */
  readonly lineOf: LineOf;
}

/**
 * A YAML or JSON text with every scalar as the text that was written: `1.0` stays `1.0` where a label wants it. Throws an Error
 * whose message says where it is wrong.
 */
export async function readYaml(text: string): Promise<YamlFile> {
  if (text.length > MAX_BYTES) throw new Error(`the file is longer than ${MAX_BYTES} bytes`);
  // Loaded here only: most servers scrape nothing, and parsing YAML is a sizeable module.
  const yaml = await import('yaml');
  const lines = new yaml.LineCounter();
  const document = yaml.parseDocument(text, {
    schema: 'failsafe',
    merge: true,
    prettyErrors: false,
    logLevel: 'silent',
    lineCounter: lines,
  });
  const [error] = document.errors;
  if (error !== undefined) {
    // The parser's own message may quote a line, and a line may hold a secret.
    throw new Error(`line ${lines.linePos(error.pos[0]).line} is no YAML (${error.code})`);
  }
  const content: unknown = document.toJS({ maxAliasCount: 100 });
  return { content, lineOf: (path) => lineOf(path, document, lines, yaml) };
}

/** Goes down the document by the parts of a path; keys that hold dots or brackets are as far as it gets. */
function lineOf(
  path: string,
  document: Document,
  lines: LineCounter,
  { isMap, isScalar, isSeq, isNode }: typeof import('yaml'),
): number | undefined {
  let node: unknown = document.contents;
  let found: number | undefined;
  for (const [, key, index] of path.matchAll(/([^.[\]]+)|\[(\d+)\]/g)) {
    if (index !== undefined && isSeq(node)) {
      node = node.items[Number(index)];
      if (isNode(node)) found = node.range?.[0] ?? found;
    } else if (key !== undefined && isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === key);
      if (pair !== undefined && isScalar(pair.key)) found = pair.key.range?.[0] ?? found;
      node = pair?.value;
    } else break;
  }
  return found === undefined ? undefined : lines.linePos(found).line;
}
