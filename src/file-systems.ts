// Part of the composition root and the entry `fovea/files`: file systems as values, to keep runs, studies and models
// elsewhere than on Node's disk.
export type { DirectoryEntry, FileFacts } from "./platform/files.js";
export { type Files, filesHere, memoryFiles, nodeFiles, privateFiles } from "./platform/index.js";
