// Takes files of the reader's disk in, by a worker of its own: the page stays quick however many there are.
import type { BroughtFile, FromPacker, PackProgress, ToPack } from "./packing.js";

/** @returns the archive's path, for `open` @throws Error with a sentence */
export function bringTo(
  to: ToPack["to"],
  files: readonly BroughtFile[],
  name: string,
  onProgress: (progress: PackProgress) => void,
): Promise<string> {
  const worker = new Worker(new URL("./pack-worker.ts", import.meta.url), { type: "module", name: "packing" });
  return new Promise<string>((resolve, reject) => {
    worker.addEventListener("message", ({ data }: MessageEvent<FromPacker>) => {
      if (data.kind === "progress") onProgress(data);
      else if (data.kind === "done") resolve(data.path);
      else reject(new Error(data.error));
    });
    worker.addEventListener("error", ({ message }) => reject(new Error(`packing failed: ${message}`)));
    const message: ToPack = { files, name, to };
    worker.postMessage(message);
  }).finally(() => worker.terminate());
}
