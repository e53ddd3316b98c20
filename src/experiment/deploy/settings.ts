// Settings of a deployed page, besides its model: the model's name, the rules of its answers and the command that gives the
// same ones. The page reads it as JSON.
import { VERSION } from "../../core/version.js";
import { withSpokenNumbers } from "../../formats/json.js";
import { shellWord } from "../../platform/invocation.js";
import { type DecisionRules, RULES } from "../trust/decisions/rules.js";

/** The forms that a model is deployed in. */
export const DEPLOY_FORMS = ["page", "folder", "node"] as const;
/** A form: a page in one file, a folder for a web server, or a program of Node. */
export type DeployForm = (typeof DEPLOY_FORMS)[number];

/** Settings of a deployed page. */
export interface PageSettings {
  /** Version of the settings' format. */
  readonly version: 1;
  /** Name of the model, for headings. */
  readonly name: string;
  /** A file that opens from a disk, or a folder on a web server. */
  readonly form: "page" | "folder";
  /** Rules about which answers are accepted. */
  readonly rules: DecisionRules;
  /** Most classes in an answer. */
  readonly top: number;
  /** False for probabilities as the model gives them. */
  readonly calibration: boolean;
  /** SHA-256 of the model's weights. */
  readonly weights: string;
  /** Number of the model's weights. */
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

type Words = readonly (string | number)[];
type AllRules = Required<DecisionRules>;

/** Words of `fovea predict` for each rule that was set. */
const WORDS_OF: { readonly [K in keyof AllRules]: (value: AllRules[K]) => Words } = {
  coverage: (share) => ["--coverage", share],
  sets: (method) => ["--sets", method],
  perClass: (isSet) => (isSet ? ["--per-class"] : []),
  ranges: (method) => ["--ranges", method],
  referAbove: (share) => ["--refer-above", share],
  sureness: (share) => ["--confidence", share],
  // A page has the costs, and not the file that they came from.
  costs: () => ["--costs", "costs.csv"],
  novelty: (isSet) => (isSet ? [] : ["--no-novelty"]),
};

function wordsOf<K extends keyof AllRules>(rules: Partial<AllRules>, name: K): Words {
  const value: AllRules[K] | undefined = rules[name];
  return value === undefined ? [] : WORDS_OF[name](value);
}

/** Options of `fovea predict` that give the answers of a page. */
export function optionsOf({ rules, top, calibration }: Pick<PageSettings, "rules" | "top" | "calibration">): string {
  const words = [
    ...RULES.flatMap((name) => wordsOf(rules, name)),
    ...(calibration ? [] : ["--no-calibration"]),
    ...(top === 5 ? [] : ["--top", top]),
  ];
  return words.map((word) => shellWord(String(word))).join(" ");
}
