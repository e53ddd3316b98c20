// `fovea monitor`: are new images, or the decisions of a log, still like those that a run was tested on.
import { type Command, InvalidArgumentError } from "commander";
import { defined } from "../../core/defined.js";
import { UsageError } from "../../core/errors.js";
import { isDecisionLog, monitorRun, USUAL_FALSE_ALARMS } from "../../experiment/monitor/index.js";
import { stat, writeAtomic } from "../../platform/files.js";
import { parentFolder } from "../../platform/paths.js";
import { percent, whole } from "../../report/format.js";
import { type MonitorFacts, stabilityBand } from "../../report/monitor-facts.js";
import { textTable } from "../../report/text/table.js";
import { EXIT } from "../exit.js";
import { addCommonOptions, type CommonOptions, flagOf, numberAbove, wholeNumber } from "../options.js";
import { Output } from "../terminal/output.js";

interface Options extends CommonOptions {
  readonly falseAlarms: number;
  readonly labels?: string;
  readonly since?: string;
  readonly last?: number;
  readonly out?: string;
}

const moment = (text: string): string => {
  if (Number.isNaN(Date.parse(text))) throw new InvalidArgumentError("expected a date such as 2026-05-31");
  return text;
};

export function define(command: Command): void {
  command
    .description(
      "Compares new images with the test images of a run: the classes, labels or numbers that the model says and how sure it " +
        "is, the embeddings of the layer before the last, brightness, contrast, sharpness and size of the photos, their cameras, " +
        "and right answers where images have labels. All tests are counted together, so that alarms where nothing has changed " +
        "are as rare as --false-alarms says. A decision log (.jsonl) has no pixels: there the answers are compared.",
    )
    .argument("<run>", "the folder of a run")
    .argument(
      "<source>",
      "a folder of images, a manifest, an archive, or a decision log of fovea predict --log (.jsonl)",
    )
    .option(
      "--false-alarms <share>",
      "share of calls with an alarm where nothing has changed, above 0 and up to 0.5",
      numberAbove(0, 0.5),
      USUAL_FALSE_ALARMS,
    )
    .option(
      "--labels <source>",
      "images with labels that a log's decisions are held against, found by their bytes (default: none)",
    )
    .option("--since <date>", "decisions of a log from then on (default: all)", moment)
    .option("--last <N>", "the last N decisions of a log (default: all)", wholeNumber(1))
    .option("--out <file>", "write a page (.html; default: none)");
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
A run keeps what is needed in its reference.json; for an older run it is worked out from the test images, where they are
still in their place. --seed is that of permutations.

Exit status: 0 no alarm, 3 an alarm, 1 the work failed, 2 wrong usage.

Examples:
  fovea monitor runs/claims-cnn-1 photos/june
  fovea monitor runs/claims-cnn-1 decisions.jsonl --last 500 --labels settled.csv
  fovea monitor runs/claims-cnn-1 photos/june --out june.html --json | jq '.alarms[].told'
  fovea monitor runs/claims-cnn-1 decisions.jsonl --quiet || [ $? -ne 3 ] || mail -s drift me@example.com`,
    )
    .action(run);
}

async function run(path: string, source: string, options: Options): Promise<void> {
  const { falseAlarms, labels, since, last, out, threads, seed } = options;
  const isLog = isDecisionLog(source);
  const idle = (["labels", "since", "last"] as const).find((name) => options[name] !== undefined);
  if (!isLog && idle !== undefined)
    throw new UsageError(`${flagOf(idle)} is about a decision log (.jsonl), and ${source} is none; leave it out`);
  if (out !== undefined && !/\.html?$/i.test(out))
    throw new UsageError(`--out: expected a name that ends in .html, received ${out}`);
  if (out !== undefined && !(await stat(parentFolder(out)))?.isDirectory)
    throw new UsageError(`--out: there is no folder ${parentFolder(out)} for the page; make it first`);
  const output = new Output(options);
  const progress = output.progress("Asking");
  const facts = await monitorRun(path, source, {
    falseAlarms,
    ...defined({ labels, since, last, threads, seed }),
    onProgress: (done, total) => progress.update(done, total, "images"),
  }).finally(() => progress.end());
  for (const note of facts.notes) output.say(`${note}.`);
  if (facts.failed > 0) output.warn(`${whole(facts.failed)} images have no answer and are left out`);
  if (out !== undefined) {
    const { renderMonitorPage } = await import("../../report/pages/monitor-page.js");
    await writeAtomic(out, (await renderMonitorPage(facts)).html);
  }
  if (facts.tests.some(({ isAlarm }) => isAlarm)) process.exitCode = EXIT.alarm;
  output.answer(asJson(facts, out), asText(facts, out));
}

function asJson(facts: MonitorFacts, out: string | undefined): object {
  const { run, source, reference, images, failed, level, tests, stability, accuracy, shares, notes } = facts;
  const told = tests.map(({ isAlarm, ...test }) => ({ ...test, alarm: isAlarm }));
  return {
    alarms: told.filter(({ alarm }) => alarm).map(({ alarm: _, ...test }) => test),
    ...{ run, source, reference, images, failed, false_alarms: level, tests: told, shares, notes },
    ...defined({ stability, accuracy, page: out }),
  };
}

function asText(facts: MonitorFacts, out: string | undefined): string {
  const { run, source, tests, images, reference, stability, accuracy, level } = facts;
  const alarms = tests.filter(({ isAlarm }) => isAlarm);
  const columns = [
    { head: "test" },
    { head: "before", align: "right" as const },
    { head: "now", align: "right" as const },
    { head: "size", align: "right" as const },
    { head: "p", align: "right" as const },
    { head: "adjusted", align: "right" as const },
    { head: "" },
  ];
  const rows = tests.map(({ title, before, now, effect, p, adjusted, isAlarm }) => [
    ...[title, before, now, String(Number(effect.toPrecision(3)))],
    ...[p.toFixed(4), adjusted.toFixed(4), isAlarm ? "alarm" : ""],
  ]);
  return [
    `${source}: ${whole(images)} images, held against ${whole(reference)} test images of ${run}`,
    "",
    textTable(columns, rows),
    "",
    ...(stability === undefined
      ? []
      : [`Population stability index ${stability.toFixed(3)}: ${stabilityBand(stability)} (a habit, no test).`]),
    ...(accuracy === undefined
      ? []
      : [
          `Right: ${percent(accuracy.share)} of ${whole(accuracy.images)} images with labels, 95% interval ${percent(accuracy.low)} to ${percent(accuracy.high)}.`,
        ]),
    ...(alarms.length === 0
      ? [`No alarm: nothing differs by more than chance explains (false alarms: ${percent(level)} of calls).`]
      : ["Alarms:", ...alarms.map(({ told }) => `  ${told}`)]),
    ...(out === undefined ? [] : [`The page is ${out}`]),
  ].join("\n");
}
