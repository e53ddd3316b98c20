// `fovea card`: the card of a run for people who sign for it, from the run's files and from lines that a person writes.
import type { Command } from "commander";
import { CARD_PAGE, missingLines, writeCard } from "../../experiment/card/index.js";
import { CARD_FILE, RunFolder } from "../../experiment/run/index.js";
import { joinPath } from "../../platform/paths.js";
import type { CardFacts } from "../../report/card-facts.js";
import { addCommonOptions, type CommonOptions } from "../options.js";
import { Output } from "../terminal/output.js";

interface Options extends CommonOptions {
  readonly out?: string;
}

export function define(command: Command): void {
  command
    .description(
      "Writes card.html, the card of a trained model for people who sign for it: data with hashes, splits, figures with " +
        "intervals, failures, lineage, certificate, and where the AI Act, EIOPA, the NAIC and SR 11-7 ask for each. Purpose, " +
        "limits and other lines that only a person can write come from card.json, which is made if there is none.",
    )
    .argument("<run>", "the folder of a run that has ended")
    .option("--out <dir>", "the folder for card.html and card.json (default: the run)");
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
Examples:
  fovea card runs/photos-cnn-1
  fovea card runs/photos-cnn-1 --out audit/photos
  fovea card runs/photos-cnn-1 --json | jq '.missing'`,
    )
    .action(run);
}

async function run(path: string, { out = path, ...options }: Options): Promise<void> {
  const output = new Output(options);
  const { lines, facts } = await writeCard(await RunFolder.open(path), out);
  const missing = missingLines(lines);
  const [page, file] = [CARD_PAGE, CARD_FILE].map((name) => joinPath(out, name)) as [string, string];
  output.answer(
    { run: path, page, card: file, missing, lines, facts },
    [
      `The card is ${page}`,
      missing.length === 0
        ? `All lines that a person writes are in ${file}`
        : `Missing, for a person to write into ${file}: ${missing.join(", ")}`,
      ...openLines(facts),
    ].join("\n"),
  );
}

/** Lines that no file of the run settles, and checks that do not hold. */
const openLines = ({ sections }: CardFacts): string[] =>
  sections.flatMap(({ rows }) =>
    rows.filter(({ state }) => state === "open" || state === "broken").map(({ label, value }) => `${label}: ${value}`),
  );
