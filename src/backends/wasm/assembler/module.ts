// A WebAssembly module under construction: functions over one imported memory.
import { Bytes } from "./bytes.js";
import { Code, type Local, type Signature } from "./code.js";
import { VALUE_TYPE, type ValueType } from "./opcodes.js";

export interface MemoryImport {
  readonly shared: boolean;
  /** Limits in pages of 64 KiB. */
  readonly initial: number;
  readonly maximum: number;
}

export class ModuleBuilder {
  readonly #functions: Code[] = [];
  readonly #exports: { name: string; index: number }[] = [];

  /** Adds a function, which `write` writes from its parameters, and returns its index, which `Code.call` takes. */
  function<const P extends readonly ValueType[]>(
    signature: Signature<P>,
    write: (code: Code, ...parameters: { [K in keyof P]: Local }) => void,
  ): number {
    const code = new Code(signature);
    write(code, ...(code.parameters as { [K in keyof P]: Local }));
    this.#functions.push(code);
    return this.#functions.length - 1;
  }

  export(name: string, index: number): void {
    this.#exports.push({ name, index });
  }

  /** The module's bytes; its memory is the import "env" "memory". */
  finish(memory: MemoryImport): Uint8Array<ArrayBuffer> {
    const signatures: string[] = [];
    const types = new Bytes();
    const indices = this.#functions.map(({ signature }) => {
      const key = JSON.stringify(signature);
      if (!signatures.includes(key)) {
        signatures.push(key);
        types.byte(0x60);
        for (const list of [signature.parameters, signature.results]) {
          types.unsigned(list.length);
          for (const type of list) types.byte(VALUE_TYPE[type]);
        }
      }
      return signatures.indexOf(key);
    });
    const out = new Bytes().append([0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
    const section = (id: number, body: Bytes): void => void out.byte(id).sized(body);
    section(1, new Bytes().unsigned(signatures.length).append(types));
    section(
      2,
      new Bytes()
        .unsigned(1)
        .name("env")
        .name("memory")
        .byte(2)
        .byte(memory.shared ? 3 : 1)
        .unsigned(memory.initial)
        .unsigned(memory.maximum),
    );
    const declared = new Bytes().unsigned(indices.length);
    for (const index of indices) declared.unsigned(index);
    section(3, declared);
    const exported = new Bytes().unsigned(this.#exports.length);
    for (const { name, index } of this.#exports) exported.name(name).byte(0).unsigned(index);
    section(7, exported);
    const code = new Bytes().unsigned(this.#functions.length);
    for (const body of this.#functions) code.sized(body.finish());
    section(10, code);
    return out.view().slice();
  }
}
