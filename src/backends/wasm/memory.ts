// One linear memory of a session: a control block, then variables and arenas as they are asked for. Addresses never
// move, because machine code contains them; an arena that has become too small is replaced by a new one at the end.
import { type DType, type TypedArrayOf, viewOf } from "../../core/dtype.js";
import { FoveaError } from "../../core/errors.js";

const PAGE = 65536;
const ALIGNMENT = 64;
/** Readable bytes past the last buffer, for vector loads that reach over its end. */
const SLACK = 4096;
/** Upper limits to try, in pages: some engines refuse to reserve 4 GiB of shared memory. */
const LIMITS = [65536, 32768, 16384];

export class SessionMemory {
  readonly memory: WebAssembly.Memory;
  #top: number;
  #shared: { address: number; bytes: number } = { address: 0, bytes: 0 };

  constructor(
    readonly shared: boolean,
    controlBytes: number,
  ) {
    this.memory = reserve(shared);
    this.#top = controlBytes;
  }

  /** A new region that stays for the life of the session. */
  allocate(bytes: number): number {
    const address = Math.ceil(this.#top / ALIGNMENT) * ALIGNMENT;
    this.#top = address + bytes;
    this.#grow(this.#top + SLACK);
    return address;
  }

  /** A region of at least `bytes` that all programs share, one after the other. */
  arena(bytes: number): number {
    if (bytes > this.#shared.bytes) this.#shared = { address: this.allocate(bytes), bytes };
    return this.#shared.address;
  }

  /** A view that is valid until the next allocation. */
  view<D extends DType>(dtype: D, address: number, length: number): TypedArrayOf[D] {
    return viewOf(dtype, this.memory.buffer, address, length);
  }

  #grow(bytes: number): void {
    const missing = Math.ceil((bytes - this.memory.buffer.byteLength) / PAGE);
    if (missing <= 0) return;
    try {
      this.memory.grow(missing);
    } catch {
      throw new FoveaError(
        `this model and batch size need ${Math.ceil(bytes / 2 ** 20)} MiB, more than this engine can reserve; ` +
          "use a smaller batch, smaller images or fewer channels",
      );
    }
  }
}

function reserve(shared: boolean): WebAssembly.Memory {
  for (const maximum of LIMITS) {
    try {
      return new WebAssembly.Memory({ initial: 16, maximum, shared });
    } catch {
      // Try a smaller reservation.
    }
  }
  throw new FoveaError("this JavaScript engine could not reserve memory for the computation; close other programs");
}
