// Detectors from elsewhere: a loaded model whose outputs have the shapes of a known head, with the names of its classes, the
// preparation of its images and the rules by which boxes are told.
import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import type { LoadedModel } from "../../formats/index.js";
import { RESCALES, scalesPixels } from "../../formats/models/pixels.js";
import type { Preprocessing } from "../../formats/run/recipe.js";
import { type ForeignOptions, plainPreprocessing, readLabels } from "./foreign-model.js";
import { type Detector, nothingLeftOut, USUAL_OVERLAP, USUAL_SCORE, withoutBatch } from "./heads/decode.js";
import { type FoundHead, type HeadName, headOf, type Seen } from "./heads/index.js";
import { type ExportNotes, exportNotes } from "./heads/metadata.js";

/** Choices about a detector from elsewhere. */
export interface DetectorOptions {
  /** Layout of the outputs. Default: what their shapes say. */
  readonly head?: HeadName;
  /** Intersection over union above which two boxes of a class are one object. Default 0.7. */
  readonly overlap?: number;
  /** Score from which boxes count. Default 0.25. */
  readonly score?: number;
}

/** A detector and its model, whose facts have a task and a preprocessing. */
export interface FoundDetector {
  readonly loaded: LoadedModel;
  readonly detector: Detector;
}

/**
 * Finds the head of a detector.
 * @returns undefined for a model that has a task of its own, takes no images, or has other outputs
 * @throws FoveaError for a head that does not fit, shapes that several heads have, and operators behind the layers of no head
 */
export async function withDetector(
  file: string,
  loaded: LoadedModel,
  options: ForeignOptions & DetectorOptions,
): Promise<FoundDetector | undefined> {
  const { model, facts, tail } = loaded;
  const { head: wanted, labels, overlap = USUAL_OVERLAP, score = USUAL_SCORE } = options;
  const plain = plainPreprocessing(model);
  const isOwn = facts?.task !== undefined || facts?.classNames !== undefined;
  const unread = tail && new FoveaError("unsupported-operator", `${file}: ${tail.reason}`);
  if (isOwn || plain === undefined) {
    if (unread !== undefined) throw unread;
    if (wanted === undefined) return undefined;
    const why = plain === undefined ? "takes no images" : "says itself what its outputs are";
    throw new FoveaError("unsuited-model", `--head is for detectors from elsewhere, and ${file} ${why}; leave it out`);
  }
  const warnings = [...loaded.warnings];
  const notes = notesOf(file, loaded, warnings);
  const named = typeof labels === "string" ? await readLabels(labels) : labels;
  const found = headOf(file, seenOf(loaded, plain, notes, named), wanted);
  if (found === undefined) {
    if (unread === undefined) return undefined;
    throw unread;
  }
  const classNames = namesFor(file, found, named, notes, warnings);
  const preprocessing = prepared(file, loaded, plain, found, { ...options, isKnown: notes.isKnown }, warnings);
  const task = { kind: "detection", classNames, score } as const;
  const detector = {
    ...{ ...found, classes: classNames.length, imageSize: plain.imageSize },
    ...{ overlap, score, tail, leftOut: nothingLeftOut() },
  };
  return { loaded: { ...loaded, facts: { version: 1, ...facts, task, preprocessing }, warnings }, detector };
}

/** Facts of the file about itself; damaged ones become a warning. */
function notesOf(file: string, { notes }: LoadedModel, warnings: string[]): ExportNotes {
  try {
    return exportNotes(file, notes);
  } catch (error) {
    if (!(error instanceof FoveaError)) throw error;
    warnings.push(error.message);
    return { names: undefined, isFinished: undefined, isKnown: false };
  }
}

function seenOf(
  { model, tail }: LoadedModel,
  { imageSize }: Preprocessing,
  { names, isFinished }: ExportNotes,
  named: readonly string[] | undefined,
): Seen {
  const outputs =
    tail === undefined
      ? model.outputShapes.map((shape) => ({ shape }))
      : tail.outputs.map(({ shape }) => ({
          shape: withoutBatch(shape.map((extent) => (typeof extent === "number" && extent > 0 ? extent : -1))),
        }));
  const before = tail === undefined ? [] : model.outputShapes.map((shape) => shape.at(-1) ?? 1);
  return { outputs, before, imageSize, named: (named ?? names)?.length, isFinished };
}

/** A name for each class. @throws FoveaError for names of another number, and where nothing tells the number */
function namesFor(
  file: string,
  { classes, head, isOpen }: FoundHead,
  named: readonly string[] | undefined,
  { names }: ExportNotes,
  warnings: string[],
): readonly string[] {
  if (classes === 0)
    throw new FoveaError(
      "missing-labels",
      `${file} does not say how many classes its labels are of; name them with --labels FILE, ` +
        `with a line per class in the order of their numbers${head.hasBackground === true ? " from 1 on" : ""}`,
    );
  const told = named ?? names;
  if (told === undefined) return Array.from({ length: classes }, (_, index) => `${index}`);
  // Class 0 of such a head is the background, which names seldom have.
  if (isOpen && head.hasBackground === true && !/background/i.test(told[0]!)) return ["background", ...told];
  if (told.length === classes) return told;
  if (head.hasBackground === true && told.length === classes - 1) return ["background", ...told];
  const wrong = `has ${told.length} class names for ${classes} classes`;
  if (named !== undefined)
    throw new FoveaError("unsuited-model", `--labels ${wrong} of ${file}; give one name for each class`);
  warnings.push(`${file} ${wrong}; its names are left out and classes go by number, --labels FILE gives names`);
  return Array.from({ length: classes }, (_, index) => `${index}`);
}

/** The preparation of images: that of the head, where neither the user nor the file says another scale. */
function prepared(
  file: string,
  { model }: LoadedModel,
  plain: Preprocessing,
  { name, head }: FoundHead,
  { rescale, isKnown }: ForeignOptions & { readonly isKnown: boolean },
  warnings: string[],
): Preprocessing {
  const scalesItself = scalesPixels(model) && head.normalizes !== true;
  const scale = rescale ?? (scalesItself ? "none" : head.rescale);
  const fit = head.fit === "letterbox" ? "are fitted into grey" : "are stretched";
  if (rescale === undefined && !scalesItself && !isKnown)
    warnings.push(
      `${file} does not say how images are prepared; as is usual for a head of ${name} they ${fit} and pixels are scaled as ` +
        `--rescale ${scale} does it, which that option changes`,
    );
  return {
    ...plain,
    interpolation: "bilinear",
    ...(head.fit === "letterbox" && { crop: "letterbox" as const }),
    ...defined({ rescale: RESCALES[scale] }),
  };
}
