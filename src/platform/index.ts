// The only room that knows Node from a browser: files, workers, clock, hashing. Each concern has its own file.
export { AppendLog } from "./append-log.js";
export { readAsset } from "./assets.js";
export { breather } from "./breather.js";
export * from "./cache.js";
export { type DownloadOptions, download } from "./downloads.js";
export { type Files, type HeldLock, isHeld, type LogOptions, type SharedLog } from "./files/files.js";
export { filesHere } from "./files/files-here.js";
export { memoryFiles } from "./files/memory-files.js";
export { nodeFiles } from "./files/node-files.js";
export { privateFiles } from "./files/private-files.js";
export * from "./files.js";
export { type FileSet, replaceFiles } from "./folders.js";
export { md5Hex, sha256Hex } from "./hashing.js";
export { commandPrefix, shellWord, withCommandPrefix } from "./invocation.js";
export { describeHolder, exclusively, type Holder, isLock, type Lock, tryLock } from "./locks.js";
export { isNode, isPage, nodeModule } from "./node.js";
export { baseName, extensionOf, joinPath, parentFolder } from "./paths.js";
export { isProcessAlive, thisProcess } from "./processes.js";
export { type Branch, leavesOf, visibleEntries, walkFolder } from "./walk.js";
export { relaxedSimd, sharedMemory } from "./wasm.js";
export {
  hardwareThreads,
  spawnWorker,
  spawnWorkers,
  type Transferred,
  type WorkerHandle,
  type WorkerModule,
  type WorkerScope,
  workerMain,
} from "./workers.js";
