// Answers in words: of a photo in a list, and numbers as people read them.
import type { Answer } from "fovea/experiment";
import { percent } from "../frame/numbers.ts";
import type { AskedPhoto } from "./use-asked-photos.ts";

/** A number as JSON may have it: infinite and undefined ones are words. */
export const sayNumber = (value: number | string): string =>
  typeof value === "number" ? value.toLocaleString(undefined, { maximumSignificantDigits: 6 }) : value;

/** A share that somebody chose, such as 90 %. */
export const sayShare = (share: number): string =>
  share.toLocaleString(undefined, { style: "percent", maximumFractionDigits: 2 });

/** The answer about a photo in a few words. */
export function sayShort({ answer, error }: Pick<AskedPhoto, "answer" | "error">): string {
  if (error !== undefined) return "no answer";
  if (answer === undefined) return "...";
  return "error" in answer ? "no answer" : sayAnswer(answer);
}

function sayAnswer(answer: Answer): string {
  if ("top" in answer) {
    const [first] = answer.top;
    return first === undefined ? "" : `${first.class} ${percent(first.probability)}`;
  }
  if ("labels" in answer) {
    const names = answer.labels.filter((label) => label.given).map(({ label }) => label);
    return names.length === 0 ? "no label" : names.join(", ");
  }
  if ("mask" in answer)
    return answer.mask.areas.map((area) => `${area.class} ${percent(area.percent / 100)}`).join(", ");
  if ("value" in answer) return sayNumber(answer.value);
  if ("values" in answer) return answer.values.map(sayNumber).join(", ");
  return "several outputs";
}
