// `fovea tune`: studies of hyper-parameters. Names its subcommands; each has a file of its own.
import type { Command } from "commander";
import { addCommonOptions } from "../options.js";
import * as best from "./tune-best.js";
import * as compare from "./tune-compare.js";
import * as exported from "./tune-export.js";
import * as importance from "./tune-importance.js";
import * as list from "./tune-list.js";
import * as rebuild from "./tune-rebuild.js";
import * as run from "./tune-run.js";
import * as show from "./tune-show.js";
import * as worker from "./tune-worker.js";

type Subcommand = readonly [name: string, summary: string, module: { readonly define: (command: Command) => void }];

const SUBCOMMANDS: readonly Subcommand[] = [
  ["run", "run a study from its spec, or continue it", run],
  ["worker", "help with a study that other processes work on as well", worker],
  ["list", "the studies in a storage", list],
  ["show", "a study's trials, and its report", show],
  ["compare", "studies side by side, such as a grid and random search", compare],
  ["best", "the best trial and its parameters", best],
  ["rebuild", "train the best trial again and compare its value exactly", rebuild],
  ["importance", "how much each parameter matters", importance],
  ["export", "the trials as CSV or JSON", exported],
];

export function define(command: Command): void {
  command
    .description(
      "Searches for good hyper-parameters: a study tries parameters in trials, keeps them in a storage that Optuna " +
        "reads as well, and can be repeated, resumed, shared between machines and rebuilt to the bit.",
    )
    .usage("COMMAND [options]")
    .helpCommand(false);
  for (const [name, summary, module] of SUBCOMMANDS) {
    const subcommand = command.command(name).summary(summary);
    subcommand.showHelpAfterError(`(see fovea tune ${name} --help)`);
    module.define(subcommand);
  }
  addCommonOptions(command).addHelpText(
    "after",
    `
Examples:
  fovea tune run examples/study-a.json --data policies.csv
  fovea tune show claims --out claims.html
  fovea tune rebuild claims

A spec in JSON is data and runs nothing; a spec in JavaScript or TypeScript is your own program.`,
  );
}
