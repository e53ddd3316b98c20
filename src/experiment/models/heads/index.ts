// Heads of detectors from elsewhere, in one total table, and which of them a model has.
import { FoveaError, oneOf } from "../../../core/errors.js";
import { showShape } from "../../../core/shape.js";
import { torchvision, yoloEnd } from "./finished.js";
import type { Head, Seen } from "./head.js";
import { detr, rtDetr } from "./queries.js";
import { yoloV5, yoloV8 } from "./yolo.js";

export type { Candidate, Head, HeadOutput, HeadValues, Seen } from "./head.js";

/** The heads by their names. */
export const HEADS = {
  "yolo-v5": yoloV5,
  "yolo-v8": yoloV8,
  "yolo-end": yoloEnd,
  torchvision,
  detr,
  "rt-detr": rtDetr,
} as const satisfies Record<string, Head>;
/** Name of a head. */
export type HeadName = keyof typeof HEADS;
/** The names of all heads, as `--head` takes them. */
export const HEAD_NAMES = Object.keys(HEADS) as readonly HeadName[];

/** A head and its number of classes. */
export interface FoundHead {
  readonly name: HeadName;
  readonly head: Head;
  /** 0 where neither shapes nor names tell it. */
  readonly classes: number;
  /** True where the shapes leave the number open, so that it is that of the names. */
  readonly isOpen: boolean;
}

const shapesOf = ({ outputs }: Seen): string => outputs.map(({ shape }) => showShape(shape)).join(" and ");

/** The head of that name where it fits. */
function fitting(name: HeadName, seen: Seen): FoundHead | undefined {
  const head: Head = HEADS[name];
  const classes = head.classes(seen);
  if (classes === undefined) return undefined;
  return { name, head, classes: classes === 0 ? (seen.named ?? 0) : classes, isOpen: classes === 0 };
}

/**
 * The head of a model, told by the shapes of its outputs.
 * @param wanted the name of a head, which then has to fit
 * @returns undefined for a model that is no detector as far as its shapes say
 * @throws FoveaError where a wanted head does not fit, or several do
 */
export function headOf(file: string, seen: Seen, wanted?: HeadName): FoundHead | undefined {
  if (wanted !== undefined) {
    const found = fitting(oneOf("head", wanted, HEAD_NAMES), seen);
    if (found !== undefined) return found;
    const others = HEAD_NAMES.filter((name) => fitting(name, seen) !== undefined);
    throw new FoveaError(
      "unsuited-model",
      `--head ${wanted} is for ${HEADS[wanted].title}, and ${file} puts out ${shapesOf(seen)} for images of ` +
        `${seen.imageSize.join("x")}; ${others.length === 0 ? "leave it out" : `take --head ${others.join(" or ")}`}`,
    );
  }
  const fit = HEAD_NAMES.flatMap((name) => fitting(name, seen) ?? []);
  const likely = fit.filter(({ head }) => head.needsNames !== true);
  const exact = fit.filter(
    ({ head, classes }) =>
      classes === 0 || classes === seen.named || (head.hasBackground === true && classes - 1 === seen.named),
  );
  const found = seen.named === undefined || exact.length === 0 ? likely : exact;
  if (found.length <= 1) return found[0];
  throw new FoveaError(
    "unsuited-model",
    `${file} puts out ${shapesOf(seen)}, which several heads of detectors have: ` +
      `${found.map(({ name, head }) => `${name} (${head.title})`).join(", ")}; say which with --head NAME`,
  );
}
