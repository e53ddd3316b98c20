// Problems of an experiment's samples, found before training: those that the layout of the folders shows, classes that a
// part lacks, and images that are the same to the byte.
import { FoveaError } from "../../core/errors.js";
import { copyFindings, type Finding, type HashedPart, layoutFindings } from "../../data/index.js";
import { listedNames } from "../../data/messages.js";
import { joinPath } from "../../platform/paths.js";
import {
  allRows,
  countsOf,
  type Folders,
  folderOfPart,
  type LoadedFolder,
  namesOf,
  PART_NAMES,
  PART_WORDS,
  type PartName,
  type Parts,
} from "./parts.js";

interface Loaded extends Pick<Parts, "parts" | "split"> {
  readonly folders: Folders;
}

/**
 * @param known findings of the sources
 * @returns findings, errors first
 */
export async function dataFindings(data: Loaded, known: readonly Finding[] = []): Promise<Finding[]> {
  const { train, validation, test } = data.folders;
  const folders = [train, ...(validation ? [validation] : []), ...(test ? [test] : [])];
  // Only class folders have a layout: columns of a manifest say what its images are.
  const ofClasses = folders.filter(({ columns, samples }) => columns === undefined && samples.hasFolders);
  const layout = await layoutFindings(
    ofClasses.map(({ name, path, samples }) => ({ name, folder: path, files: samples.files })),
  );
  // Only `lackingClasses` reports a part that lacks a class, for the parts as they are used.
  return [
    ...known,
    ...layout.filter(({ kind }) => kind !== "class"),
    ...PART_NAMES.flatMap((part) => lackingClasses(data, part)),
    ...copyFindings(hashedParts(data)),
  ];
}

/** The samples of all parts with their hashes, where they have some; their files begin with the folder's name where there are several. */
export function hashedParts({ folders, parts }: Loaded): HashedPart[] {
  const several = folders.validation !== undefined || folders.test !== undefined;
  return PART_NAMES.flatMap((part) => {
    const { samples, rows, targets } = parts[part];
    const { files, hashes } = samples;
    if (hashes === undefined) return [];
    const folder = folderOfPart(folders, parts[part]);
    const named = (file: string): string => (several && folder ? joinPath(folder.name, file) : file);
    return [
      {
        name: PART_WORDS[part],
        files: Array.from(rows, (row) => named(files[row]!)),
        hashes: Array.from(rows, (row) => hashes[row]!),
        ...(targets.kind === "classes"
          ? { classes: Array.from(rows, (row) => targets.classNames[targets.indices[row]!]!) }
          : {}),
      },
    ];
  });
}

const MOST_NAMED = 5;

/** Checks whether each part has classes of its own. */
const isOpenSet = (targets: LoadedFolder["targets"]): boolean =>
  targets.kind === "classes" && targets.areIdentities === true;

/**
 * A warning that names the classes or labels of a model without a sample among those that judge it; empty where there is
 * a sample of each.
 * @param folder with `targets` and `samples` of the evaluation
 * @example
 * const look = { imageSize: [12, 12], color: "grayscale", interpolation: "bilinear" };
 * const loaded = await loadData({ train: "pets" }, look, { validation: 0.25, seed: 1 });
 * unjudgedClasses(loaded.folders.train); // [], since there are images of all three classes
 * await closeData(loaded);
 */
export function unjudgedClasses({ targets, samples }: Pick<LoadedFolder, "targets" | "samples">): Finding[] {
  const counts = isOpenSet(targets) ? undefined : countsOf(targets, allRows(samples));
  const classNames = namesOf(targets);
  const lacking = counts === undefined ? [] : classNames.filter((_, k) => counts[k] === 0);
  if (lacking.length === 0) return [];
  const evidence = `of ${lacking.length} of the ${classNames.length} classes there is no ${samples.nouns[0]}: ${listedNames(lacking, MOST_NAMED)}`;
  return [
    { kind: "class", severity: "warning", files: lacking, evidence, remedy: "the figures say nothing about them" },
  ];
}

function lackingClasses({ folders, parts, split }: Loaded, part: PartName): Finding[] {
  const { targets, rows, samples } = parts[part];
  const [sample, allSamples] = samples.nouns;
  const counts = isOpenSet(targets) ? undefined : countsOf(targets, rows);
  const lacking = counts === undefined ? [] : namesOf(targets).filter((_, k) => counts[k] === 0);
  if (lacking.length === 0) return [];
  const [noun, nouns] = targets.kind === "classes" ? ["class", "classes"] : ["label", "labels"];
  const isOne = lacking.length === 1;
  const evidence = `${isOne ? noun : `${lacking.length} ${nouns}:`} ${listedNames(lacking, MOST_NAMED)} ${isOne ? "has" : "have"} no ${PART_WORDS[part]} ${sample}`;
  const ofTraining = part === "train";
  const isHeldOut = part === "train" ? folders.train.samples.files.length > rows.length : folders[part] === undefined;
  const stratify =
    targets.kind === "classes" && isHeldOut && split.stratify !== true ? "stratify the split (--stratify), or " : "";
  return [
    {
      kind: "class",
      severity: ofTraining ? "error" : "warning",
      files: lacking,
      evidence,
      remedy: ofTraining
        ? `a class without examples cannot be learned: ${stratify}add ${allSamples} of it`
        : `the ${PART_WORDS[part]} figures say nothing about ${isOne ? "it" : "them"}: ${stratify}add ${allSamples} of ${isOne ? "it" : "them"}`,
    },
  ];
}

/**
 * Refuses data that no training can be right about. Not for recipes that were made before: those train as they did.
 * @param findings of the data, as `loadData` gives them; warnings are passed over
 * @throws FoveaError for the first finding that is an error
 */
export function refuseErrors(findings: readonly Finding[]): void {
  const worst = findings.find(({ severity }) => severity === "error");
  if (worst !== undefined) throw new FoveaError("unsuited-data", `${worst.evidence}; ${worst.remedy}`);
}
