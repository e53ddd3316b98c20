// Packs what a reader brings into one archive, none of it compressed: into the browser's private files piece by piece, or as
// a blob, which the browser keeps on its disk, that is sent to the program that served the page.
import { writeArchive } from "../../workbench/archives.js";
import { StoredZip } from "../../workbench/stored-zip.js";
import { NO_ANSWER } from "./messages.js";
import type { BroughtFile, FromPacker, PackProgress, ToPack } from "./packing.js";
import { HOME } from "./private-home.js";

const tell = (message: FromPacker): void => postMessage(message);

/** Milliseconds between two pieces of news. */
const NEWS_EVERY = 100;
/** Bytes that are gathered before they are written: private files are slow on small pieces. */
const PIECE = 1 << 20;

let told = 0;
function progress(facts: PackProgress): void {
  const now = performance.now();
  if (now - told < NEWS_EVERY) return;
  told = now;
  tell({ kind: "progress", ...facts });
}

addEventListener("message", async ({ data }: MessageEvent<ToPack>) => {
  try {
    const total = data.files.reduce((sum, { file }) => sum + file.size, 0);
    tell({
      kind: "done",
      path: await (data.to === "private" ? keep(data, total) : send(data, total, data.to.address)),
    });
  } catch (error) {
    tell({ kind: "failed", error: error instanceof Error ? error.message : String(error) });
  }
});

/** The archive that was brought as it is; undefined for files that are to be packed. */
function archiveOf(files: readonly BroughtFile[]): File | undefined {
  const [only] = files;
  return files.length === 1 && only !== undefined && /\.zip$/i.test(only.file.name) ? only.file : undefined;
}

/** Bytes of a file, piece by piece. */
async function* piecesOf(file: File): AsyncGenerator<Uint8Array> {
  const reader = file.stream().getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
}

/** Writes the archive, or the one that was brought. */
async function pack(files: readonly BroughtFile[], total: number, write: (bytes: Uint8Array) => Promise<void>) {
  let done = 0;
  const counted = async function* (file: File): AsyncGenerator<Uint8Array> {
    for await (const piece of piecesOf(file)) {
      done += piece.length;
      progress({ state: "packing", done, total });
      yield piece;
    }
  };
  const archive = archiveOf(files);
  if (archive !== undefined) {
    for await (const piece of counted(archive)) await write(piece);
    return;
  }
  const zip = new StoredZip(write);
  for (const { path, file } of files) await zip.add(path, counted(file));
  await zip.end();
}

/** Keeps the archive in the browser's private files. @returns its path there */
const keep = ({ files, name }: ToPack, total: number): Promise<string> =>
  writeArchive(HOME, name, async (write) => {
    const gathered = new Uint8Array(PIECE);
    let filled = 0;
    const flush = async (): Promise<void> => {
      await write(gathered.subarray(0, filled));
      filled = 0;
    };
    await pack(files, total, async (bytes) => {
      if (filled + bytes.length > PIECE) await flush();
      if (bytes.length > PIECE) return write(bytes);
      gathered.set(bytes, filled);
      filled += bytes.length;
    });
    await flush();
  });

/** Sends the archive to the program that served the page. @returns its path there */
async function send({ files, name }: ToPack, total: number, address: string): Promise<string> {
  const archive = archiveOf(files) ?? (await blobOf(files, total));
  return sent(archive, `${address}?name=${encodeURIComponent(name)}`);
}

async function blobOf(files: readonly BroughtFile[], total: number): Promise<Blob> {
  const parts: Blob[] = [];
  let waiting: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  const flush = (): void => {
    parts.push(new Blob(waiting));
    waiting = [];
    size = 0;
  };
  await pack(files, total, async (bytes) => {
    waiting.push(bytes as Uint8Array<ArrayBuffer>);
    size += bytes.length;
    if (size > PIECE) flush();
  });
  flush();
  return new Blob(parts);
}

/** Sends a body with news of how far it is, which `fetch` does not give. */
function sent(body: Blob, address: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("Content-Type", "application/zip");
    request.upload.addEventListener("progress", ({ loaded, total }) =>
      progress({ state: "sending", done: loaded, total }),
    );
    request.addEventListener("error", () => reject(new Error(NO_ANSWER)));
    request.addEventListener("load", () => {
      try {
        const { value, error } = JSON.parse(request.responseText) as { value?: string; error?: string };
        if (value === undefined) reject(new Error(error ?? request.responseText));
        else resolve(value);
      } catch {
        reject(new Error(request.responseText));
      }
    });
    request.send(body);
  });
}
