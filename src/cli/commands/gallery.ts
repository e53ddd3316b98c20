// `fovea gallery`: images of identities (people, writers, owners of signatures) compared, and found among those enrolled.

import { Argument, type Command, InvalidArgumentError } from "commander";
import { defined } from "../../core/defined.js";
import { UsageError } from "../../core/errors.js";
import { imagePaths } from "../../experiment/data/index.js";
import {
  comparePair,
  enrol,
  FACES,
  forget,
  type Identified,
  identify,
  openVerifier,
  type Verifier,
} from "../../experiment/verification/index.js";
import { whole } from "../../report/format.js";
import { textTable } from "../../report/text/table.js";
import { EXIT } from "../exit.js";
import { addCommonOptions, type CommonOptions } from "../options.js";
import { Output } from "../terminal/output.js";

interface Options extends CommonOptions {
  readonly threshold?: number;
}

type Action = (output: Output, paths: readonly string[], options: Options) => Promise<void>;

const ACTIONS = {
  enrol: (output, paths, options) => withVerifier(paths, options, "RUN GALLERY.json DIR", 3, enrolAll(output)),
  verify: (output, paths, options) => withVerifier(paths, options, "RUN IMAGE IMAGE", 3, verify(output)),
  identify: (output, paths, options) =>
    withVerifier(paths, options, "RUN GALLERY.json IMAGE...", undefined, find(output)),
  forget: forgetAll,
} satisfies Readonly<Record<string, Action>>;

function cosine(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= -1 && value <= 1) return value;
  throw new InvalidArgumentError("expected a cosine from -1 to 1");
}

export function define(command: Command): void {
  command
    .description(
      "Decides whether two images show one identity, and finds the enrolled identity of an image, or that it is unknown. The " +
        "model is a run of --task verification. A gallery has names and embeddings, and no images.",
    )
    .addArgument(new Argument("<action>", "the action").choices(Object.keys(ACTIONS)))
    .argument("<path...>", "arguments of the action, see below")
    .option(
      "--threshold <cosine>",
      "cosine from which images count as of one identity (default: the one that validation chose)",
      cosine,
    );
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
Actions:
  enrol RUN GALLERY.json DIR          add the folders of DIR as identities; those of the same name are replaced
  verify RUN IMAGE IMAGE              print whether both are of one identity, with the cosine and the threshold
  identify RUN GALLERY.json IMAGE...  print whose each image is, or unknown where no cosine reaches the threshold
  forget GALLERY.json NAME...         remove identities from a gallery

Exit status of verify: 0 whatever the answer; --json has it as "same".

Examples:
  fovea gallery enrol runs/writers-cnn-1 writers.json letters
  fovea gallery verify runs/writers-cnn-1 a.png b.png
  fovea gallery identify runs/writers-cnn-1 writers.json new.png --threshold 0.6
  fovea gallery forget writers.json anna`,
    )
    .action((action: keyof typeof ACTIONS, paths: readonly string[], options: Options) =>
      (ACTIONS[action] as Action)(new Output(options), paths, options),
    );
}

/** Opens the run that the first path is, for what is done with the others. @throws UsageError for too few or many paths */
async function withVerifier(
  paths: readonly string[],
  { threads, threshold }: Options,
  usage: string,
  count: number | undefined,
  work: (verifier: Verifier, rest: readonly string[]) => Promise<void>,
): Promise<void> {
  if (count === undefined ? paths.length < 3 : paths.length !== count)
    throw new UsageError(
      `gallery: expected ${usage}, received ${paths.length === 1 ? "one path" : `${paths.length} paths`}`,
    );
  const verifier = await openVerifier(paths[0]!, defined({ threads, threshold }));
  try {
    await work(verifier, paths.slice(1));
  } finally {
    await verifier.close();
  }
}

const enrolAll =
  (output: Output) =>
  async (verifier: Verifier, [path, dir]: readonly string[]): Promise<void> => {
    const { gallery, isNew, added, replaced, images, bad, empty } = await enrol(verifier, path!, dir!);
    if (isNew) output.warn(FACES);
    for (const name of empty) output.warn(`left out ${dir}/${name}: there are no images in it`);
    tellBad(output, bad);
    const again = replaced.length === 0 ? "" : `, and replaced ${whole(replaced.length)}`;
    output.answer(
      {
        gallery: path,
        identities: gallery.identities.size,
        added,
        replaced,
        images,
        empty,
        ...(bad.length > 0 && { failed: bad }),
      },
      `Enrolled ${whole(added.length)} identities${again}, of ${whole(images)} images. ${path} has ${whole(gallery.identities.size)}.`,
    );
  };

const verify =
  (output: Output) =>
  async (verifier: Verifier, [first, second]: readonly string[]): Promise<void> => {
    const pair = await comparePair(verifier, first!, second!);
    const { score, threshold, same } = pair;
    output.answer(
      { images: [first, second], ...pair },
      `${same ? "The same" : "Not the same"}: cosine ${score.toFixed(3)}, threshold ${threshold.toFixed(3)}.`,
    );
  };

const find =
  (output: Output) =>
  async (verifier: Verifier, [path, ...images]: readonly string[]): Promise<void> => {
    const { identified, bad } = await identify(verifier, path!, await imagePaths(images));
    tellBad(output, bad);
    output.answer(
      { predictions: [...identified, ...bad] },
      textTable(
        [{ head: "image" }, { head: "identity" }, { head: "cosine", align: "right" }, { head: "next" }],
        identified.map(rowOf),
      ),
    );
  };

function rowOf({ image, identity, candidates }: Identified): string[] {
  const [nearest] = candidates;
  const next = candidates
    .slice(identity === null ? 0 : 1, 3)
    .map(({ identity: name, score }) => `${name} ${score.toFixed(3)}`);
  return [image, identity ?? "unknown", identity === null ? "" : nearest!.score.toFixed(3), next.join(", ")];
}

async function forgetAll(output: Output, [path, ...names]: readonly string[], { threshold }: Options): Promise<void> {
  if (names.length === 0) throw new UsageError("gallery: expected GALLERY.json NAME..., received no name");
  if (threshold !== undefined) throw new UsageError("--threshold is about comparisons; leave it out with forget");
  const { identities } = await forget(path!, names);
  output.answer(
    { gallery: path, forgotten: names, identities: identities.size },
    `Forgotten: ${names.join(", ")}. ${path} has ${whole(identities.size)} identities.`,
  );
}

function tellBad(output: Output, bad: readonly { readonly error: string }[]): void {
  for (const { error } of bad) output.fault(error);
  if (bad.length > 0) process.exitCode = EXIT.failed;
}
