// `fovea tune compare`: studies of the same thing side by side, such as a grid and random search.

import type { Command } from "commander";
import { UsageError } from "../../core/errors.js";
import { ownValue } from "../../core/lookup.js";
import { singleLine } from "../../core/text.js";
import {
  type ComparedStudy,
  type Comparison,
  compareStudies,
  defaultStorage,
  openStudy,
  studyReportFacts,
} from "../../experiment/tune/index.js";
import { writeAtomic } from "../../platform/files.js";
import { extensionOf } from "../../platform/paths.js";
import { metric, trialMetric } from "../../report/format.js";
import { MOST_CURVES, textCurves } from "../../report/text/curves.js";
import { textTable } from "../../report/text/table.js";
import type { Study } from "../../tune/index.js";
import { addCommonOptions, type CommonOptions } from "../options.js";
import { Output } from "../terminal/output.js";
import { NUMBERS_HELP, showValues } from "../terminal/tuning.js";

interface Options extends CommonOptions {
  readonly storage?: string;
  readonly out?: string;
}

export function define(command: Command): void {
  command
    .description(
      "Compares studies of the same thing, such as a grid and random search: the best value by number of trials, and " +
        "which values of each parameter were tried.",
    )
    .argument("<studies...>", "the names of at least two studies")
    .option("--storage <url>", "the storage of all of them (default: each study's folder in ./studies)")
    .option("--out <file>", "also draw it: a .html page, or the picture alone as .svg (default: none)");
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
${NUMBERS_HELP}

Examples:
  fovea tune run examples/study-b.json --data ausprivauto0405.csv --study random
  fovea tune run examples/study-b.json --data ausprivauto0405.csv --study grid --sampler grid
  fovea tune compare grid random --out compared.html`,
    )
    .action(run);
}

async function run(names: readonly string[], options: Options): Promise<void> {
  const { out, storage } = options;
  const output = new Output(options);
  const extension = out === undefined ? undefined : extensionOf(out).toLowerCase();
  if (extension !== undefined && extension !== ".html" && extension !== ".svg")
    throw new UsageError(`--out: expected a file that ends in .html or .svg, received ${out}`);
  if (names.length < 2) throw new UsageError(`expected the names of at least two studies, received ${names[0]}`);
  if (new Set(names).size < names.length) throw new UsageError("expected different studies, received one twice");
  const studies: Study[] = [];
  try {
    for (const name of names) studies.push(await openStudy(storage ?? defaultStorage(name), name, { readOnly: true }));
    const comparison = compareStudies(studies);
    if (out !== undefined) {
      await writeAtomic(out, await picture(studies, storage, extension === ".svg"));
      output.say(`The ${extension === ".svg" ? "picture" : "page"} is ${out}`);
      output.say();
    }
    output.answer({ ...comparison, ...(out === undefined ? {} : { out }) }, asText(comparison, output));
  } finally {
    for (const study of studies) await study.close();
  }
}

async function picture(studies: readonly Study[], storage: string | undefined, asSvg: boolean): Promise<string> {
  const { comparisonPicture, renderComparisonPage } = await import("../../report/pages/comparison-page.js");
  const [first, ...rest] = studies.map((study) => studyReportFacts(study, storage ?? defaultStorage(study.name)));
  return asSvg ? comparisonPicture([first!, ...rest]) : (await renderComparisonPage([first!, ...rest])).html;
}

/** Numbers of trials at which studies are compared: 1, 2, 5, 10... and all of the shortest. */
function milestones(studies: readonly ComparedStudy[]): number[] {
  const least = Math.min(...studies.map(({ trials }) => trials));
  const steps = [0, 1, 2, 3, 4, 5].flatMap((power) => [1, 2, 5].map((digit) => digit * 10 ** power));
  return [...new Set([...steps.filter((step) => step < least), least])].filter((step) => step > 0);
}

function asText({ objective, direction, baseline, studies }: Comparison, output: Output): string {
  const right = "right" as const;
  const best = textTable(
    [{ head: "study" }, { head: "sampler" }, { head: "trials", align: right }, { head: "best", align: right }],
    studies.map(({ study, sampler, trials, best: bestTrial }) => [
      study,
      sampler ?? "",
      String(trials),
      showValues(bestTrial?.values),
    ]),
  );
  const byTrials = textTable(
    [{ head: "best after" }, ...studies.map(({ study }) => ({ head: study, align: right }))],
    milestones(studies).map((step) => [
      `${step} ${step === 1 ? "trial" : "trials"}`,
      ...studies.map((row) => {
        const value = row.best_by_trials[step - 1] ?? null;
        return value === null ? "" : trialMetric(value);
      }),
    ]),
  );
  const parameters = [...new Set(studies.flatMap((study) => Object.keys(study.values_tried)))];
  const tried = textTable(
    [{ head: "values tried of" }, ...studies.map(({ study }) => ({ head: study, align: right }))],
    parameters.map((name) => [name, ...studies.map((study) => String(ownValue(study.values_tried, name) ?? 0))]),
  );
  const curves = studies.map(({ study, best_by_trials: values }) => ({
    name: study,
    values: values.map((value) => value ?? Number.NaN),
  }));
  // More lines than a drawing can tell apart go into several.
  const drawings = Array.from({ length: Math.ceil(curves.length / MOST_CURVES) }, (_, i) =>
    textCurves(curves.slice(i * MOST_CURVES, (i + 1) * MOST_CURVES), {
      title: `best ${objective} so far`,
      unit: "trial",
      columns: Math.min(60, output.columns - 12),
      color: output.colors,
    }),
  );
  const constant =
    baseline === null
      ? []
      : [`${singleLine(baseline.title)}, on the validation images: ${metric(baseline.validation)}`, ""];
  return [
    `${objective}, to ${direction}`,
    "",
    ...constant,
    best,
    "",
    drawings.join("\n\n"),
    "",
    byTrials,
    "",
    tried,
  ].join("\n");
}
