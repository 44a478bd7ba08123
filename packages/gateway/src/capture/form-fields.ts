/** Names of fields and their text. */
export type Fields = { readonly [name: string]: string };

const CR = 13;
const LF = 10;
const DASH = 45;
const HEADERS_END = Buffer.from('\r\n\r\n');
const NOTHING = Buffer.alloc(0);
/** Far more than any form of a model's API has; a form with more is read no further. */
const MAX_PARTS = 200;
const MAX_HEADERS_BYTES = 8192;
const MAX_FIELD_BYTES = 64 * 1024;
const MAX_FIELDS_BYTES = 256 * 1024;
// RFC 2046: a boundary has 1 to 70 characters.
const BOUNDARY = /^multipart\/form-data\s*;(?:.*;)?\s*boundary=(?:"([^"\r\n]{1,70})"|([^\s;"]{1,70}))/i;

type State = 'preamble' | 'headers' | 'field' | 'file' | 'end';

/**
 * The text fields of a form (`multipart/form-data`, RFC 7578), read as its bytes pass: files are skipped and never kept, so that a long
 * recording takes no memory. Fields that are too long, and parts that are no valid ones, are left out; a name that comes again keeps its
 * first text.
 */
export class FormFields {
  readonly #delimiter: Buffer;
  readonly #fields = new Map<string, string>();
  #state: State = 'preamble';
  /** Bytes that may be the beginning of a delimiter, or that belong to a part that is read. */
  #rest: Buffer;
  #name = '';
  #parts = 0;
  #keptBytes = 0;

  constructor(boundary: string) {
    this.#delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
    // The first delimiter has no line before it.
    this.#rest = Buffer.from('\r\n');
  }

  /** A reader for a content type; `undefined` for what is no form. */
  static of(contentType: string): FormFields | undefined {
    const [, quoted, plain] = BOUNDARY.exec(contentType) ?? [];
    const boundary = quoted ?? plain;
    return boundary === undefined ? undefined : new FormFields(boundary);
  }

  /** How many fields have come whole. */
  get size(): number {
    return this.#fields.size;
  }

  /** The fields that have come whole, without a prototype. */
  toObject(): Fields {
    return Object.assign(Object.create(null) as { [name: string]: string }, Object.fromEntries(this.#fields));
  }

  push(chunk: Buffer): void {
    if (this.#state === 'end') return;
    let left: Buffer | undefined = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = NOTHING;
    while (left !== undefined) left = this.#step(left);
  }

  /** Reads one piece; gives what is left to read at once, `undefined` when more bytes must come. */
  #step(bytes: Buffer): Buffer | undefined {
    switch (this.#state) {
      case 'end':
        return undefined;
      case 'headers':
        return this.#readHeaders(bytes);
      default:
        return this.#readUntilDelimiter(bytes);
    }
  }

  #readHeaders(bytes: Buffer): Buffer | undefined {
    // After a delimiter: `--` ends the form, a line break begins a part.
    if (bytes.length < 2) return this.#wait(bytes);
    if (bytes[0] === DASH && bytes[1] === DASH) return this.#end();
    const end = bytes.indexOf(HEADERS_END);
    if (end < 0) return bytes.length > MAX_HEADERS_BYTES ? this.#end() : this.#wait(bytes);
    if (bytes[0] !== CR || bytes[1] !== LF || end > MAX_HEADERS_BYTES || ++this.#parts > MAX_PARTS) return this.#end();
    const field = fieldName(bytes.toString('utf8', 0, end));
    this.#name = field ?? '';
    this.#state = field === undefined ? 'file' : 'field';
    // The line break before the delimiter of an empty part is that which ends its headers.
    return bytes.subarray(end + 2);
  }

  #readUntilDelimiter(bytes: Buffer): Buffer | undefined {
    const at = bytes.indexOf(this.#delimiter);
    if (at >= 0) {
      // The first two bytes are the line break after the headers.
      if (this.#state === 'field' && !this.#keep(bytes.subarray(2, Math.max(2, at)))) return this.#end();
      this.#state = 'headers';
      return bytes.subarray(at + this.#delimiter.length);
    }
    if (this.#state === 'field' && bytes.length <= MAX_FIELD_BYTES) return this.#wait(bytes);
    if (this.#state === 'field') this.#state = 'file';
    return this.#wait(bytes.subarray(Math.max(0, bytes.length - this.#delimiter.length + 1)));
  }

  /** False when there is no room. */
  #keep(text: Buffer): boolean {
    if (text.length > MAX_FIELD_BYTES) return true;
    this.#keptBytes += text.length;
    if (this.#keptBytes > MAX_FIELDS_BYTES) return false;
    if (!this.#fields.has(this.#name)) this.#fields.set(this.#name, text.toString('utf8'));
    return true;
  }

  /** A copy, so that a few bytes do not keep a chunk in memory. */
  #wait(bytes: Buffer): undefined {
    this.#rest = Buffer.from(bytes);
  }

  #end(): undefined {
    this.#state = 'end';
    this.#rest = NOTHING;
  }
}

/** The name of a text field; `undefined` of a file, and of what has none. */
function fieldName(headers: string): string | undefined {
  const disposition = /^content-disposition\s*:\s*form-data\s*;(.*)$/im.exec(headers)?.[1];
  if (disposition === undefined || /;\s*filename\*?\s*=/i.test(`;${disposition}`)) return undefined;
  return /(?:^|;)\s*name\s*=\s*"([^"]{1,200})"/i.exec(disposition)?.[1];
}
