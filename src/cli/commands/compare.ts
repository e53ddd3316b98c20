// `fovea compare`: runs beside each other, and which is better on the images that both were tested on.
import type { Command } from "commander";
import { defined } from "../../core/defined.js";
import { UsageError } from "../../core/errors.js";
import { compareRuns } from "../../experiment/compare/index.js";
import { stat, writeAtomic } from "../../platform/files.js";
import { parentFolder } from "../../platform/paths.js";
import type { ComparisonFacts, RunPairFacts } from "../../report/comparison-facts.js";
import { chance, metric, whole } from "../../report/format.js";
import { textTable } from "../../report/text/table.js";
import { addCommonOptions, type CommonOptions } from "../options.js";
import { Output } from "../terminal/output.js";

interface Options extends CommonOptions {
  readonly out?: string;
}

export function define(command: Command): void {
  command
    .description(
      "Puts runs side by side: their test figures with intervals of 95 %, the settings in which their recipes differ, and whether " +
        "each is better than the first, by McNemar's exact test and the bootstrap of the paired differences on the images that " +
        "both were tested on. Images of a group (a claim, a writer) are drawn together. Neither images nor models are needed.",
    )
    .argument("<run>", "the folder of a run, which the others are held against")
    .argument("<run...>", "folders of further runs")
    .option("--out <file>", "write a page (.html; default: none)");
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
Runs that were tested on different images are told side by side, and the images that both have decide; where there are none,
nothing says which is better. With several comparisons McNemar's p is also told with all of them counted (Holm).

Examples:
  fovea compare runs/photos-cnn-1 runs/photos-cnn-2
  fovea compare runs/photos-* --out comparison.html
  fovea compare runs/photos-cnn-1 runs/photos-cnn-2 --json | jq '.pairs[0].mcnemar'`,
    )
    .action(run);
}

async function run(first: string, others: readonly string[], options: Options): Promise<void> {
  const { out } = options;
  const twice = others.find((path, at) => path === first || others.indexOf(path) !== at);
  if (twice !== undefined) throw new UsageError(`${twice} is named twice; name each run once`);
  if (out !== undefined && !/\.html?$/i.test(out))
    throw new UsageError(`--out: expected a name that ends in .html, received ${out}`);
  if (out !== undefined && !(await stat(parentFolder(out)))?.isDirectory)
    throw new UsageError(`--out: there is no folder ${parentFolder(out)} for the page; make it first`);
  const facts = await compareRuns([first, ...others]);
  if (out !== undefined) {
    const { renderRunsComparisonPage } = await import("../../report/pages/runs-comparison-page.js");
    await writeAtomic(out, (await renderRunsComparisonPage(facts)).html);
  }
  const { runs, pairs } = facts;
  new Output(options).answer({ runs, pairs, ...defined({ page: out }) }, asText(facts, out));
}

function asText({ runs, pairs }: ComparisonFacts, out: string | undefined): string {
  const titles = new Map(runs.flatMap(({ figures }) => figures.map(({ key, title }) => [key, title] as const)));
  const cell = ({ figures }: ComparisonFacts["runs"][number], wanted: string): string => {
    const figure = figures.find(({ key }) => key === wanted);
    if (figure === undefined) return "";
    const { value, interval } = figure;
    return metric(value) + (interval === undefined ? "" : ` [${metric(interval[0])}, ${metric(interval[1])}]`);
  };
  const table = textTable(
    [{ head: "test figure" }, ...runs.map(({ name }) => ({ head: name, align: "right" as const }))],
    [
      ["images", ...runs.map(({ tested }) => whole(tested))],
      ...[...titles].map(([key, title]) => [title, ...runs.map((compared) => cell(compared, key))]),
    ],
  );
  return [table, ...pairs.map(pairText), ...(out === undefined ? [] : [`The page is ${out}`])].join("\n\n");
}

const signed = (value: number): string => `${value < 0 ? "-" : "+"}${metric(Math.abs(value))}`;

function pairText({
  first,
  second,
  settings,
  figures,
  shared,
  tested,
  groups,
  mcnemar,
  verdict,
}: RunPairFacts): string {
  const paired = figures.filter(({ low }) => low !== undefined);
  const of = tested.every((count) => count === shared) ? "" : `, of ${whole(tested[0])} and ${whole(tested[1])}`;
  return [
    `${second} against ${first}`,
    ...(settings.length === 0
      ? ["  Their recipes are the same."]
      : settings.map((setting) => `  ${setting.setting} ${setting.first} > ${setting.second}`)),
    ...(shared === 0
      ? []
      : [
          `  On the ${whole(shared)} test images of both${of}${groups === undefined ? "" : ` (${whole(groups)} groups)`}:`,
          ...paired.map(
            ({ title, first: was, second: is, difference, low, high }) =>
              `    ${title} ${metric(was)} > ${metric(is)}: ${signed(difference)} [${signed(low!)}, ${signed(high!)}]`,
          ),
        ]),
    ...(mcnemar === undefined
      ? []
      : [
          `    ${whole(mcnemar.secondOnly)} right only by the second, ${whole(mcnemar.firstOnly)} only by the first: McNemar's exact p: ${chance(mcnemar.pValue)}` +
            (mcnemar.adjusted === undefined ? "" : `, with all comparisons counted ${chance(mcnemar.adjusted)}`),
        ]),
    `  So ${verdict}.`,
  ].join("\n");
}
