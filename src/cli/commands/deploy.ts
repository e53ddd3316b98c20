// `fovea deploy`: a model as a page that opens from a disk, as a folder for a web server, or as a program of Node. Parses,
// calls, prints.
import type { Command } from "commander";
import { defined } from "../../core/defined.js";
import { UsageError } from "../../core/errors.js";
import {
  DEPLOY_FORMS,
  type DeployedSize,
  type DeployForm,
  deploy,
  writeDeployed,
} from "../../experiment/deploy/index.js";
import { readableSize } from "../../nn/model/summary.js";
import { shellWord } from "../../platform/invocation.js";
import { joinPath } from "../../platform/paths.js";
import { textTable } from "../../report/text/table.js";
import { addCommonOptions, type CommonOptions, choice, wholeNumber } from "../options.js";
import { Output } from "../terminal/output.js";
import { addTrustOptions, rulesOf, type TrustOptions } from "../trust-options.js";

interface Options extends CommonOptions, TrustOptions {
  readonly to: DeployForm;
  readonly out?: string;
  readonly plain?: true;
  readonly top: number;
}

export function define(command: Command): void {
  command
    .description(
      "Writes a model so that it can be handed over. A page is one file that opens from a disk, without a server and without a " +
        "network: photos are dropped, pasted or chosen, and answered with bars, a set of classes, a referral and a heat map of the " +
        "model; a model of a table gets fields for its columns. Answers are those of fovea predict, to the bit.",
    )
    .argument("<model>", "the folder of a run, whose card goes along, or the file of a model")
    .argument("[dir]", "the folder to write, for --to folder and --to node")
    .addOption(
      choice(
        "--to <form>",
        "page: one file; folder: the same for a web server, with a camera, installable, open without a network after the first " +
          "visit; node: a program of Node with pinned versions",
        DEPLOY_FORMS,
      ).default("page"),
    )
    .option("--out <path>", "the file of the page, or the folder (default: NAME.html, or NAME-folder, NAME-node)")
    .option("--top <N>", "how many classes to show", wholeNumber(1), 5)
    .option("--plain", "answers without sets, which else have a coverage of 0.9 where the model's file allows");
  addTrustOptions(command);
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
Nothing is sent anywhere: the page's own policy forbids it, and its engine, decoders, model and card lie in the file.

Examples:
  fovea deploy runs/photos-cnn-1 --out page.html
  fovea deploy runs/photos-cnn-1 --coverage 0.95 --refer-above 0.02 --out page.html
  fovea deploy runs/photos-cnn-1 --to folder site
  fovea deploy runs/claims --to node claims-program`,
    )
    .action(run);
}

/** Options of rules that a user may give; any of them replaces the usual sets. */
const RULES = ["coverage", "sets", "perClass", "ranges", "referAbove", "confidence", "costs", "novelty"] as const;

/** Those about sets and ranges. */
const OF_SETS: readonly (typeof RULES)[number][] = ["coverage", "sets", "perClass", "ranges"];

async function run(path: string, folder: string | undefined, options: Options, command: Command): Promise<void> {
  const output = new Output(options);
  const { to: form, plain, top, calibration, threads, out } = options;
  if (form === "page" && folder !== undefined)
    throw new UsageError(
      `a page is one file, and ${folder} would be a folder; name the file by --out, or add --to folder`,
    );
  if (out !== undefined && folder !== undefined)
    throw new UsageError(`the folder is named twice, as ${folder} and as ${out}; leave --out out`);
  const stated = RULES.filter((name) => command.getOptionValueSource(name) === "cli");
  if (plain && stated.some((name) => OF_SETS.includes(name)))
    throw new UsageError(
      "--plain leaves sets out, which --coverage, --sets, --per-class and --ranges are about; leave one of them out",
    );
  const isUsual = stated.length === 0 && plain === undefined && calibration;
  const rules = isUsual ? undefined : (opened: Parameters<typeof rulesOf>[1]) => rulesOf(options, opened);
  const made = await deploy(path, form, { top, calibration, rules, ...defined({ threads }) });
  for (const warning of made.warnings) output.warn(warning);
  const target = folder ?? out ?? defaultPlace(made.name, form);
  const files = await writeDeployed(made, target);
  output.answer(
    {
      ...{ form, path: target, files, sizes: Object.fromEntries(made.sizes.map(({ part, bytes }) => [part, bytes])) },
      ...{ options: made.options },
    },
    `${sizeTable(made.sizes)}\n\n${WORDS[form](target)}\nIts answers are those of: fovea predict ${shellWord(path)} ... ${made.options}`.trimEnd(),
  );
}

const defaultPlace = (name: string, form: DeployForm): string => (form === "page" ? `${name}.html` : `${name}-${form}`);

/** The next step with each form. */
const WORDS: Readonly<Record<DeployForm, (target: string) => string>> = {
  page: (target) =>
    `The page is ${target}: open it in a browser. Browsers that give no camera to files need --to folder for filming.`,
  folder: (target) => `The page is in ${target}: put it on any web server with https, or try it on localhost.`,
  node: (target) =>
    `The program is in ${target}: npm install there, then node ${shellWord(joinPath(target, "main.mjs"))} photo.jpg`,
};

const sizeTable = (sizes: readonly DeployedSize[]): string =>
  textTable(
    [{ head: "part" }, { head: "size", align: "right" }],
    sizes.map(({ part, bytes }) => [part, readableSize(bytes)]),
  );
