// `fovea report`: draws a run's report again from the facts that the run kept.

import type { Command } from "commander";
import { drawReport, RunFolder } from "../../experiment/run/index.js";
import { addCommonOptions, type CommonOptions } from "../options.js";
import { Output } from "../terminal/output.js";

export function define(command: Command): void {
  command
    .description(
      "Draws report.html and charts/*.svg of a run again, from the facts that the run kept in facts.json. " +
        "Neither the images nor the model are needed.",
    )
    .argument("<run>", "the folder of a run that has ended");
  addCommonOptions(command).addHelpText("after", "\nExample:\n  fovea report runs/photos-cnn-1").action(run);
}

async function run(path: string, options: CommonOptions): Promise<void> {
  const folder = await RunFolder.open(path);
  const { charts } = await drawReport(folder);
  const report = folder.file("report");
  new Output(options).answer({ run: path, report, charts }, `The report is ${report}`);
}
