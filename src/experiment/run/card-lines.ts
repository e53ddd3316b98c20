// The lines of a model card that only a person can write: what the model is for, what it must not be used for, who answers. They
// lie beside the run in card.json, which `fovea card` adds the run's facts to.
import * as z from "zod";
import { checkJson, parseJson, printJson } from "../../formats/json.js";
import type { Files } from "../../platform/files/files.js";
import { joinPath } from "../../platform/paths.js";
import type { RunFolder } from "./folder.js";

/** The name of the file. */
export const CARD_FILE = "card.json";
const LINE = z.string().max(10_000);
/** A line that older cards do not have. */
const LATER = LINE.default("");

const LINES = z.strictObject({
  /** The use that the model is meant for. */
  purpose: LINE,
  /** People who use it, on which photos or rows, at which step of their work. */
  use: LATER,
  /** Uses that it is not meant for, and what it is known to do badly. */
  limits: LINE,
  /** A person or an office that decides about the model. */
  owner: LATER,
  /** A person or an office that answers for it. */
  contact: LINE,
  /** People who look at its answers, and who decides when it is unsure. */
  oversight: LATER,
  /** Checks while it is in use: how often, by whom, and what follows from them. */
  monitoring: LATER,
  /** Licence of the data that it learnt from, or the right to use them. */
  dataLicence: LATER,
  /** Licence of the model's weights, and of those that it was built on. */
  weightsLicence: LATER,
  /** Power that a busy processor core of the training machine draws, in watts, such as "12"; by it the card tells energy. */
  watts: LATER,
});

/** The whole file; other fields, such as the run's facts, stay as they are. */
const CARD = z.looseObject({ version: z.literal(1), lines: LINES });

/** Lines of a card; an empty one is not written yet. */
export type CardLines = z.output<typeof LINES>;

/** Lines that nobody has written. */
export const EMPTY_LINES: CardLines = LINES.parse({ purpose: "", limits: "", contact: "" });

/** Reads the card in a folder; undefined where there is none. @throws FoveaError for a damaged card.json */
export async function readCard(
  folder: string,
  files: Pick<Files, "exists" | "readText">,
): Promise<z.output<typeof CARD> | undefined> {
  const where = joinPath(folder, CARD_FILE);
  if (!(await files.exists(where))) return undefined;
  return checkJson(where, CARD, parseJson(where, await files.readText(where)));
}

/**
 * The lines of a run's card, empty ones where none are written.
 * @param folder folder of the run
 * @throws FoveaError for a damaged card.json
 */
export const readCardLines = async ({ path, files }: RunFolder): Promise<CardLines> =>
  (await readCard(path, files))?.lines ?? EMPTY_LINES;

/** The text of a card. @throws FoveaError for other lines than these, or lines of more than 10,000 characters */
export const printCard = (card: { readonly lines: unknown; readonly facts?: unknown }): string =>
  printJson(checkJson("card", CARD, { version: 1, ...card }));

/**
 * Writes lines of a run's card, whole or not at all; lines that are left out stay as they are.
 * @param folder folder of the run, in which card.json is made when absent
 * @param lines new texts by the names of the lines, each at most 10,000 characters
 * @throws FoveaError for other lines than these, or lines of more than 10,000 characters
 * @example
 * const folder = await RunFolder.open("runs/pets");
 * await writeCardLines(folder, { purpose: "Sorts photos.", contact: "Mira" });
 * (await readCardLines(folder)).limits; // "" until the limits are written
 */
export async function writeCardLines(folder: RunFolder, lines: Partial<CardLines>): Promise<void> {
  const { lines: before = EMPTY_LINES, ...others } = (await readCard(folder.path, folder.files)) ?? {};
  const card = printCard({ ...others, lines: { ...before, ...lines } });
  await folder.write(joinPath(folder.path, CARD_FILE), card);
}
