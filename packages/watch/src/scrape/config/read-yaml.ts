/** Deeper or larger files are no configuration. */
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * A YAML or JSON text with every scalar as the text that was written: `1.0` stays `1.0` where a label wants it. Throws an Error
 * whose message says where it is wrong.
 */
export async function readYaml(text: string): Promise<unknown> {
  if (text.length > MAX_BYTES) throw new Error(`the file is longer than ${MAX_BYTES} bytes`);
  // Loaded here only: most servers scrape nothing, and parsing YAML is a sizeable module.
  const { parseDocument } = await import('yaml');
  const document = parseDocument(text, { schema: 'failsafe', merge: true, prettyErrors: false, logLevel: 'silent' });
  const [error] = document.errors;
  if (error !== undefined) {
    // The parser's own message may quote a line, and a line may hold a secret.
    const line = text.slice(0, error.pos[0]).split('\n').length;
    throw new Error(`line ${line} is no YAML (${error.code})`);
  }
  return document.toJS({ maxAliasCount: 100 });
}
