// The disk of a page: the browser's private file system for what the Studio makes, and no other.

import { FoveaError } from "fovea";
import { filesHere } from "fovea/files";
import type { Disk } from "../../workbench/disk.js";

export const pageDisk = (): Disk => ({
  roots: [],
  home: "studio",
  resolve: async (path) => {
    throw new FoveaError(`${path}: a page reads no folders of the disk; choose or drop the files`);
  },
  list: async () => [],
  exists: (path) => filesHere.exists(path),
  readBytes: (path) => filesHere.readBytes(path),
});
