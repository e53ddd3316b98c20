// `fovea synth`: writes a generated data set. data/generators draws the images.
import { Argument, type Command } from "commander";
import { UsageError } from "../../core/errors.js";
import {
  HAIL_COUNT,
  HAIL_SIDE,
  OTHER_HANZI_CHARACTERS,
  PAGES_COUNT,
  PAGES_SIDE,
  writeHail,
  writeHanzi,
  writePages,
  writeWriters,
} from "../../data/index.js";
import { whole } from "../../report/format.js";
import {
  addCommonOptions,
  type CommonOptions,
  flagOf,
  type ImageSize,
  imageSize,
  numberAbove,
  wholeNumber,
} from "../options.js";
import { interruptible } from "../terminal/interrupt.js";
import { Output } from "../terminal/output.js";

interface Options extends CommonOptions {
  readonly out: string;
  readonly scale?: number;
  readonly count?: number;
  readonly size?: ImageSize;
  readonly characters?: number;
}

/** Called with the number of images that are written, and of all. */
type Progress = (done: number, total: number) => void;

/** An answer: its object for `--json`, and its text. */
interface Written {
  readonly totals: object;
  readonly text: string;
}

/** A set: the options that not every set has, and its writing. */
interface GeneratedSet {
  readonly options: readonly ("characters" | "count" | "size")[];
  readonly write: (options: Options, onProgress: Progress, signal: AbortSignal) => Promise<Written>;
}

const SETS = {
  hanzi: { options: [], write: (options, ...rest) => handwriting(options, undefined, ...rest) },
  "other-hanzi": {
    options: ["characters"],
    write: (options, ...rest) => handwriting(options, OTHER_HANZI_CHARACTERS.slice(0, options.characters), ...rest),
  },
  writers: { options: [], write: writers },
  hail: { options: ["count", "size"], write: hail },
  pages: { options: ["count", "size"], write: pages },
} satisfies Readonly<Record<string, GeneratedSet>>;
const BY_NAME: Readonly<Record<string, GeneratedSet>> = SETS;

