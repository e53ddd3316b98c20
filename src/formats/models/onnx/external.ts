// Weights that lie in files beside an ONNX model, as PyTorch writes them: which file, from which byte on, how many. Only
// files in the model's folder (or below it) are asked for, and only bytes that they have are read.
import { FoveaError } from "../../../core/errors.js";
import type { Siblings } from "../loaded.js";

/** Place of a tensor's bytes: a file, and a part of it. */
export interface ExternalData {
  readonly location: string;
  readonly offset: number;
  /** All to the file's end when absent. */
  readonly length?: number;
}

/** The files beside the model by name. */
export type ExternalFiles = ReadonlyMap<string, Uint8Array>;

/** Place that entries (location, offset, length) give. @throws FoveaError when they lead out of the model's folder. */
export function externalData(where: string, entries: ReadonlyMap<string, string>): ExternalData {
  const location = entries.get("location") ?? "";
  const leadsOut = /^[/\\]|^[A-Za-z]:|(^|[/\\])\.\.([/\\]|$)|\0/.test(location);
  if (location === "" || leadsOut)
    throw new FoveaError(
      "unsafe-path",
      `${where}: lies in ${JSON.stringify(location).slice(0, 100)}, which leads out of the model's folder; expected the ` +
        "name of a file beside the model",
    );
  const number = (key: string): number | undefined => {
    const text = entries.get(key);
    if (text === undefined) return undefined;
    if (!/^\d{1,15}$/.test(text))
      throw new FoveaError(
        "wrong-field",
        `${where}: expected a whole number of bytes as ${key}, found ${JSON.stringify(text.slice(0, 40))}`,
      );
    return Number(text);
  };
  const length = number("length");
  return {
    location: location.replace(/^(\.[/\\])+/, ""),
    offset: number("offset") ?? 0,
    ...(length !== undefined && { length }),
  };
}

/** The bytes of a tensor. @throws FoveaError when its file has fewer. */
export function externalBytes(
  where: string,
  { location, offset, length }: ExternalData,
  files: ExternalFiles,
): Uint8Array {
  const file = files.get(location);
  if (file === undefined) throw new FoveaError("weights-missing", `${where}: lies in ${location}, which was not read`);
  const end = length === undefined ? file.length : offset + length;
  if (offset > file.length || end > file.length)
    throw new FoveaError(
      "damaged-file",
      `${where}: lies in bytes ${offset} to ${end} of ${location}, which has ${file.length}; the file is cut short or ` +
        "belongs to another model",
    );
  return file.subarray(offset, end);
}

/** Fetches each of the files once. @throws FoveaError that names the first that is missing. */
export async function fetchExternal(
  file: string,
  locations: Iterable<string>,
  siblings: Siblings,
): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const location of new Set(locations)) {
    const bytes = await siblings(location);
    if (bytes === undefined)
      throw new FoveaError(
        "weights-missing",
        `${file}: its weights are in ${location}, which is not beside it; put the two into one folder`,
      );
    files.set(location, bytes);
  }
  return files;
}
