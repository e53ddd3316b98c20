// The part of its surroundings that a workbench needs: a disk below some folders, or the private file system of a page.
import type { OpenedSource } from "fovea/data";
import type { DataSources } from "fovea/experiment";
import type { PlaceEntry } from "../contract/facts.js";
import type { GeneratedSet } from "../contract/opening-calls.js";
import type { Drawing } from "./generated.js";

/** A source of a project's images: one of all, or one for each part. */
export interface SourceFolder {
  /** Name of the part and of its folder, such as Train; absent where there is one source. */
  readonly part?: string;
  readonly source: OpenedSource;
}

export interface OpenedData {
  /** Sources for `loadData`. */
  readonly sources: DataSources;
  readonly folders: readonly SourceFolder[];
}

export interface Disk {
  /** Folders that may be opened, with all below them. */
  readonly roots: readonly string[];
  /** The folder that runs, generated sets and uploads go to. */
  readonly home: string;
  /** A path as it is on the disk. @throws OutsideError where it leads out of the roots */
  resolve(path: string): Promise<string>;
  list(path: string): Promise<readonly PlaceEntry[]>;
  exists(path: string): Promise<boolean>;
  readBytes(path: string): Promise<Uint8Array>;
  /** Opens images of any source. @throws FoveaError for what is none */
  openData(path: string): Promise<OpenedData>;
  /** Makes one of the generated sets where it is not there yet. @returns its path @throws the signal's reason */
  generate(name: GeneratedSet, drawing: Drawing): Promise<string>;
}
