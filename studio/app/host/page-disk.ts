// The disk of a page: the browser's private file system, where the Studio keeps what was dropped, generated and made.
import { FoveaError } from "fovea";
import { openPageFiles, type PageFile } from "fovea/data";
import { filesHere } from "fovea/files";
import type { GeneratedSet } from "../../contract/opening-calls.js";
import type { Disk } from "../../workbench/disk.js";
import { type Drawing, SET_FILES, SET_IMAGES } from "../../workbench/generated.js";
import { OutsideError } from "../../workbench/outside.js";
import { StoredZip } from "../../workbench/stored-zip.js";
import { blockReader } from "./block-reader.js";
import { HOME } from "./private-home.js";

export const pageDisk = (): Disk => ({
  roots: [],
  home: HOME,
  resolve,
  list: async () => [],
  exists: (path) => filesHere.exists(path),
  readBytes: (path) => filesHere.readBytes(path),
  openData: async (path) => {
    const source = await openPageFiles([await fileAt(path)]);
    // Sentences and recipes name it as the disk of the page does, not as a file among others.
    const named = { ...source, listing: { ...source.listing, where: path } };
    return { sources: { train: named }, folders: [{ source: named }] };
  },
  generate: async (name, drawing) => {
    const path = `${HOME}/${name}.zip`;
    if (!(await filesHere.exists(path))) await writeSet(path, name, drawing);
    return path;
  },
});

async function resolve(path: string): Promise<string> {
  const steps = path.split("/");
  if (steps[0] !== HOME || steps.some((step) => step === "" || step === "." || step === ".."))
    throw new OutsideError(`${path}: a page reads no folders of the disk; choose or drop the files`);
  if (!(await filesHere.exists(path)))
    throw new FoveaError(
      "not-found",
      `${path} is no longer among the files of this page; choose or drop the files again`,
    );
  return path;
}

/** A file of the private file system, as `openPageFiles` takes it: bytes are read when they are asked for. */
async function fileAt(path: string): Promise<PageFile> {
  const file = await filesHere.openFile(path);
  const read = blockReader((start, length) => file.read(start, length), file.size);
  return {
    name: path.split("/").at(-1)!,
    size: file.size,
    slice: (start, end) => ({ arrayBuffer: async () => (await read(start, end)).buffer }),
  };
}

async function writeSet(path: string, name: GeneratedSet, { signal, onProgress }: Drawing): Promise<void> {
  await filesHere.makeDirectory(HOME);
  const file = await filesHere.beginFile(path);
  const total = SET_IMAGES[name]();
  let [at, done] = [0, 0];
  try {
    const zip = new StoredZip(async (bytes) => {
      await file.write(bytes, at);
      at += bytes.length;
    });
    for (const { path: inside, content, images } of SET_FILES[name]()) {
      await zip.add(inside, [content]);
      signal.throwIfAborted();
      done += images;
      onProgress(done, total);
    }
    await zip.end();
    await file.commit();
  } catch (error) {
    await file.discard();
    throw error;
  }
}
