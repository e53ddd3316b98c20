// The way from the page to the workbench, wherever that lives. Views know this contract only.
import type { CallName, Input, Output } from "../../contract/calls.js";
import type { News } from "../../contract/facts.js";
import type { FileAddress, FileKind } from "../../contract/files.js";
import type { BroughtFile, PackProgress } from "./packing.js";

export interface Host {
  /** @throws Error with the library's sentence */
  call<N extends CallName>(name: N, input: Input<N>): Promise<Output<N>>;
  /** An address that an `<img>` takes, of an image of a project. */
  picture(project: string, index: number): string | Promise<string>;
  /** An address of a picture or a page to show. */
  file<K extends FileKind>(kind: K, address: FileAddress<K>): string | Promise<string>;
  /** Brings a file and hands it to the browser to save. @returns its name @throws Error with the library's sentence */
  save<K extends FileKind>(kind: K, address: FileAddress<K>): Promise<string>;
  /** Takes files of the reader's disk in, as one archive. @returns its path, for `open` @throws Error with a sentence */
  bring(files: readonly BroughtFile[], name: string, onProgress: (progress: PackProgress) => void): Promise<string>;
  /**
   * Hears what happens from now on.
   * @param onWay hears when news begin to come, and again after a gap; with a sentence where they cannot
   * @returns a function that ends it
   */
  listen(listener: (news: News) => void, onWay: (failure?: string) => void): () => void;
}
