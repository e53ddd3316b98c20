// The state of the Data view, as its address says it: the filter, the order, the image that is looked at.
import { type ImageOrder, ORDERS, SCORES } from "../../../contract/data-facts.js";
import type { ImageFilter } from "../../../contract/facts.js";
import { keepState } from "../../frame/address.ts";

type State = Readonly<Record<string, string>>;

export const SHOWS = ["images", "findings", "journal"] as const;
export type Show = (typeof SHOWS)[number];

export const showIn = ({ show }: State): Show => SHOWS.find((name) => name === show) ?? "images";

export function filterIn({ label, unlabelled, part, search, changed, finding, pixels }: State): ImageFilter {
  return {
    ...(label ? { label } : {}),
    ...(unlabelled ? { unlabelled: true } : {}),
    ...(part ? { part } : {}),
    ...(search ? { search } : {}),
    ...(changed ? { changed: true } : {}),
    ...(finding ? { finding } : {}),
    ...(pixels ? { pixels } : {}),
  };
}

export function orderIn({ sort, down, like, run }: State): ImageOrder {
  const by = ORDERS.find((name) => name === sort) ?? "source";
  const direction = down ? { isDescending: true } : {};
  if (by === "likeness") {
    const other = Number(like);
    return like !== undefined && Number.isInteger(other) ? { by, isDescending: true, like: other } : { by: "source" };
  }
  if (!SCORES.some((score) => score === by)) return { by, ...direction };
  return run === undefined ? { by: "source" } : { by, run, ...direction };
}

/** Changes the filter; `undefined` takes a condition away. */
export const filterBy = (changes: { readonly [K in keyof ImageFilter]: string | undefined }): void =>
  keepState(changes);

export const hasFilter = (filter: ImageFilter): boolean => Object.keys(filter).length > 0;

export const noFilter = (): void =>
  keepState({
    label: undefined,
    unlabelled: undefined,
    part: undefined,
    search: undefined,
    changed: undefined,
    finding: undefined,
    pixels: undefined,
  });

/** Words for orders. */
export const ORDER_WORDS: Readonly<Record<(typeof ORDERS)[number], string>> = {
  source: "source order",
  name: "by name",
  size: "by file size",
  brightness: "by brightness",
  likeness: "by likeness to the selected",
  confidence: "by confidence of a run",
  loss: "by loss of a run",
};

/** A sentence about a project without the folders that lead to it. */
export const shortened = (
  sentence: string,
  { path, name }: { readonly path?: string; readonly name: string },
): string => (path === undefined ? sentence : sentence.replaceAll(path, name));
