// `fovea tune list`: the studies in a storage, or in ./studies.

import type { Command } from "commander";
import { localStorages } from "../../experiment/tune/index.js";
import { textTable } from "../../report/text/table.js";
import { loadStudy, openStorage, type Study, withoutPassword } from "../../tune/index.js";
import { addCommonOptions, type CommonOptions } from "../options.js";
import { Output } from "../terminal/output.js";
import { bestOf, bestTrialsOf, countStates, NUMBERS_HELP, showValues } from "../terminal/tuning.js";

interface Options extends CommonOptions {
  readonly storage?: string;
}

export function define(command: Command): void {
  command
    .description("Lists the studies in a storage, or in the folder ./studies, with their trials and best values.")
    .option("--storage <url>", "journal://FILE, sqlite:///FILE or postgresql://... (default: all of ./studies)");
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
Of a study with several objectives, best says how many trials are on the Pareto front.
${NUMBERS_HELP}

Examples:
  fovea tune list
  fovea tune list --storage sqlite:///studies.db --json`,
    )
    .action(run);
}

async function run(options: Options): Promise<void> {
  const output = new Output(options);
  const urls = options.storage === undefined ? await localStorages() : [options.storage];
  const found: object[] = [];
  const rows: string[][] = [];
  for (const url of urls) {
    const storage = await openStorage(url, { readOnly: true });
    try {
      for (const { name } of await storage.studies()) {
        const study = await loadStudy({ storage, name });
        found.push(asJson(study, withoutPassword(url)));
        rows.push(asRow(study, withoutPassword(url)));
      }
    } finally {
      await storage.close();
    }
  }
  const columns = [
    { head: "study" },
    { head: "direction" },
    { head: "trials", align: "right" as const },
    { head: "best", align: "right" as const },
    { head: "storage" },
  ];
  output.answer({ studies: found }, rows.length === 0 ? "There are no studies." : textTable(columns, rows));
}

const asRow = (study: Study, url: string): string[] => [
  study.name,
  study.directions.join(", "),
  String(study.trials.length),
  study.directions.length === 1 ? showValues(bestOf(study)?.values) : `${bestTrialsOf(study).length} on the front`,
  url,
];

const asJson = (study: Study, storage: string): object => ({
  study: study.name,
  directions: study.directions,
  trials: countStates(study.trials),
  best: study.directions.length === 1 ? (bestOf(study)?.values ?? null) : null,
  front: bestTrialsOf(study).map(({ number, values }) => ({ number, values })),
  storage,
});
