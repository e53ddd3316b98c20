// `fovea health`: can these images be trusted? Copies, leaks, wrong labels, bad photos, shifts; a page, JSON, and entries of
// the label journal that mend what can be mended.
import type { Command } from "commander";
import { defined } from "../../core/defined.js";
import { UsageError } from "../../core/errors.js";
import {
  CHECK_NAMES,
  type CheckName,
  checkHealth,
  type FixPlan,
  findingsJson,
  type Health,
  healthFacts,
  planFix,
  writeFix,
} from "../../experiment/health/index.js";
import { journalPath, openJournal } from "../../experiment/journal/index.js";
import { stat, writeAtomic } from "../../platform/files.js";
import { parentFolder } from "../../platform/paths.js";
import { addCommonOptions, type CommonOptions, memoryOption } from "../options.js";
import { ask, canAsk } from "../terminal/ask.js";
import { fixSentence, healthText } from "../terminal/health.js";
import { Output } from "../terminal/output.js";

interface Options extends CommonOptions {
  readonly out?: string;
  readonly fix?: true;
  readonly yes?: true;
  readonly checks?: string;
  readonly base?: string;
  readonly memory?: number;
}

export function define(command: Command): void {
  command
    .description(
      "Checks whether images can be trusted before anything learns from them: copies and near copies, the same picture in " +
        "training and test, labels that are likely to be wrong, photos that are dark, flat or blurred, odd sizes, shifts " +
        "between parts and classes that let a model cheat, and the cameras' metadata. Nothing is moved or deleted.",
    )
    .argument("<source>", "a folder of images, Train and Test with class folders, a manifest, or a zip of these")
    .option(
      "--out <page.html>",
      "also write a page that shows each finding with its images side by side (default: none)",
    )
    .option("--checks <names>", `only these, separated by commas: ${CHECK_NAMES.join(", ")}`)
    .option("--base <which>", "network whose features labels are checked by, as transfer takes it (default: photos)")
    .option(
      "--fix",
      "write corrections into the label journal, which training reads: one of each group of copies is kept, the " +
        "others are left out, and suggestions of labels are taken where they are sure; asks first in a terminal",
    )
    .option("--yes", "with --fix: do not ask")
    .addOption(memoryOption());
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
Examples:
  fovea health photos
  fovea health photos --out health.html
  fovea health claims/manifest.csv --checks copies,near-copies,leaks
  fovea health photos --fix
  fovea health photos --json | jq '.counts'`,
    )
    .action(run);
}

/** @throws UsageError for options that cannot be used together, and for checks that do not exist */
function checkedNames({ checks, fix, yes }: Options): readonly CheckName[] | undefined {
  if (yes && !fix) throw new UsageError("--yes answers the questions of --fix; add --fix, or leave --yes out");
  if (checks === undefined) return undefined;
  const names = checks.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !CHECK_NAMES.some((known) => known === name));
  if (unknown !== undefined)
    throw new UsageError(`--checks: there is no check ${JSON.stringify(unknown)}; there are ${CHECK_NAMES.join(", ")}`);
  return CHECK_NAMES.filter((name) => names.includes(name));
}

async function run(path: string, options: Options): Promise<void> {
  const { out, fix, yes, base, threads, memory, seed } = options;
  const checks = checkedNames(options);
  if (out !== undefined && !(await stat(parentFolder(out)))?.isDirectory)
    throw new UsageError(`--out: there is no folder ${parentFolder(out)} for the page; make it first`);
  const output = new Output(options);
  const looking = output.progress("Looking");
  const health = await checkHealth(path, {
    ...defined({ checks, base, threads, memory, seed }),
    onLook: (done, total) => looking.update(done, total, "images"),
    onProgress: (check, done, total) => looking.update(done, total, "images", check),
  }).finally(() => looking.end());
  const journal = health.subject.journal?.where ?? (await journalPath(path));
  const plan = planFix(health.subject, health.findings);
  if (!fix) {
    const sentence = fixSentence(plan, journal, "would");
    output.answer(asJson(health), `${healthText(health)}\n\n${sentence}`);
    if (out !== undefined) await writePage(out, health, sentence, output);
    return;
  }
  output.say(`${healthText(health)}\n`);
  const agreed = yes || !canAsk() ? plan : await agreedPlan(plan, journal, output);
  const isEmpty = agreed.leaveOut.length + agreed.relabel.length === 0;
  const done = isEmpty
    ? { leftOut: 0, relabelled: 0 }
    : await writeFix(health.subject, agreed, await openJournal(journal));
  const sentence = fixSentence(agreed, journal, "did");
  const written = { journal: journal, left_out: done.leftOut, relabelled: done.relabelled };
  output.answer({ ...asJson(health), fix: written }, sentence);
  if (out !== undefined) await writePage(out, health, sentence, output);
}

/** The parts of a plan that somebody at the terminal agrees to. */
async function agreedPlan(plan: FixPlan, journal: string, output: Output): Promise<FixPlan> {
  const { leaveOut, relabel } = plan;
  if (leaveOut.length + relabel.length === 0) return plan;
  output.say(fixSentence(plan, journal, "will"));
  const leaves =
    leaveOut.length > 0 && (await ask(`Leave ${leaveOut.length} images out: copies but one of each group?`));
  const gives = relabel.length > 0 && (await ask(`Take ${relabel.length} suggested labels?`));
  return { ...plan, leaveOut: leaves ? leaveOut : [], relabel: gives ? relabel : [] };
}

async function writePage(out: string, health: Health, fix: string, output: Output): Promise<void> {
  const { renderHealthPage } = await import("../../report/pages/health-page.js");
  const drawing = output.progress("Drawing");
  const onProgress = (done: number, total: number): void => drawing.update(done, total, "pictures");
  const facts = await healthFacts(health, { fix, onProgress }).finally(() => drawing.end());
  await writeAtomic(out, (await renderHealthPage(facts)).html);
  output.say(`The page is ${out}`);
}

const asJson = ({ findings, counts, notRun }: Health): object => ({
  findings: findingsJson(findings),
  counts,
  not_run: notRun,
});
