// What the workbench needs of the place where it lives: a disk below some folders, or nothing but what a page has.
import type { PlaceEntry } from "../contract/facts.js";

export interface Disk {
  /** Folders that may be opened, with all below them. */
  readonly roots: readonly string[];
  /** The folder that runs and generated sets go to. */
  readonly home: string;
  /** A path as it is on the disk. @throws OutsideError where it leads out of the roots */
  resolve(path: string): Promise<string>;
  list(path: string): Promise<readonly PlaceEntry[]>;
  exists(path: string): Promise<boolean>;
  readBytes(path: string): Promise<Uint8Array>;
}
