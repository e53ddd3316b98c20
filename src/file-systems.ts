// File systems as values, which keep runs, studies and models elsewhere than on Node's disk: a part of the composition root and
// the entry `fovea/files`.
export type { DirectoryEntry, FileFacts } from "./platform/files.js";
export { type Files, filesHere, memoryFiles, nodeFiles, privateFiles } from "./platform/index.js";
