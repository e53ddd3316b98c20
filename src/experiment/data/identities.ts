// Identities: classes of which each part of the data has its own. Those that validate and test are unknown to the training, as
// people are who come to a verifier later.
import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import { type Finding, type PartName, splitIntoParts, type Targets } from "../../data/index.js";
import { listedNames } from "../../data/messages.js";
import type { TaskFacts } from "../../formats/run/task.js";
import type { LabelJournal } from "../journal/entries.js";
import { taskOf } from "../tasks/index.js";
import { type correctData, correctFolders } from "./corrections.js";
import type { LoadedFolder } from "./loaded-folder.js";
import {
  allRows,
  type Folders,
  namedParts,
  PART_NAMES,
  PART_WORDS,
  type Part,
  type Parts,
  type SplitWish,
} from "./parts.js";
import type { ImageSamples } from "./sample-set.js";

type Identities = Extract<Targets, { readonly kind: "classes" }>;
type Folder = LoadedFolder<ImageSamples>;

/** The classes of a folder. @throws FoveaError for other targets */
function classesOf({ path, targets }: Folder): Identities {
  if (targets.kind === "classes") return targets;
  throw new FoveaError(
    "unsuited-data",
    `${path}: verification compares identities, and these targets are ${targets.kind}; name a column of them`,
  );
}

const identityOf = ({ classNames, indices }: Identities, row: number): string => classNames[indices[row]!]!;

/**
 * Says which images train, validate and test: whole identities each.
 * @throws FoveaError for a wish that would tear identities apart, for identities in two parts, and for too few of them
 */
export function partsByIdentity(
  folders: Folders<ImageSamples>,
  wish: SplitWish,
): Parts<ImageSamples> & {
  readonly folders: Folders<ImageSamples>;
} {
  const { train, validation, test } = folders;
  const unsuited =
    wish.by !== undefined && wish.by !== "group" ? "--split-by" : wish.stratify === true ? "--stratify" : undefined;
  if (unsuited !== undefined)
    throw new FoveaError(
      "unsuited-option",
      `${train.path}: verification holds whole identities out; leave out ${unsuited}`,
    );
  const targets = classesOf(train);
  const group = Array.from(targets.indices, (_, row) => identityOf(targets, row));
  const count = group.length;
  const facts = { where: train.path, count, group, ...defined({ hashes: train.samples.hashes, split: train.split }) };
  refuseTooFewToSplit(folders, group);
  const settings = { share: wish.validation, seed: wish.seed, ...defined({ keepsCopies: wish.keepCopies }) };
  const { rows, notes, named } =
    validation === undefined && test === undefined
      ? cut(facts, settings)
      : besideFolders(facts, settings, { validation: validation !== undefined, test: test !== undefined });
  const whole = { ...train, targets: inOrder(targets, rows.train) };
  const part = (name: "validation" | "test", folder: Folder | undefined): Part<ImageSamples> =>
    folder === undefined ? partIn(whole, rows[name]) : partIn(asIdentities(folder), allRows(folder.samples));
  const parts = {
    train: partIn(whole, rows.train),
    validation: part("validation", validation),
    test: part("test", test),
  };
  refuseShared(train.path, parts);
  for (const name of PART_NAMES) refuseTooFew(train.path, name, parts[name]);
  return {
    folders: {
      train: whole,
      ...defined({ validation: validation && asIdentities(validation), test: test && asIdentities(test) }),
    },
    parts,
    split: { validation: wish.validation, seed: wish.seed, ...defined({ keepCopies: wish.keepCopies }), ...named },
    notes: [
      ...(train.group === undefined
        ? []
        : ["the column of groups does not decide about the split: identities stay whole"]),
      ...notes.map((note) => `${note}, share ${wish.validation}, random state ${wish.seed}`),
    ],
  };
}

type Facts = Parameters<typeof splitIntoParts>[0] & { readonly group: readonly string[] };
type Settings = Parameters<typeof splitIntoParts>[1];
interface CutRows {
  readonly rows: Readonly<Record<PartName, Int32Array>>;
  readonly notes: readonly string[];
  readonly named?: ReturnType<typeof namedParts>;
}

function noteOn({ group }: Facts, rows: Int32Array, part: PartName): string {
  const identities = new Set(Array.from(rows, (row) => group[row]!)).size;
  return (
    `${rows.length} of ${group.length} images, ${identities === 1 ? "one identity" : `${identities} identities`}, are held out for ` +
    `${part === "test" ? "testing" : PART_WORDS[part]}: identities whole`
  );
}

function cut(facts: Facts, settings: Settings): CutRows {
  const { rows, heldOut } = splitIntoParts(facts, { ...settings, by: "group" });
  return { rows, notes: heldOut.map((part) => noteOn(facts, rows[part], part)), named: namedParts(heldOut) };
}

/** The same beside folders of other parts: what has no folder is held out of the training. */
function besideFolders(
  facts: Facts,
  settings: Settings,
  has: { readonly validation: boolean; readonly test: boolean },
): CutRows {
  const none = new Int32Array(0);
  if (facts.split !== undefined)
    throw new FoveaError(
      "conflicting-options",
      `${facts.where}: a column split and a folder for a part contradict each other; leave one out`,
    );
  const all = Int32Array.from(facts.group, (_, row) => row);
  if (has.validation && has.test) return { rows: { train: all, validation: none, test: none }, notes: [] };
  const { rows } = splitIntoParts(facts, { ...settings, by: "group" });
  const part = has.validation ? "test" : "validation";
  // The first share that is cut off is the part that lacks a folder; the second goes back to the training.
  const held = rows.test;
  const train = Int32Array.from([...rows.train, ...rows.validation]).sort();
  return { rows: { ...{ validation: none, test: none }, train, [part]: held }, notes: [noteOn(facts, held, part)] };
}

