// The body of one WebAssembly function, written instruction by instruction. Operands go on the stack in the order of
// the calls; helpers cover what every kernel repeats: counted loops, conditionals, address arithmetic.
import type { Mode } from "../../contract.js";
import { Bytes } from "./bytes.js";
import { type Instruction, LANE, MEMORY, MEMORY_LANE, OP, VALUE_TYPE, type ValueType } from "./opcodes.js";

/** A local variable or parameter of the function being written. */
export interface Local {
  readonly index: number;
  readonly type: ValueType;
}

/** A value that code can push: a local, a constant i32, or instructions that leave a value (see operands.ts). */
export type Operand = Local | number | ((code: Code) => void);

/** So many elements of one type, as a tuple where the number is known. */
export type Tuple<T, N extends number, Elements extends T[] = []> = number extends N
  ? T[]
  : Elements["length"] extends N
    ? Elements
    : Tuple<T, N, [T, ...Elements]>;

export interface Signature<P extends readonly ValueType[] = readonly ValueType[]> {
  readonly parameters: P;
  readonly results: readonly ValueType[];
}

export class Code {
  readonly parameters: readonly Local[];
  readonly #body = new Bytes();
  readonly #locals: ValueType[] = [];
  readonly #free: Record<ValueType, Local[]> = { i32: [], i64: [], f32: [], v128: [] };

  constructor(readonly signature: Signature) {
    this.parameters = signature.parameters.map((type, index) => ({ index, type }));
  }

