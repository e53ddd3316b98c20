// images.json of a run: which image trained, validated or tested, by its SHA-256. With it an evaluation can say how many
// of its images the model has seen. The file stays with the run: a model that is given away tells nobody what it saw.
import * as z from "zod";
import { type ClassifiedImages, type Finding, filesByHash, sharedImages } from "../../data/index.js";
import { checkJson, parseJson, printJson } from "../../formats/json.js";
import { type Recipe, SHA256 } from "../../formats/run/recipe.js";
import { hashedParts } from "../data/findings.js";
import { type Folders, PART_NAMES, type PartName, type Parts } from "../data/parts.js";

const IMAGES = z.record(z.string(), SHA256);

const RUN_IMAGES = z.object({
  version: z.literal(1),
  /** Of the model that these images trained. */
  weights_sha256: SHA256,
  /** The SHA-256 of each image by its path. */
  parts: z.object({ train: IMAGES, validation: IMAGES, test: IMAGES }),
});

type RunImages = z.output<typeof RUN_IMAGES>;

/** The text of images.json. */
export function writeRunImages(
  data: Pick<Parts, "parts" | "split"> & { readonly folders: Folders },
  weightsSha256: string,
): string {
  const parts = Object.fromEntries(
    hashedParts(data).map(({ files, hashes }, i) => [
      PART_NAMES[i]!,
      Object.fromEntries(files.map((file, n) => [file, hashes[n]!])),
    ]),
  );
  return printJson({ version: 1, weights_sha256: weightsSha256, parts });
}

/** Parts of the run in images.json; undefined for a file of that name that is another's, or of another model. */
export function readRunImages(text: string, weightsSha256: string | undefined): RunImages["parts"] | undefined {
  try {
    const images = checkJson("images.json", RUN_IMAGES, parseJson("images.json", text));
    return images.weights_sha256 === weightsSha256 ? images.parts : undefined;
  } catch {
    return undefined;
  }
}

const REMEDY = "their figures are better than on new images; evaluate on images that the model has not seen";

/**
 * Findings about a model that is evaluated on images that trained it, or whose figures chose its epoch.
 * @param known the images of its run; without them only whole folders are recognized, by the recipe's hashes
 */
export function seenFindings(
  images: Pick<ClassifiedImages, "files" | "hashes" | "contentHash">,
  known: RunImages["parts"] | undefined,
  recipe: Pick<Recipe, "data" | "parts"> | undefined,
): Finding[] {
  const { train, validation } = seen(images, known, recipe);
  const total = images.files.length;
  const finding = (count: number, files: readonly string[], said: string): Finding[] =>
    count === 0
      ? []
      : [
          {
            kind: "leak",
            severity: "warning",
            files,
            evidence: `${count} of the ${total} images ${said}`,
            remedy: REMEDY,
          },
        ];
  return [
    ...finding(train.count, train.files, "trained the model, or are copies of images that did, byte for byte"),
    ...finding(
      validation.count,
      validation.files,
      "chose the model's best epoch, or are copies of such, which makes them no test",
    ),
  ];
}

interface Seen {
  readonly count: number;
  readonly files: readonly string[];
}

function seen(
  images: Pick<ClassifiedImages, "files" | "hashes" | "contentHash">,
  known: RunImages["parts"] | undefined,
  recipe: Pick<Recipe, "data" | "parts"> | undefined,
): Readonly<Record<Exclude<PartName, "test">, Seen>> {
  const none: Seen = { count: 0, files: [] };
  if (known !== undefined) {
    const of = (part: "train" | "validation"): Seen =>
      sharedImages(images, filesByHash({ files: Object.keys(known[part]), hashes: Object.values(known[part]) }));
    return { train: of("train"), validation: of("validation") };
  }
  const { data, parts } = recipe ?? {};
  const whole = (count: number): Seen => ({ count, files: [] });
  if (data?.validation?.sha256 === images.contentHash) return { train: none, validation: whole(images.files.length) };
  if (data?.train.sha256 !== images.contentHash || parts === undefined) return { train: none, validation: none };
  const { train, validation } = parts;
  return { train: whole(train), validation: data.validation === undefined ? whole(validation) : none };
}
