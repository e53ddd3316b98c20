// `fovea classify`: asks a network trained on ImageNet what is on photos.

import type { Command } from "commander";
import { IMAGENET_APPLICATIONS, IMAGENET_NAMES } from "../../applications/imagenet/index.js";
import { defined } from "../../core/defined.js";
import { type BadFile, imagePaths } from "../../experiment/data/index.js";
import {
  CLASSIFIER_NAMES,
  type Classified,
  type ClassifierName,
  classify,
  type EngineName,
  openEngine,
  openPretrained,
  SHIPPED_BASES,
  usualNetwork,
} from "../../experiment/pretrained/index.js";
import { EXIT } from "../exit.js";
import { addCommonOptions, type CommonOptions, choice, engineOption, wholeNumber } from "../options.js";
import { Output } from "../terminal/output.js";
import { addVariantOptions, type VariantOptions, variantOf } from "../weights-options.js";

/** Accuracy of the network of the package, measured as docs/photo-base.md says. */
const ACCURACY =
  "The network photos is small: of 40 photos of ImageNet's kind it has the right class first for 5, and among five for 17. With " +
  "weights of MobileNetV2 it is 35 and 40 (--weights FILE).";

interface Options extends CommonOptions, VariantOptions {
  readonly model?: ClassifierName;
  readonly weights?: string;
  readonly top: number;
  readonly engine: EngineName;
}

export function define(command: Command): void {
  command
    .description(
      "Names the objects on photos, by a network trained on ImageNet's thousand classes. The network photos is in the package; " +
        "weights of others come from --weights or the local store (fovea weights --help); nothing is fetched.",
    )
    .argument("<image...>", "images, folders of images and patterns such as photos/*.jpg")
    .addOption(
      choice(
        "--model <name>",
        "which network (default: photos; with --weights the one that its name says)",
        CLASSIFIER_NAMES,
      ),
    )
    .option("--weights <file>", "a file of weights as Keras publishes them (default: the local store)")
    .option("--top <N>", "how many classes to print", wholeNumber(1, 1000), 3)
    .addOption(engineOption());
  addVariantOptions(command);
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
Networks:
  ${"photos".padEnd(16)} ${SHIPPED_BASES.photos.title}
${IMAGENET_NAMES.map((name) => `  ${name.padEnd(16)} ${IMAGENET_APPLICATIONS[name].title}`).join("\n")}

Examples:
  fovea classify cat.jpg
  fovea classify cat.jpg --model mobilenet_v2
  fovea classify photos "more/*.png" --model mobilenet --weights mobilenet_2_5_128_tf.h5 --top 1
  fovea classify cat.jpg --json | jq -r '.[0].top[0][1]'`,
    )
    .action(run);
}

async function run(typed: readonly string[], options: Options): Promise<void> {
  const output = new Output(options);
  const images = await imagePaths(typed);
  const { weights, threads, top } = options;
  const name = options.model ?? usualNetwork({ ...variantOf(options), ...defined({ weights }) });
  if (name === "photos") output.say(ACCURACY);
  const engine = await openEngine(options.engine);
  const pretrained = await openPretrained(name, { ...variantOf(options), ...defined({ weights, threads }) });
  const by = engine?.run(pretrained.model, defined({ threads }));
  try {
    const bad = new Map<string, BadFile>();
    const onBad = (file: BadFile): void => {
      bad.set(file.image, file);
      output.fault(file.error);
    };
    const good = await classify(pretrained, images, { top, onBad, ...defined({ by }) });
    const answered = good[Symbol.iterator]();
    const answers = images.map((image) => bad.get(image) ?? (answered.next().value as Classified));
    output.answer(
      answers,
      answers.flatMap((answer, n) => ("top" in answer ? [asText(n, answer.top)] : [])).join("\n\n"),
    );
    if (bad.size > 0) process.exitCode = EXIT.failed;
  } finally {
    await by?.close();
    await pretrained.model.close();
  }
}

/** Whole per cent, cut off rather than rounded. */
const asText = (n: number, top: readonly (readonly [string, string, number])[]): string =>
  [`Image #${n}:`, ...top.map(([synset, word, share]) => ` ${synset} - ${word} ${Math.trunc(100 * share)}%`)].join(
    "\n",
  );