/** Folders after their label journal, each with the identities of its own. */
export async function correctedApart(
  opened: Folders<ImageSamples>,
  journal: LabelJournal | undefined,
  columns: readonly string[] = [],
): Promise<Awaited<ReturnType<typeof correctData>>> {
  if (journal === undefined) return { folders: opened, notes: [], findings: [] };
  const corrected = { folders: { ...opened }, notes: [] as string[], findings: [] as Finding[] };
  for (const part of PART_NAMES) {
    const folder = opened[part];
    if (folder === undefined) continue;
    const { folders, notes, findings } = await correctFolders([folder], journal, { columns, isWhole: false });
    Object.assign(corrected.folders, { [part]: folders[0] });
    corrected.notes.push(...notes);
    corrected.findings.push(...findings);
  }
  return corrected;
}

/** Identities with those that train first, in code-point order each. */
function inOrder({ classNames, indices }: Identities, trained: Int32Array): Identities {
  const trains = new Set(trained.map((row) => indices[row]!));
  const places = [...classNames.keys()];
  const order = [...places.filter((at) => trains.has(at)), ...places.filter((at) => !trains.has(at))];
  const placeOf = new Map(order.map((old, at) => [old, at]));
  return {
    kind: "classes",
    classNames: order.map((at) => classNames[at]!),
    indices: indices.map((old) => placeOf.get(old)!),
    areIdentities: true,
  };
}

/** Targets as a model's task takes them: classes as identities where it compares these. */
export const identitiesFor = (task: Pick<TaskFacts, "kind"> | undefined, targets: Targets): Targets =>
  task !== undefined && taskOf(task).hasOwnClasses && targets.kind === "classes"
    ? { ...targets, areIdentities: true }
    : targets;

const asIdentities = (folder: Folder): Folder => ({
  ...folder,
  targets: { ...classesOf(folder), areIdentities: true },
});

const partIn = ({ samples, targets, weight }: Folder, rows: Int32Array): Part<ImageSamples> => ({
  samples,
  targets,
  rows,
  ...defined({ weight }),
});

/** Identities that each part needs, so that there are pairs of two. */
const LEAST_IDENTITIES = 2;

/** @throws FoveaError for fewer identities than the parts need that are cut from one source */
function refuseTooFewToSplit(folders: Folders<ImageSamples>, group: readonly string[]): void {
  const { path, split = [] } = folders.train;
  const parts = PART_NAMES.filter((name) => name === "train" || folders[name] === undefined);
  const needed = LEAST_IDENTITIES * parts.length;
  const identities = new Set(group).size;
  // A column that names each image's part leaves nothing to cut.
  if (identities >= needed || split.some((part) => part !== undefined && part !== "train")) return;
  const words = parts.map((name) => PART_WORDS[name]);
  const last = words.pop()!;
  throw new FoveaError(
    "too-little-data",
    `${path}: there ${identities === 1 ? "is one identity" : `are ${identities} identities`}, and verification needs at least ` +
      `${needed}, ${LEAST_IDENTITIES} in ${words.length === 0 ? last : `each of ${words.join(", ")} and ${last}`}, since no identity is in ` +
      "two parts; add images of other identities",
  );
}

/** @throws FoveaError for a part without pairs of one identity, or without pairs of two */
function refuseTooFew(path: string, name: PartName, { targets, rows }: Part<ImageSamples>): void {
  const counts = new Map<number, number>();
  for (const row of rows) {
    const identity = (targets as Identities).indices[row]!;
    counts.set(identity, (counts.get(identity) ?? 0) + 1);
  }
  const hasPairs = [...counts.values()].some((count) => count >= 2);
  if (counts.size >= LEAST_IDENTITIES && hasPairs) return;
  throw new FoveaError(
    "too-little-data",
    `${path}: the ${PART_WORDS[name]} images are of ${counts.size === 1 ? "one identity" : `${counts.size} identities`}` +
      `${hasPairs ? "" : ", with one image each"}; expected at least two, ` +
      "one of them with two images: add identities, or change the share that is held out (--validation-split)",
  );
}

/** @throws FoveaError for an identity in two parts */
function refuseShared(path: string, parts: Parts<ImageSamples>["parts"]): void {
  const namesIn = ({ targets, rows }: Part<ImageSamples>): Set<string> =>
    new Set(Array.from(rows, (row) => identityOf(targets as Identities, row)));
  const seen = new Map<string, PartName>();
  for (const name of PART_NAMES) {
    const names = namesIn(parts[name]);
    const shared = [...names].filter((identity) => seen.has(identity));
    if (shared.length > 0)
      throw new FoveaError(
        "impossible-split",
        `${path}: ${shared.length === 1 ? "the identity" : `${shared.length} identities:`} ${listedNames(shared)} ${shared.length === 1 ? "is" : "are"} in ` +
          `${PART_WORDS[seen.get(shared[0]!)!]} and in ${PART_WORDS[name]}, so the figures would be of known identities; move the images into one part`,
      );
    for (const identity of names) seen.set(identity, name);
  }
}
