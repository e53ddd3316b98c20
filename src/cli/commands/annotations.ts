// `fovea annotations`: converts annotation files, and says what the other format cannot hold. data/annotations reads and
// writes them.
import { type Command, Option } from "commander";
import { defined } from "../../core/defined.js";
import { UsageError } from "../../core/errors.js";
import {
  ANNOTATION_FORMATS,
  type AnnotationFormatName,
  annotationFormat,
  cautionsOf,
  lossesOf,
  openAnnotations,
  sentenceOf,
  writeAnnotations,
  writeWholeFolder,
} from "../../data/index.js";
import { whole } from "../../report/format.js";
import { addCommonOptions, type CommonOptions, wholeNumber } from "../options.js";
import { Output } from "../terminal/output.js";

interface Options extends CommonOptions {
  readonly to: AnnotationFormatName;
  readonly from?: AnnotationFormatName;
  readonly images?: string;
  readonly ignored?: number;
}

export function define(command: Command): void {
  command
    .description(
      "Converts annotations of images: boxes, outlines and masks. It keeps everything that the other format can hold, and " +
        "prints one line per kind of loss. It also prints one line per kind of fault in the files: boxes outside of their images, " +
        "empty or upside down, unknown classes, missing images. Images are neither copied nor changed.",
    )
    .argument("<from>", "a file, a folder or a zip archive of annotations")
    .argument("<to>", "a new or empty folder")
    .addOption(new Option("--to <format>", "format to write").choices(ANNOTATION_FORMATS).makeOptionMandatory())
    .addOption(new Option("--from <format>", "format to read (default: recognized)").choices(ANNOTATION_FORMATS))
    .option("--ignored <N>", "value of pixels in mask PNGs that is ignored (default: 255)", wholeNumber(0, 255))
    .option("--images <dir>", "folder of the images, for their sizes (default: the images in <from>)");
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
Examples:
  fovea annotations hail converted --to voc
  fovea annotations labels.json yolo --to yolo --images photos
  fovea annotations cvat-export.zip masks --to mask-png`,
    )
    .action(run);
}

async function run(from: string, to: string, options: Options): Promise<void> {
  const output = new Output(options);
  const { images, ignored, to: format } = options;
  const opened = await openAnnotations(from, defined({ format: options.from, images, ignored }));
  const { set, findings } = opened;
  if (ignored !== undefined && opened.format !== "mask-png")
    throw new UsageError(`--ignored goes with mask PNG, and ${from} is ${opened.format}; leave it out`);
  const files = await writeAnnotations(format, set);
  const [losses, cautions] = await Promise.all([lossesOf(set, format), cautionsOf(set, format)]);
  await writeWholeFolder(
    to,
    [...files].map(([path, content]) => ({ path, content })),
  );
  const titles = await Promise.all([opened.format, format].map(async (name) => (await annotationFormat(name)).title));
  const objects = set.images.reduce((sum, image) => sum + image.objects.length, 0);
  for (const finding of findings)
    if (finding.severity === "note") output.say(sentenceOf(finding));
    else output.warn(sentenceOf(finding));
  for (const line of [...losses, ...cautions]) output.warn(`${line}.`);
  const count = (number: number, noun: string): string => `${whole(number)} ${number === 1 ? noun : `${noun}s`}`;
  output.answer(
    {
      out: to,
      from: opened.format,
      to: format,
      images: set.images.length,
      objects,
      categories: set.categories.map(({ name }) => name),
      files: files.size,
      findings,
      losses,
      cautions,
    },
    `Wrote ${count(objects, "object")} on ${count(set.images.length, "image")} to ${to}: ` +
      `${titles.join(" became ")} in ${count(files.size, "file")}` +
      `${losses.length === 0 && cautions.length === 0 && opened.isWhole ? ", with nothing lost." : "."}`,
  );
}
