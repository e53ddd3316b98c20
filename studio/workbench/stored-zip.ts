// A zip archive that is written while its files come, none of them compressed: images are already, and what is stored can be
// read where it lies. The same files give the same bytes.
import { Zip, ZipPassThrough } from "fflate";

/** The first day that an archive can name, at noon, which no clock change skips. */
const DATE = new Date(1980, 0, 1, 12);

export class StoredZip {
  readonly #zip: Zip;
  #waiting: Promise<void> = Promise.resolve();
  #failure: unknown;

  /** @param write takes the archive's bytes, piece after piece */
  constructor(write: (bytes: Uint8Array) => Promise<void>) {
    this.#zip = new Zip((error, bytes) => {
      if (error !== null) this.#failure ??= error;
      // fflate goes on with its own memory: the piece that waits is a copy.
      const piece = bytes?.slice() ?? new Uint8Array();
      this.#waiting = this.#waiting
        .then(() => write(piece))
        .catch((failure) => {
          this.#failure ??= failure;
        });
    });
  }

  /** Adds a file, whose bytes come in pieces. @throws what the writing of earlier ones threw */
  async add(path: string, content: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<void> {
    const file = new ZipPassThrough(path);
    file.mtime = DATE;
    this.#zip.add(file);
    for await (const piece of content) {
      file.push(piece);
      await this.#written();
    }
    file.push(new Uint8Array(), true);
    await this.#written();
  }

  /** Ends the archive. @throws what its writing threw */
  async end(): Promise<void> {
    this.#zip.end();
    await this.#written();
  }

  async #written(): Promise<void> {
    await this.#waiting;
    if (this.#failure !== undefined) throw this.#failure;
  }
}
