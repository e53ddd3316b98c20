// Running maxima of pooling windows in registers: the best value and the cell it came from, per channel.
import type { Code, Local } from "../assembler/code.js";
import { OP } from "../assembler/opcodes.js";
import { shifted } from "../assembler/operands.js";
import { storeBytes } from "./vectors.js";

export class Winners {
  readonly best: readonly Local[];
  readonly #cells: readonly Local[];
  readonly #better: Local;
  #empty = true;

  constructor(
    readonly code: Code,
    vectors: number,
  ) {
    this.best = code.locals("v128", vectors);
    this.#cells = code.locals("v128", vectors);
    this.#better = code.local("v128");
  }

  /** Lets the vectors of one cell compete. Strictly greater wins, so of equals the one offered first. */
  offer(cell: number, values: readonly Local[]): void {
    const { code } = this;
    values.forEach((value, v) => {
      const [best, cells] = [this.best[v]!, this.#cells[v]!];
      if (this.#empty) {
        code.get(value).set(best).i32x4(cell).set(cells);
        return;
      }
      code.get(value).get(best).op(OP.f32x4_gt).set(this.#better);
      code.i32x4(cell).get(cells).get(this.#better).op(OP.v128_bitselect).set(cells);
      code.get(best).get(value).op(OP.f32x4_pmax).set(best);
    });
    this.#empty = false;
  }

  /** Stores the winning cells as bytes at `address`; `position` counts bytes of f32 from the start. */
  store(address: number, position: Local, lanes: readonly number[]): void {
    const { code } = this;
    const pointer = code.local("i32");
    code.set(pointer, shifted(position, 2));
    this.#cells.forEach((cells, v) => {
      storeBytes(code, pointer, cells, address + v * 4, lanes[v]!);
    });
    code.release(pointer);
  }

  release(): void {
    this.code.release(...this.best, ...this.#cells, this.#better);
  }
}
