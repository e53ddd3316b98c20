// `fovea classify`: asks a network trained on ImageNet what is on photos.
import type { Command } from "commander";
import { IMAGENET_APPLICATIONS, IMAGENET_NAMES, type ImageNetName } from "../../applications/imagenet/index.js";
import { classify, openPretrained } from "../../experiment/classification.js";
import { defined } from "../../experiment/defined.js";
import { type EngineName, openEngine } from "../../experiment/engines.js";
import { addCommonOptions, type CommonOptions, choice, engineOption, wholeNumber } from "../options.js";
import { Output } from "../terminal/output.js";
import { addVariantOptions, type VariantOptions, variantOf } from "../weights-options.js";

interface Options extends CommonOptions, VariantOptions {
  readonly model: ImageNetName;
  readonly weights?: string;
  readonly top: number;
  readonly engine: EngineName;
}

export function define(command: Command): void {
  command
    .description(
      "Prints what a network trained on ImageNet's thousand classes sees on photos. The weights come from --weights " +
        "or the local store (fovea weights --help); nothing is fetched.",
    )
    .argument("<image...>", "image files")
    .addOption(choice("--model <name>", "which network", IMAGENET_NAMES).default("mobilenet_v2"))
    .option("--weights <file>", "a file of weights as Keras publishes them (default: the local store)")
    .option("--top <N>", "how many classes to print", wholeNumber(1, 1000), 3)
    .addOption(engineOption());
  addVariantOptions(command);
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
Networks:
${IMAGENET_NAMES.map((name) => `  ${name.padEnd(16)} ${IMAGENET_APPLICATIONS[name].title}`).join("\n")}

Examples:
  fovea classify cat.jpg --model mobilenet_v2
  fovea classify *.png --model mobilenet --weights mobilenet_2_5_128_tf.h5 --top 1
  fovea classify cat.jpg --json | jq -r '.[0].top[0][1]'`,
    )
    .action(run);
}

async function run(images: readonly string[], options: Options): Promise<void> {
  const output = new Output(options);
  const { model: name, weights, threads, top } = options;
  const engine = await openEngine(options.engine);
  const pretrained = await openPretrained(name, { ...variantOf(options), ...defined({ weights, threads }) });
  const by = engine?.run(pretrained.model, defined({ threads }));
  try {
    const answers = await classify(pretrained, images, { top, ...defined({ by }) });
    output.answer(answers, answers.map(({ top: best }, n) => asText(n, best)).join("\n\n"));
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
