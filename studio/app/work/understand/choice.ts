// The images that the reader has chosen by a figure: a cell of the matrix, a class, a slice, one side of the threshold. The
// address says which, so that the choice can be sent and gone back to.
import type { JudgedImage } from "../../../contract/facts.js";
import type { Breakdown } from "../../../contract/understand-facts.js";
import { keepState } from "../../frame/address.ts";
import { cellOf } from "./confusion-matrix.ts";

type State = Readonly<Record<string, string>>;

/** Parts of the address that say which images are shown; one choice takes the place of another. */
const KEYS = ["actual", "predicted", "class", "slice", "side"] as const;
type Choice = Partial<Record<(typeof KEYS)[number], string>>;

/** Shows other images; without any the mistakes. */
export const choose = (choice: Choice = {}): void =>
  keepState({ ...Object.fromEntries(KEYS.map((key) => [key, undefined])), ...choice });

/** Sides of the threshold. */
const SIDES = ["referred", "wrong", "decided"] as const;
export type Side = (typeof SIDES)[number];

export const sideOf = ({ side }: State): Side | undefined => SIDES.find((name) => name === side);

/** The threshold of an address, a whole number of hundredths. */
export function thresholdOf({ threshold }: State): number {
  const wanted = Math.round(Number(threshold ?? 0.5) * 100);
  return Math.min(100, Math.max(0, Number.isFinite(wanted) ? wanted : 50)) / 100;
}

export interface Chosen {
  readonly title: string;
  readonly images: readonly JudgedImage[];
}

const isWrong = ({ label, predicted }: JudgedImage): boolean => label !== predicted;

const surestFirst = (a: JudgedImage, b: JudgedImage): number => b.confidence - a.confidence;
/** Mistakes first, the surest of them first. */
const mistakesFirst = (a: JudgedImage, b: JudgedImage): number =>
  Number(isWrong(b)) - Number(isWrong(a)) || surestFirst(a, b);

/** The images that an address shows. */
export function chosenImages(state: State, { judged, slices }: Breakdown, classNames: readonly string[]): Chosen {
  const cell = cellOf(state, classNames.length);
  if (cell !== undefined)
    return {
      title: `${classNames[cell.actual]} taken for ${classNames[cell.predicted]}`,
      images: judged
        .filter(({ label, predicted }) => label === cell.actual && predicted === cell.predicted)
        .sort(surestFirst),
    };
  const k = state.class === undefined ? -1 : Number(state.class);
  if (classNames[k] !== undefined)
    return {
      title: `${classNames[k]}, and classes taken for it`,
      images: judged.filter(({ label, predicted }) => label === k || predicted === k).sort(mistakesFirst),
    };
  const slice = slices.find(({ id }) => id === state.slice);
  if (slice !== undefined)
    return {
      title: `${slice.attribute}: ${slice.value}`,
      images: slice.images.map((at) => judged[at]!).sort(mistakesFirst),
    };
  const side = sideOf(state);
  const threshold = thresholdOf(state);
  if (side !== undefined) return SIDE_IMAGES[side](judged, threshold);
  return { title: "Mistakes, the surest first", images: judged.filter(isWrong).sort(surestFirst) };
}

const SIDE_IMAGES: { readonly [S in Side]: (judged: readonly JudgedImage[], threshold: number) => Chosen } = {
  referred: (judged, threshold) => ({
    title: "Go to a person, the least sure first",
    images: judged.filter(({ confidence }) => confidence < threshold).sort((a, b) => -surestFirst(a, b)),
  }),
  wrong: (judged, threshold) => ({
    title: "Wrong, and sure enough to be decided",
    images: judged.filter((image) => isWrong(image) && image.confidence >= threshold).sort(surestFirst),
  }),
  decided: (judged, threshold) => ({
    title: "Decided by the model, the least sure first",
    images: judged.filter(({ confidence }) => confidence >= threshold).sort((a, b) => -surestFirst(a, b)),
  }),
};
