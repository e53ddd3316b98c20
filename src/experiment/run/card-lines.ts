// The lines of a model card that only a person can write: what the model is for, what it must not be used for, who answers. They
// lie beside the run in card.json.
import * as z from "zod";
import { checkJson, parseJson, printJson } from "../../formats/json.js";
import { joinPath } from "../../platform/paths.js";
import type { RunFolder } from "./folder.js";

const FILE = "card.json";
const LINE = z.string().max(10_000);

const CARD = z.object({
  version: z.literal(1),
  lines: z.strictObject({
    /** The use that the model is meant for. */
    purpose: LINE,
    /** Uses that it is not meant for, and what it is known to do badly. */
    limits: LINE,
    /** A person or an office that answers for it. */
    contact: LINE,
  }),
});

/** Lines of a card; an empty one is not written yet. */
export type CardLines = z.output<typeof CARD>["lines"];

/** The lines of a run's card, empty ones where nobody has written any. @throws FoveaError for a damaged card.json */
export async function readCardLines({ path, files }: RunFolder): Promise<CardLines> {
  const where = joinPath(path, FILE);
  if (!(await files.exists(where))) return { purpose: "", limits: "", contact: "" };
  return checkJson(where, CARD, parseJson(where, await files.readText(where))).lines;
}

/**
 * Writes the lines of a run's card, whole or not at all.
 * @throws FoveaError for other lines than these, or lines of more than 10,000 characters
 * @example await writeCardLines(await RunFolder.open("runs/pets"), { purpose: "Sorts photos.", limits: "", contact: "Mira" });
 */
export async function writeCardLines(folder: RunFolder, lines: CardLines): Promise<void> {
  const card = checkJson("card", CARD, { version: 1, lines });
  await folder.write(joinPath(folder.path, FILE), printJson(card));
}
