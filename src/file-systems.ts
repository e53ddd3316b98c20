// Part of the composition root and the entry `fovea/files`: file systems as values, for whoever keeps runs, studies and
// models elsewhere than on Node's disk.
export type { DirectoryEntry, FileFacts } from "./platform/files.js";
export { type Files, filesHere, memoryFiles, nodeFiles, privateFiles } from "./platform/index.js";