  /** A new local, or one that was released. Its contents are undefined. */
  local(type: ValueType): Local {
    const free = this.#free[type].pop();
    if (free !== undefined) return free;
    this.#locals.push(type);
    return { index: this.parameters.length + this.#locals.length - 1, type };
  }

  locals<N extends number>(type: ValueType, count: N): Tuple<Local, N> {
    return Array.from({ length: count }, () => this.local(type)) as Tuple<Local, N>;
  }

  /** Gives locals back for reuse by later code. */
  release(...locals: readonly Local[]): this {
    for (const local of locals) this.#free[local.type].push(local);
    return this;
  }

  get(local: Local): this {
    this.#body.byte(0x20).unsigned(local.index);
    return this;
  }
  /** local = value; without one, the value on the stack. */
  set(local: Local, value?: Operand): this {
    if (value !== undefined) this.push(value);
    this.#body.byte(0x21).unsigned(local.index);
    return this;
  }
  /** The same, and the value stays on the stack. */
  tee(local: Local, value?: Operand): this {
    if (value !== undefined) this.push(value);
    this.#body.byte(0x22).unsigned(local.index);
    return this;
  }
  i32(value: number): this {
    this.#body.byte(0x41).signed(value);
    return this;
  }
  /** A non-negative i64 below 2^53 as two i32 halves would need shifts; ours all fit 32 unsigned bits. */
  i64(value: number): this {
    this.i32(value);
    this.#body.byte(0xad);
    return this;
  }
  /** The i64 -1: no time limit. */
  forever(): this {
    this.#body.append([0x42, 0x7f]);
    return this;
  }
  f32(value: number): this {
    this.#body.byte(0x43).f32(value);
    return this;
  }
  /** A vector of four equal f32. */
  f32x4(value: number): this {
    const cell = new Bytes().f32(value).view();
    return this.#v128([cell, cell, cell, cell]);
  }
  /** A vector of four equal i32. */
  i32x4(value: number): this {
    const cell = new Uint8Array(Int32Array.of(value).buffer);
    return this.#v128([cell, cell, cell, cell]);
  }

  /** A vector whose first `lanes` lanes are all ones, the others zero. */
  laneMask(lanes: number): this {
    return this.#v128([0, 1, 2, 3].map((lane) => new Uint8Array(4).fill(lane < lanes ? 255 : 0)));
  }

  op(...instructions: readonly Instruction[]): this {
    for (const instruction of instructions) this.#opcode(instruction);
    return this;
  }
  lane(instruction: keyof typeof LANE, lane: number): this {
    this.#opcode(LANE[instruction]);
    this.#body.byte(lane);
    return this;
  }
  /** Four lanes out of the eight of the two vectors on the stack. */
  shuffle(lanes: readonly [number, number, number, number]): this {
    this.#body.append([0xfd, 13]);
    for (const lane of lanes) this.#body.append([0, 1, 2, 3].map((byte) => lane * 4 + byte));
    return this;
  }
  /** A load or store at the address on the stack plus `offset`. */
  memory(instruction: keyof typeof MEMORY, offset = 0): this {
    const [opcode, align] = MEMORY[instruction];
    // Data is aligned to 4 bytes at least; atomics must state their exact alignment.
    return this.#memory(opcode, opcode >>> 16 === 0xfe ? align : Math.min(align, 2), offset);
  }
  memoryLane(instruction: keyof typeof MEMORY_LANE, lane: number, offset = 0): this {
    const [opcode, align] = MEMORY_LANE[instruction];
    this.#memory(opcode, align, offset);
    this.#body.byte(lane);
    return this;
  }
  /** memory.fill(address, byte, count), all three on the stack. */
  memoryFill(): this {
    this.#body.append([0xfc, 0x0b, 0]);
    return this;
  }
  /** memory.copy(to, from, count), all three on the stack. */
  memoryCopy(): this {
    this.#body.append([0xfc, 0x0a, 0, 0]);
    return this;
  }
  call(index: number): this {
    this.#body.byte(0x10).unsigned(index);
    return this;
  }

  /** Runs `then` when the i32 on the stack is not 0. */
  if(then: () => void, otherwise?: () => void): this {
    this.#body.byte(0x04).byte(0x40);
    then();
    if (otherwise !== undefined) {
      this.#body.byte(0x05);
      otherwise();
    }
    this.#body.byte(0x0b);
    return this;
  }

  /** `body` again and again; `again` and `leave` branch when the i32 on the stack is not 0. */
  block(body: (branches: { again: () => void; leave: () => void }) => void): this {
    this.#body.append([0x02, 0x40, 0x03, 0x40]);
    body({
      again: () => void this.#body.byte(0x0d).unsigned(0),
      leave: () => void this.#body.byte(0x0d).unsigned(1),
    });
    this.#body.append([0x0b, 0x0b]);
    return this;
  }

  /** Runs `body` while `counter` counts from its present value up to `end` by `step`; at least once. */
  loopFrom(counter: Local, end: Local | number, step: number, body: () => void): this {
    this.#body.append([0x03, 0x40]);
    body();
    this.get(counter).i32(step);
    this.#body.byte(0x6a);
    this.tee(counter);
    this.push(end);
    this.#body.byte(0x49); // i32.lt_u
    this.#body.append([0x0d, 0, 0x0b]);
    return this;
  }

  /** Runs `body` with a fresh counter 0, step, 2 step, ... below `end`. A count of one needs no loop, of zero nothing. */
  loop(end: Local | number, step: number, body: (counter: Local) => void): this {
    if (typeof end === "number" && end <= 0) return this;
    const counter = this.local("i32");
    this.i32(0).set(counter);
    if (typeof end === "number" && end <= step) body(counter);
    else if (typeof end === "number") this.loopFrom(counter, end, step, () => body(counter));
    else
      this.get(end).if(() => {
        this.loopFrom(counter, end, step, () => body(counter));
      });
    return this.release(counter);
  }

  push(value: Operand): this {
    if (typeof value === "number") return this.i32(value);
    if (typeof value !== "function") return this.get(value);
    value(this);
    return this;
  }

  /** Adds an i32 to the stack's. */
  plus(value: Operand): this {
    return this.push(value).op(OP.i32_add);
  }

  /** Stores the first `lanes` lanes of a vector at a pointer plus `offset`. */
  store(pointer: Local, vector: Local, offset = 0, lanes = 4): this {
    if (lanes === 4) return this.get(pointer).get(vector).memory("v128_store", offset);
    for (let lane = 0; lane < lanes; lane++)
      this.get(pointer)
        .get(vector)
        .memoryLane("v128_store32_lane", lane, offset + lane * 4);
    return this;
  }

  /** Pushes sum + a * b of vectors: two roundings in reproducible mode, one instruction with the machine's own in fast mode. */
  multiplyAdd(mode: Mode, sum: Operand, a: Operand, b: Operand): this {
    if (mode === "fast") return this.push(a).push(b).push(sum).op(OP.f32x4_relaxed_madd);
    return this.push(sum).push(a).push(b).op(OP.f32x4_mul, OP.f32x4_add);
  }

  /** local += value */
  advance(local: Local, by: Local | number): this {
    if (by === 0) return this;
    this.get(local).push(by);
    this.#body.byte(0x6a);
    return this.set(local);
  }

  /** Pushes the stack's i32 times a constant. */
  times(factor: number): this {
    if (factor === 1) return this;
    const shift = Math.log2(factor);
    if (Number.isInteger(shift)) {
      this.i32(shift);
      this.#body.byte(0x74);
    } else {
      this.i32(factor);
      this.#body.byte(0x6c);
    }
    return this;
  }

  /** Runs `body` while `counter` counts from `start` up to `end` by `step`, if there is any to count. */
  loopBetween(counter: Local, start: Operand, end: Local, step: number, body: () => void): this {
    this.tee(counter, start).get(end).op(OP.i32_lt_u);
    return this.if(() => void this.loopFrom(counter, end, step, body));
  }

  /** max(local, value) for unsigned values, left on the stack. */
  max(a: Local, b: Local | number): this {
    this.get(a).push(b).get(a).push(b);
    this.#body.byte(0x4b).byte(0x1b);
    return this;
  }

  /** min(local, value) for unsigned values, left on the stack. */
  min(a: Local, b: Local | number): this {
    this.get(a).push(b).get(a).push(b);
    this.#body.byte(0x49).byte(0x1b);
    return this;
  }

  /** The function's code section entry. */
  finish(): Bytes {
    const runs: { type: ValueType; count: number }[] = [];
    for (const type of this.#locals) {
      const last = runs.at(-1);
      if (last?.type === type) last.count++;
      else runs.push({ type, count: 1 });
    }
    const entry = new Bytes().unsigned(runs.length);
    for (const { type, count } of runs) entry.unsigned(count).byte(VALUE_TYPE[type]);
    return entry.append(this.#body).byte(0x0b);
  }

  #opcode(opcode: number): void {
    const prefix = opcode >>> 16;
    if (prefix === 0) this.#body.byte(opcode);
    else this.#body.byte(prefix).unsigned(opcode & 0xffff);
  }
  #memory(opcode: number, align: number, offset: number): this {
    this.#opcode(opcode);
    this.#body.byte(align).unsigned(offset);
    return this;
  }
  #v128(cells: readonly Uint8Array[]): this {
    this.#body.append([0xfd, 12]);
    for (const cell of cells) this.#body.append(cell);
    return this;
  }
}
