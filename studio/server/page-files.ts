// The files of the built page. Large files that the package has in assets/ as well (weights, a font) are stored there only:
// shared.json, which the build writes, names them by their paths in the page.
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, normalize, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { FoveaError } from "fovea";

/** The built page, beside the compiled server. */
const PAGE = fileURLToPath(new URL("../page/", import.meta.url));
/** Weights and fonts of the package. */
const ASSETS = join(PAGE, "../../../assets");
/** The pages of the manual, beside all compiled code. */
const MANUAL = join(PAGE, "../../docs");

/** The bytes of a file in a folder; undefined for no file, and for a name that leads out of the folder. */
async function bytesUnder(folder: string, name: string): Promise<Uint8Array | undefined> {
  const file = normalize(join(folder, name));
  if (!file.startsWith(folder.endsWith(sep) ? folder : folder + sep) || name.includes("\0")) return undefined;
  return readFile(file).catch(() => undefined);
}

let shared: Promise<Readonly<Record<string, string>>> | undefined;
const sharedFiles = (): Promise<Readonly<Record<string, string>>> => {
  shared ??= readFile(join(PAGE, "shared.json"), "utf8").then(
    (text) => JSON.parse(text) as Readonly<Record<string, string>>,
  );
  return shared;
};

/** The bytes of a page of the manual, by its path; undefined where there is none. */
export const manualFile = (name: string): Promise<Uint8Array | undefined> => bytesUnder(MANUAL, name);

/** The bytes of a file of the Studio's page, by its path; undefined where there is none. */
export async function pageFile(name: string): Promise<Uint8Array | undefined> {
  const bytes = await bytesUnder(PAGE, name);
  if (bytes !== undefined) return bytes;
  const files = await sharedFiles();
  return Object.hasOwn(files, name) ? bytesUnder(ASSETS, files[name]!) : undefined;
}

/**
 * Writes all files of the page for a web server, where the page computes in the visitor's browser.
 * @param folder a new or an empty folder
 * @returns the number of files
 * @throws FoveaError for a folder that is not empty
 */
export async function writePage(folder: string): Promise<number> {
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0)
    throw new FoveaError("already-exists", `${folder} is not empty; give a new or an empty folder`);
  const listed = JSON.parse(await readFile(join(PAGE, "files.json"), "utf8")) as readonly string[];
  const names = [...listed, "files.json", "offline.js"];
  for (const name of names) {
    const file = join(folder, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, (await pageFile(name))!);
  }
  return names.length;
}
