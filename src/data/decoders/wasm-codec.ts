// The codecs that are compiled from C: loading one on first use, calling it, and starting it afresh after a file
// that made it give up. The same .wasm file decodes in Node and in browsers, so the bytes are the same.
import { isNode } from "../../platform/node.js";
import { isBrought, readPackageFile } from "../../platform/packages.js";
import { BadImage } from "./image.js";

/** Arguments of a codec's module function (Emscripten's conventions). */
interface ModuleOptions {
  noInitialRun: boolean;
  /** Address of the .wasm file, which nobody asks for where `instantiateWasm` is there. */
  locateFile?: (name: string) => string;
  printErr: (line: string) => void;
  instantiateWasm?: (
    imports: WebAssembly.Imports,
    done: (instance: WebAssembly.Instance) => void,
  ) => WebAssembly.Exports;
}

interface CodecModule {
  decode(file: ArrayBuffer, ...options: unknown[]): { width: number; height: number; data: Uint8ClampedArray } | null;
}

type CodecFactory = (options: ModuleOptions) => Promise<CodecModule>;

/** After an image of more bytes the codec is started afresh. */
const LARGE_BYTES = 128 << 20;

/** RGBA pixels, `undefined` where the codec refused the file, and what it said about it. */
export interface CodecResult {
  readonly rgba: Uint8Array | undefined;
  readonly said: readonly string[];
}

/**
 * A function that decodes with the codec of an installed package.
 * @param importFactory imports the package's JavaScript; only then is it loaded
 * @param wasmFile the package's .wasm file, for Node and for programs that bring it along; else the package finds it
 * by its own address in a browser
 */
export function wasmCodec(importFactory: () => Promise<{ default: unknown }>, wasmFile: string) {
  let said: string[] = [];
  let compiled: Promise<WebAssembly.Module> | undefined;
  let running: Promise<CodecModule> | undefined;

  const start = async (): Promise<CodecModule> => {
    const factory = (await importFactory()).default as CodecFactory;
    const options: ModuleOptions = { noInitialRun: true, printErr: (line) => said.push(line) };
    if (!isNode && !isBrought(wasmFile)) return factory(options);
    compiled ??= readPackageFile(wasmFile).then((bytes) => WebAssembly.compile(bytes));
    const wasm = await compiled;
    return factory({
      ...options,
      locateFile: (name) => name,
      instantiateWasm: (imports, done) => {
        const instance = new WebAssembly.Instance(wasm, imports);
        done(instance);
        return instance.exports;
      },
    });
  };

  return async (file: Uint8Array, ...options: unknown[]): Promise<CodecResult> => {
    running ??= start();
    const codec = await running;
    // From here to the return nothing waits, so that what is said belongs to this file.
    said = [];
    try {
      // Not slice(), which is none of Node's Buffer.
      const image = codec.decode(new Uint8Array(file).buffer, ...options);
      // A codec's memory never shrinks.
      if (image !== null && image.data.length > LARGE_BYTES) running = undefined;
      return { rgba: image === null ? undefined : new Uint8Array(image.data.buffer), said };
    } catch (error) {
      // The C code called exit: its memory is in no known state.
      running = undefined;
      if (said.length === 0) throw new BadImage("damaged-image", "its data are damaged", { cause: error });
      return { rgba: undefined, said };
    }
  };
}
