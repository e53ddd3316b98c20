// The HDF5 reference library, compiled to WebAssembly by h5wasm and loaded (4 MB) when the first file needs it.
// It sees a file system of its own in memory, never the machine's.

type Api = typeof import("h5wasm");
type Module = Awaited<Api["ready"]>;

export interface Hdf5Library extends Pick<Api, "File" | "Group" | "Dataset"> {
  /** The functions below h5wasm's classes. */
  readonly module: Module;
  readonly FS: Module["FS"];
  /** A path that no file had before. */
  freshPath(): string;
}

let files = 0;

/** The library, made to throw every error inside it: h5wasm by itself overlooks some and returns what memory held. */
export async function hdf5Library(): Promise<Hdf5Library> {
  const { File, Group, Dataset, ready } = await import("h5wasm");
  const module = await ready;
  module.activate_throwing_error_handler();
  return { File, Group, Dataset, module, FS: module.FS, freshPath: () => `/${++files}.h5` };
}
