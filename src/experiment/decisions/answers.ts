// Answers of a model as decisions: the hashes of model and photos are taken from the very bytes that the model was asked
// about, when they are read.
import { defined } from "../../core/defined.js";
import type { Files } from "../../platform/files/files.js";
import { filesHere } from "../../platform/files/files-here.js";
import { sha256Hex } from "../../platform/hashing.js";
import { extensionOf } from "../../platform/paths.js";
import type { Answer, AskedFile, OpenedModel, Refusal } from "../models/index.js";
import type { DecisionEntry } from "./line.js";

/** Files of numbers hold several samples, `NAME[0]`, and are read whole. */
const ARRAYS = [".npy", ".csv"];

/** A model that is logged. */
export interface LoggedModel {
  /** SHA-256 of the model's file. */
  readonly model: string;
  /** SHA-256 of its weights; absent where the file does not say it. */
  readonly weights?: string | undefined;
}

/**
 * Hashes of a model: of its file, and of its weights where the file says it.
 * @param opened A model, as `openModel` gives it.
 * @param files Disk of the model's file; default the machine's.
 */
export async function loggedModel(
  { file, facts }: Pick<OpenedModel, "file" | "facts">,
  files: Files = filesHere,
): Promise<LoggedModel> {
  return { model: await sha256Hex(await files.readBytes(file)), ...defined({ weights: facts?.weightsSha256 }) };
}

/**
 * Files that leave their SHA-256 when a model reads them.
 * @param asked Photos to ask about, by name and source.
 * @param disk Disk of the photos; default the machine's.
 */
export class HashedFiles {
  /** In place of those that were typed. */
  readonly files: readonly AskedFile[];
  readonly #hashes = new Map<string, string>();
  readonly #arrays: readonly string[];
  readonly #disk: Files;

  constructor(asked: readonly AskedFile[], disk: Files = filesHere) {
    this.#disk = disk;
    const isArray = ({ source }: AskedFile): boolean =>
      typeof source === "string" && ARRAYS.includes(extensionOf(source).toLowerCase());
    this.#arrays = asked.filter(isArray).map(({ name }) => name);
    this.files = asked.map((file) => {
      const { name, source } = file;
      if (isArray(file)) return file;
      const hashed = async (): Promise<Uint8Array> => {
        const bytes = typeof source === "string" ? await disk.readBytes(source) : await source();
        this.#hashes.set(name, await sha256Hex(bytes));
        return bytes;
      };
      return { name, source: hashed };
    });
  }

  /**
   * Answers as decisions of a model.
   * @param answers Answers to `files`, of `predictFiles` and the like.
   * @param model Hashes of the model, see `loggedModel`.
   */
  async decisions(answers: readonly (Answer | Refusal)[], model: LoggedModel): Promise<DecisionEntry[]> {
    for (const name of this.#arrays)
      if (!this.#hashes.has(name) && answers.some(({ image }) => image === name || image.startsWith(`${name}[`)))
        this.#hashes.set(name, await sha256Hex(await this.#disk.readBytes(name)));
    return answers.map(({ image: file, ...answer }) => ({
      ...model,
      ...defined({ image: this.#hashes.get(file) ?? this.#hashes.get(file.replace(/\[\d+\]$/, "")) }),
      file,
      ...answer,
    }));
  }
}
