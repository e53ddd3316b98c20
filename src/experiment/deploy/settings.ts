// Settings of a deployed page, besides its model: the model's name, the rules of its answers and the command that gives the
// same ones. The page reads it as JSON.
import { VERSION } from "../../core/version.js";
import { withSpokenNumbers } from "../../formats/json.js";
import { shellWord } from "../../platform/invocation.js";
import type { DecisionRules } from "../trust/decisions/rules.js";

/** The forms that a model is deployed in. */
export const DEPLOY_FORMS = ["page", "folder", "node"] as const;
export type DeployForm = (typeof DEPLOY_FORMS)[number];

/** Settings of a deployed page. */
export interface PageSettings {
  readonly version: 1;
  /** Name of the model, for headings. */
  readonly name: string;
  /** A file that opens from a disk, or a folder on a web server. */
  readonly form: "page" | "folder";
  readonly rules: DecisionRules;
  /** Most classes in an answer. */
  readonly top: number;
  /** False for probabilities as the model gives them. */
  readonly calibration: boolean;
  /** SHA-256 of the model's weights. */
  readonly weights: string;
  readonly parameters: number;
  /** Fovea and its version. */
  readonly createdBy: string;
  /** Options of `fovea predict` that give the same answers. */
  readonly options: string;
}

/** Maker of a page, as it says itself. */
export const CREATED_BY = `Fovea ${VERSION}`;

/** Settings as the text of a JSON file. */
export const printSettings = (settings: PageSettings): string => JSON.stringify(withSpokenNumbers(settings));

/** Options of `fovea predict` for rules; costs come from a file of the user's. */
export function optionsOf({ rules, top, calibration }: Pick<PageSettings, "rules" | "top" | "calibration">): string {
  const { coverage, sets, perClass, referAbove, sureness, costs, novelty } = rules;
  const words = [
    ...(coverage === undefined ? [] : ["--coverage", coverage]),
    ...(sets === undefined ? [] : ["--sets", sets]),
    ...(perClass === true ? ["--per-class"] : []),
    ...(referAbove === undefined ? [] : ["--refer-above", referAbove]),
    ...(sureness === undefined ? [] : ["--confidence", sureness]),
    ...(costs === undefined ? [] : ["--costs", "costs.csv"]),
    ...(novelty === false ? ["--no-novelty"] : []),
    ...(calibration ? [] : ["--no-calibration"]),
    ...(top === 5 ? [] : ["--top", top]),
  ];
  return words.map((word) => shellWord(String(word))).join(" ");
}
