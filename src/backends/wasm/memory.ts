// One linear memory of a session: a control block, then variables and arenas as they are asked for. Addresses of what is
// in use never move, because machine code contains them; what is given back is used again. An arena that has become too
// small is replaced by a new one, and freed when the last program that knows its address is closed.
import { type DType, type TypedArrayOf, viewOf } from "../../core/dtype.js";
import { FoveaError } from "../../core/errors.js";
import { CPU_TARGET } from "./cpu-target.js";
import { Regions } from "./regions.js";

const PAGE = 65536;
/** Readable bytes past the last buffer, for vector loads that reach over its end. */
const SLACK = 4096;
/** Upper limits to try, in pages: some engines refuse to reserve 4 GiB of shared memory. */
const LIMITS = [65536, 32768, 16384];

/** A region that all programs share, one after the other. */
export interface Arena {
  readonly address: number;
  readonly bytes: number;
  readonly programs: number;
}

export class SessionMemory {
  readonly memory: WebAssembly.Memory;
  /** Bytes that the memory can grow to. */
  readonly limit: number;
  #regions: Regions;
  /** Arenas that open programs use, by address; the last is the one for new programs. */
  #arenas: readonly Arena[] = [];

  constructor(
    readonly shared: boolean,
    controlBytes: number,
  ) {
    const { memory, pages } = reserve(shared);
    this.memory = memory;
    this.limit = pages * PAGE;
    this.#regions = new Regions(controlBytes, CPU_TARGET.alignment);
  }

  /** Bytes that are in use. */
  get used(): number {
    return this.#regions.used;
  }

  /**
   * Does `work`, which allocates; if it fails, what it allocated is free again.
   * @throws FoveaError before anything is done when `sizes`, the regions that it will want, have no room.
   */
  async transaction<T>(sizes: readonly number[], work: () => Promise<T>): Promise<T> {
    const [regions, arenas] = [this.#regions.copy(), this.#arenas];
    const rehearsal = this.#regions.copy();
    for (const bytes of sizes) rehearsal.take(bytes);
    this.#expectRoom(rehearsal.top + SLACK);
    try {
      return await work();
    } catch (error) {
      this.#regions = regions;
      this.#arenas = arenas;
      throw error;
    }
  }

  /** A region that stays until it is freed. */
  allocate(bytes: number): number {
    const rehearsal = this.#regions.copy();
    rehearsal.take(bytes);
    this.#grow(rehearsal.top + SLACK);
    return this.#regions.take(bytes);
  }

  free(address: number, bytes: number): void {
    this.#regions.give(address, bytes);
  }

  /** Bytes that `arena(bytes)` will allocate. */
  arenaGrowth(bytes: number): number {
    const newest = this.#arenas.at(-1);
    return newest !== undefined && bytes <= newest.bytes ? 0 : bytes;
  }

  /** The address of an arena of at least `bytes` for one more program. */
  arena(bytes: number): number {
    const newest = this.#arenas.at(-1);
    if (newest !== undefined && bytes <= newest.bytes) {
      this.#arenas = [...this.#arenas.slice(0, -1), { ...newest, programs: newest.programs + 1 }];
      return newest.address;
    }
    // An empty arena has an address of its own all the same.
    const address = this.allocate(Math.max(bytes, 1));
    this.#arenas = [...this.#arenas, { address, bytes, programs: 1 }];
    return address;
  }

  /** Notes that a program which was given the arena at `address` needs it no longer. */
  leaveArena(address: number): void {
    this.#arenas = this.#arenas.flatMap((arena) => {
      if (arena.address !== address) return [arena];
      if (arena.programs > 1) return [{ ...arena, programs: arena.programs - 1 }];
      this.free(arena.address, Math.max(arena.bytes, 1));
      return [];
    });
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
      throw tooLarge(bytes, this.used, "this computer has to give", error);
    }
  }

  #expectRoom(bytes: number): void {
    if (bytes > this.limit)
      throw tooLarge(bytes, this.used, `the ${this.limit / 2 ** 20} MiB that this engine can reserve`);
  }
}

function tooLarge(bytes: number, used: number, than: string, cause?: unknown): FoveaError {
  const [needed, inUse] = [Math.ceil(bytes / 2 ** 20), Math.floor(used / 2 ** 20)];
  return new FoveaError(
    "out-of-memory-bound",
    `this model and batch size need ${needed} MiB, more than ${than}; ` +
      "use a smaller batch, smaller images, fewer channels or fewer units" +
      (inUse === 0 ? "" : `, or close models that are no longer needed, for ${inUse} MiB are in use`),
    cause === undefined ? {} : { cause },
  );
}

function reserve(shared: boolean): { memory: WebAssembly.Memory; pages: number } {
  for (const pages of LIMITS) {
    try {
      return { memory: new WebAssembly.Memory({ initial: 16, maximum: pages, shared }), pages };
    } catch {
      // Try a smaller reservation.
    }
  }
  throw new FoveaError(
    "out-of-memory-bound",
    "this JavaScript engine could not reserve memory for the computation; close other programs",
  );
}
