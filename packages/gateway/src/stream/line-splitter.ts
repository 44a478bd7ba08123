const LF = 10;
const CR = 13;

/**
 * Cuts bytes into lines that end with LF, CRLF or CR, as server-sent events have them. Line ends are ASCII, so that a line is
 * whole characters whatever the chunks were. Lines longer than the limit are left out.
 */
export class LineSplitter {
  readonly #maxBytes: number;
  readonly #onLine: (line: string) => void;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #overlong = false;
  #afterCr = false;
  /** Lines were left out. */
  cut = false;

  constructor(maxBytes: number, onLine: (line: string) => void) {
    this.#maxBytes = maxBytes;
    this.#onLine = onLine;
  }

  push(chunk: Buffer): void {
    let from = 0;
    if (this.#afterCr && chunk.length > 0) {
      if (chunk[0] === LF) from = 1;
      this.#afterCr = false;
    }
    let lf = chunk.indexOf(LF, from);
    let cr = chunk.indexOf(CR, from);
    while (lf !== -1 || cr !== -1) {
      const end = cr === -1 || (lf !== -1 && lf < cr) ? lf : cr;
      this.#emit(chunk, from, end);
      from = end + 1;
      if (end === cr) {
        if (from === chunk.length) this.#afterCr = true;
        else if (chunk[from] === LF) from += 1;
      }
      if (lf !== -1 && lf < from) lf = chunk.indexOf(LF, from);
      if (cr !== -1 && cr < from) cr = chunk.indexOf(CR, from);
    }
    if (from < chunk.length) this.#hold(from === 0 ? chunk : chunk.subarray(from));
  }

  /** Gives the last line when it lacks its end. */
  end(): void {
    if (this.#heldBytes > 0 || this.#overlong) this.#emit(Buffer.alloc(0), 0, 0);
    this.#afterCr = false;
  }

  #hold(rest: Buffer): void {
    if (this.#overlong) return;
    if (this.#heldBytes + rest.length > this.#maxBytes) {
      this.#giveUp();
      return;
    }
    this.#held.push(rest);
    this.#heldBytes += rest.length;
  }

  #emit(chunk: Buffer, from: number, end: number): void {
    if (this.#overlong || this.#heldBytes + end - from > this.#maxBytes) {
      this.#giveUp();
      this.#overlong = false;
      return;
    }
    if (this.#heldBytes === 0) {
      this.#onLine(chunk.toString('utf8', from, end));
      return;
    }
    this.#held.push(chunk.subarray(from, end));
    const line = Buffer.concat(this.#held).toString('utf8');
    this.#forget();
    this.#onLine(line);
  }

  #giveUp(): void {
    this.#forget();
    this.#overlong = true;
    this.cut = true;
  }

  #forget(): void {
    this.#held = [];
    this.#heldBytes = 0;
  }
}
