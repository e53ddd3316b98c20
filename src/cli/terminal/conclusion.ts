// The end of a run, in words and as the one object that machines get.
import type { ExperimentData } from "../../experiment/data/index.js";
import type { RunOutcome } from "../../experiment/run/index.js";
import { EXIT } from "../exit.js";
import { failureLines, resultLines } from "./experiment.js";
import type { Output } from "./output.js";

/** Says how the run ended, and sets the exit code. */
export function conclude(
  output: Output,
  { folder, training, metrics, evaluated }: RunOutcome,
  data: ExperimentData,
): void {
  const { bestEpoch } = training;
  const answer = { run: folder.path, ...metrics };
  if (evaluated === undefined) {
    process.exitCode = EXIT.failed;
    const which = bestEpoch === 0 ? "its weights so far" : `the weights of epoch ${bestEpoch}, the best so far`;
    const text = `Interrupted. ${folder.file("model")} holds ${which}; continue with: fovea train --resume ${folder.path}`;
    output.answer({ ...answer, interrupted: true }, text);
    return;
  }
  const where = `The run is in ${folder.path}, its report is ${folder.file("report")}`;
  const results = resultLines(evaluated, data);
  for (const warning of metrics.warnings ?? []) output.warn(warning);
  output.answer(
    answer,
    [results, failureLines(evaluated, `test ${data.folders.train.samples.nouns[1]}`, data.parts.test), where].join(
      "\n\n",
    ),
  );
}
