// One linear memory of a session: a control block, then variables and arenas as they are asked for. Addresses never
// move, because machine code contains them; an arena that has become too small is replaced by a new one at the end.
import { type DType, type TypedArrayOf, viewOf } from "../../core/dtype.js";
import { FoveaError } from "../../core/errors.js";
import { CPU_TARGET } from "./cpu-target.js";

const PAGE = 65536;
/** Readable bytes past the last buffer, for vector loads that reach over its end. */
const SLACK = 4096;
/** Upper limits to try, in pages: some engines refuse to reserve 4 GiB of shared memory. */
const LIMITS = [65536, 32768, 16384];

export class SessionMemory {
  readonly memory: WebAssembly.Memory;
  /** Bytes that the memory can grow to. */
  readonly limit: number;
  #top: number;
  #shared: { address: number; bytes: number } = { address: 0, bytes: 0 };

  constructor(
    readonly shared: boolean,
    controlBytes: number,
  ) {
    const { memory, pages } = reserve(shared);
    this.memory = memory;
    this.limit = pages * PAGE;
    this.#top = controlBytes;
  }

  /**
   * Does `work`, which allocates; if it fails, what it allocated is free again.
   * @throws FoveaError before anything is done when `sizes`, the regions that it will want, have no room.
   */
  async transaction<T>(sizes: readonly number[], work: () => Promise<T>): Promise<T> {
    const [top, shared] = [this.#top, this.#shared];
    this.#expectRoom(sizes.reduce((sum, bytes) => aligned(sum) + bytes, top) + SLACK);
    try {
      return await work();
    } catch (error) {
      this.#top = top;
      this.#shared = shared;
      throw error;
    }
  }

  /** A new region that stays for the life of the session. */
  allocate(bytes: number): number {
    const address = aligned(this.#top);
    this.#grow(address + bytes + SLACK);
    this.#top = address + bytes;
    return address;
  }

  /** Bytes that `arena(bytes)` will allocate. */
  arenaGrowth(bytes: number): number {
    return bytes > this.#shared.bytes ? bytes : 0;
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
    this.#expectRoom(bytes);
    try {
      this.memory.grow(missing);
    } catch (error) {
      throw tooLarge(bytes, "this computer has to give", error);
    }
  }

  #expectRoom(bytes: number): void {
    if (bytes > this.limit) throw tooLarge(bytes, `the ${this.limit / 2 ** 20} MiB that this engine can reserve`);
  }
}

const aligned = (address: number): number => Math.ceil(address / CPU_TARGET.alignment) * CPU_TARGET.alignment;

const tooLarge = (bytes: number, than: string, cause?: unknown): FoveaError =>
  new FoveaError(
    `this model and batch size need ${Math.ceil(bytes / 2 ** 20)} MiB, more than ${than}; ` +
      "use a smaller batch, smaller images, fewer channels or fewer units",
    cause === undefined ? {} : { cause },
  );

function reserve(shared: boolean): { memory: WebAssembly.Memory; pages: number } {
  for (const pages of LIMITS) {
    try {
      return { memory: new WebAssembly.Memory({ initial: 16, maximum: pages, shared }), pages };
    } catch {
      // Try a smaller reservation.
    }
  }
  throw new FoveaError("this JavaScript engine could not reserve memory for the computation; close other programs");
}
