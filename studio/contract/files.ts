// Content that the page shows or saves and that is no JSON: pictures, pages, files by an address. A total table of kinds, each
// with the names of its parts.
export const FILE_KINDS = {
  /** The places where a run's model looks, laid over an image of the project. */
  explanation: ["project", "run", "image", "method"],
  /** A run's model in a format, checked; a zip where it is several files. */
  export: ["project", "run", "format"],
  /** The lines that train a run and ask its model, as a folder that runs: a zip. */
  code: ["project", "run"],
  /** A run's model as a page, as a folder for a web server or as a program of Node; folders are zips. */
  deployed: ["project", "run", "form"],
  /** An image of quick start. */
  example: ["set", "file"],
  /** The report of a run. */
  report: ["project", "run"],
  /** The report of a study. */
  study: ["study"],
} as const;

/** The header with the code of an error, beside its sentence as the body. */
export const CODE_HEADER = "X-Fovea-Code";

export type FileKind = keyof typeof FILE_KINDS;

/** The parts of an address, by their names. */
export type FileAddress<K extends FileKind> = { readonly [N in (typeof FILE_KINDS)[K][number]]: string };

export interface FileContent {
  readonly bytes: Uint8Array;
  readonly type: string;
  /** Name under which it is saved; absent for what is only shown. */
  readonly name?: string;
}

/** Makers of all kinds. */
export type FileMakers = { readonly [K in FileKind]: (address: FileAddress<K>) => Promise<FileContent> };

export const METHODS = ["gradcam", "gradcam++", "saliency", "occlusion"] as const;
export const DEPLOYED_FORMS = ["page", "folder", "node"] as const;
export const FORMATS = ["keras", "onnx", "tfjs", "teachable", "safetensors", "weights"] as const;
