// images.json of a run: which image trained, validated or tested, by its SHA-256. With it an evaluation can say how many
// of its images the model has seen. The file stays with the run: a model that is given away tells nobody what it saw.
import * as z from "zod";
import { type Finding, filesByHash, sharedImages } from "../../data/index.js";
import { checkJson, parseJson, printJson } from "../../formats/json.js";
import { type Recipe, SHA256 } from "../../formats/run/recipe.js";
import { hashedParts } from "../data/findings.js";
import { type Folders, folderOfPart, PART_NAMES, type PartName, type Parts } from "../data/parts.js";
import type { SampleSet } from "../data/sample-set.js";

/** Images of a part with their SHA-256, in the order of its rows: those of the test part are the rows of the evaluation. */
const IMAGES = z
  .object({
    files: z.array(z.string()),
    hashes: z.array(SHA256),
    /** Group of each image, whose images are no independent evidence; absent where images stand for themselves. */
    groups: z.array(z.string()).optional(),
  })
  .refine(
    ({ files, hashes, groups }) => files.length === hashes.length && (groups ?? files).length === files.length,
    "expected as many hashes as files, and a group for each where there are groups",
  )
  .transform((images) => ({ ...images, isInOrder: true }));

/** A name that JavaScript sorts before all others in a record, so that its place in the part is lost. */
const MOVED_KEY = /^(0|[1-9]\d*)$/;

/** The same as a record, which the first version had. Its order is the part's where no key has moved. */
const RECORD = z.record(z.string(), SHA256).transform((record) => {
  const files = Object.keys(record);
  const isInOrder = !files.some((file) => MOVED_KEY.test(file));
  return { files, hashes: Object.values(record), groups: undefined, isInOrder };
});

/** Of the model that these images trained. */
const weights_sha256 = SHA256;

const RUN_IMAGES = z.discriminatedUnion("version", [
  z.object({
    version: z.literal(1),
    weights_sha256,
    parts: z.object({ train: RECORD, validation: RECORD, test: RECORD }),
  }),
  z.object({
    version: z.literal(2),
    weights_sha256,
    parts: z.object({ train: IMAGES, validation: IMAGES, test: IMAGES }),
  }),
]);

type RunImages = z.output<typeof RUN_IMAGES>;

/** The text of images.json. */
export function writeRunImages(
  data: Pick<Parts, "parts" | "split"> & { readonly folders: Folders },
  weightsSha256: string,
): string {
  const parts = Object.fromEntries(
    hashedParts(data).map(({ files, hashes }, i) => {
      const part = data.parts[PART_NAMES[i]!];
      const group = folderOfPart(data.folders, part)?.group;
      return [PART_NAMES[i]!, { files, hashes, ...(group && { groups: Array.from(part.rows, (row) => group[row]!) }) }];
    }),
  );
  return printJson({ version: 2, weights_sha256: weightsSha256, parts });
}

/**
 * Parts of the run in images.json: files and SHA-256 of the images that trained, validated and tested.
 * @param text text of images.json
 * @param weightsSha256 hash of the model's weights, which the file must name
 * @returns undefined for a file of that name that is another's, or of another model
 */
export function readRunImages(text: string, weightsSha256: string | undefined): RunImages["parts"] | undefined {
  try {
    const images = checkJson("images.json", RUN_IMAGES, parseJson("images.json", text));
    return images.weights_sha256 === weightsSha256 ? images.parts : undefined;
  } catch {
    return undefined;
  }
}

/** Samples that a model may have seen. */
type Seeable = Pick<SampleSet, "nouns" | "files" | "hashes" | "contentHash">;

/**
 * Findings about a model that is evaluated on images that trained it, or whose figures chose its epoch.
 * @param images samples that the model is evaluated on, with their hashes
 * @param known the images of its run; without them only whole folders are recognized, by the recipe's hashes
 * @param recipe recipe of the model; without it and `known` nothing is found
 * @example
 * const opened = await openModel("runs/pets");
 * const text = await (await RunFolder.open("runs/pets")).text("images");
 * const known = readRunImages(text, opened.facts?.weightsSha256);
 * const { part } = await partFor(opened, "pets");
 * seenFindings(part.samples, known, opened.facts?.recipe)[0].kind; // "leak": these images trained the model
 */
export function seenFindings(
  images: Seeable,
  known: RunImages["parts"] | undefined,
  recipe: Pick<Recipe, "data" | "parts"> | undefined,
): Finding[] {
  const { train, validation } = seen(images, known, recipe);
  const total = images.files.length;
  const [, nouns] = images.nouns;
  const finding = (count: number, files: readonly string[], said: string): Finding[] =>
    count === 0
      ? []
      : [
          {
            kind: "leak",
            severity: "warning",
            files,
            evidence: `${count} of the ${total} ${nouns} ${said}`,
            remedy: `their figures are better than on new ${nouns}; evaluate on ${nouns} that the model has not seen`,
          },
        ];
  return [
    ...finding(train.count, train.files, `trained the model, or are copies of ${nouns} that did, byte for byte`),
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
  images: Seeable,
  known: RunImages["parts"] | undefined,
  recipe: Pick<Recipe, "data" | "parts"> | undefined,
): Readonly<Record<Exclude<PartName, "test">, Seen>> {
  const none: Seen = { count: 0, files: [] };
  const { files, hashes } = images;
  if (known !== undefined && hashes !== undefined) {
    const of = (part: "train" | "validation"): Seen => sharedImages({ files, hashes }, filesByHash(known[part]));
    return { train: of("train"), validation: of("validation") };
  }
  const { data, parts } = recipe ?? {};
  const whole = (count: number): Seen => ({ count, files: [] });
  if (data?.validation?.sha256 === images.contentHash) return { train: none, validation: whole(images.files.length) };
  if (data?.train.sha256 !== images.contentHash || parts === undefined) return { train: none, validation: none };
  const { train, validation } = parts;
  return { train: whole(train), validation: data.validation === undefined ? whole(validation) : none };
}
