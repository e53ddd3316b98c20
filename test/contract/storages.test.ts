// The storage contract, run on every storage we have.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memoryFiles } from "../../src/platform/files/memory-files.js";
import { type SharedStorage, storageContract } from "../../src/testing/index.js";
import { MemoryStorage, openStorage } from "../../src/tune/index.js";
import { runCases } from "./run-cases.js";

const storageSuite = (name: string, make: () => Promise<SharedStorage>): void => runCases(name, storageContract(make));

const inFolder = (url: (folder: string) => string) => async () => {
  const folder = await mkdtemp(join(tmpdir(), "fovea-storage-"));
  return { open: () => openStorage(url(folder)), remove: () => rm(folder, { recursive: true }) };
};

storageSuite("memory", async () => {
  const storage = new MemoryStorage();
  return { open: async () => storage, remove: async () => {} };
});
storageSuite("journal in memory", async () => {
  const files = memoryFiles();
  return { open: () => openStorage("journal://study.log", { files }), remove: async () => {} };
});
storageSuite(
  "journal",
  inFolder((folder) => `journal://${join(folder, "study.log")}`),
);
storageSuite(
  "sqlite",
  inFolder((folder) => `sqlite:///${join(folder, "study.db")}`),
);