export function define(command: Command): void {
  command
    .description(
      "Writes generated images, to try things on without any data of your own. " +
        '"hanzi" is handwriting in class folders: 55 Chinese characters by imagined writers, those of Test others than ' +
        'those of Train, about 600 and 140 images a character at full scale. "other-hanzi" is the same with ' +
        `${OTHER_HANZI_CHARACTERS.length} other characters. "writers" has a folder for each writer: 400 that train, with 40 characters each, and 100 others that ` +
        'test, with ten each, to learn whether two are by the same hand. "hail" is photos of car panels with hail damage: ' +
        "manifest.csv has class, labels, number of dents, repair cost, exposure, claim and date of each, " +
        'annotations.json the boxes in COCO\'s form, masks/ the dents. "pages" is pages of handwritten characters with the box ' +
        "of each in annotations.json. The same seed writes the same files.",
    )
    .addArgument(new Argument("<set>", "which set").choices(Object.keys(SETS)))
    .requiredOption("--out <dir>", "a new or empty folder")
    .option(
      "--scale <S>",
      "share of the full counts, above 0 and up to 1; two a class remain (default: 1)",
      numberAbove(0, 1),
    )
    .option(
      "--count <N>",
      `number of hail photos (default: ${HAIL_COUNT}) or pages (${PAGES_COUNT})`,
      wholeNumber(1, 100_000),
    )
    .option(
      "--size <HxW>",
      `height x width of hail photos (default: ${HAIL_SIDE}x${HAIL_SIDE}) or pages (${PAGES_SIDE}x${PAGES_SIDE}) in pixels`,
      imageSize,
    )
    .option(
      "--characters <N>",
      "number of characters of other-hanzi, the first N (default: all)",
      wholeNumber(2, OTHER_HANZI_CHARACTERS.length),
    );
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
Examples:
  fovea synth hanzi --out hanzi                     39,890 images
  fovea synth hanzi --out small --scale 0.1 --seed 7
  fovea synth other-hanzi --out others --scale 0.1  what the network "hanzi" of fovea transfer was trained on
  fovea synth writers --out writers                 17,000 images, for fovea train writers --task verification
  fovea synth hail --out hail                       ${whole(HAIL_COUNT)} photos of some 500 claims`,
    )
    .action(run);
}

async function run(name: string, options: Options): Promise<void> {
  const output = new Output(options);
  const set = BY_NAME[name]!;
  for (const option of ["characters", "count", "size"] as const)
    if (options[option] !== undefined && !set.options.includes(option)) throw misplaced(name, option);
  if (options.count !== undefined && options.scale !== undefined)
    throw new UsageError("--count and --scale both say how many photos; give one of them");
  const progress = output.progress("Writing");
  const { totals, text } = await interruptible(output, "Stopping; nothing is kept.", (signal) =>
    set.write(options, (done, total) => progress.update(done, total, "images"), signal),
  ).finally(() => progress.end());
  output.answer({ out: options.out, ...totals }, text);
}

function misplaced(name: string, option: "characters" | "count" | "size"): UsageError {
  if (option === "characters" && name === "hanzi")
    return new UsageError("--characters goes with other-hanzi; hanzi is always its 55 characters");
  const owners = Object.keys(BY_NAME).filter((other) => BY_NAME[other]!.options.includes(option));
  return new UsageError(`${flagOf(option)} goes with ${owners.join(", ")}; ${name} has no such option`);
}

async function handwriting(
  { out, scale = 1, seed = 0 }: Options,
  characters: readonly string[] | undefined,
  onProgress: Progress,
  signal: AbortSignal,
): Promise<Written> {
  const which = characters === undefined ? {} : { characters };
  const totals = await writeHanzi(out, { scale, seed, ...which }, onProgress, signal);
  const { train, test } = totals;
  return { totals, text: `Wrote ${whole(train)} images to ${out}/Train and ${whole(test)} to ${out}/Test.` };
}

async function writers(
  { out, scale = 1, seed = 0 }: Options,
  onProgress: Progress,
  signal: AbortSignal,
): Promise<Written> {
  const totals = await writeWriters(out, { scale, seed }, onProgress, signal);
  const { train, test, writers: people } = totals;
  const text = [
    `Wrote ${whole(train)} images by ${whole(people.train)} writers to ${out}/Train and ${whole(test)} by ${whole(people.test)} others to ${out}/Test.`,
    "",
    `Next: fovea train ${out} --task verification`,
  ].join("\n");
  return { totals, text };
}

async function hail(options: Options, onProgress: Progress, signal: AbortSignal): Promise<Written> {
  const { out, scale = 1, seed = 0 } = options;
  const count = options.count ?? Math.max(2, Math.round(scale * HAIL_COUNT));
  const [height, width] = options.size ?? [HAIL_SIDE, HAIL_SIDE];
  const totals = await writeHail(out, { count, seed, height, width }, onProgress, signal);
  const { images, groups, classes, labels, dents, cost } = totals;
  const listed = (counts: Readonly<Record<string, number>>): string =>
    Object.entries(counts)
      .map(([name, number]) => `${name} ${whole(number)}`)
      .join(", ");
  const text = [
    `Wrote ${whole(images)} photos of ${whole(groups)} claims to ${out}/images, ${height}x${width} pixels each.`,
    `  Class: ${listed(classes)}. Labels: ${listed(labels)}; a photo can have several.`,
    `  ${whole(dents)} dents in all; a repair costs ${whole(Math.round(cost / images))} euro on average.`,
    `  ${out}/manifest.csv has a row per photo, ${out}/annotations.json the boxes (COCO), ${out}/masks the dents.`,
    "",
    `Next: fovea train ${out} --task regression --target cost --loss gamma`,
  ].join("\n");
  return { totals, text };
}

async function pages(options: Options, onProgress: Progress, signal: AbortSignal): Promise<Written> {
  const { out, scale = 1, seed = 0 } = options;
  const count = options.count ?? Math.max(2, Math.round(scale * PAGES_COUNT));
  const [height, width] = options.size ?? [PAGES_SIDE, PAGES_SIDE];
  const totals = await writePages(out, { count, seed, height, width }, onProgress, signal);
  const text = [
    `Wrote ${whole(totals.images)} pages with ${whole(totals.characters)} characters to ${out}/images, ${height}x${width} pixels each.`,
    `  ${out}/annotations.json has the boxes (COCO).`,
    "",
    `Next: fovea train ${out} --task detection`,
  ].join("\n");
  return { totals, text };
}
