// From evidence to a conclusion: four rules, the first that applies decides. A conclusion sums up what was examined. It is
// no verdict: nothing here says that an image is forged or genuine.
import type { FindingOfMethod } from "./record/evidence.js";

/** The four conclusions of a dossier, the strongest first. */
export const CONCLUSIONS = ["contradiction found", "origin verified", "not enough evidence", "cannot be told"] as const;
/** One of `CONCLUSIONS`. */
export type Conclusion = (typeof CONCLUSIONS)[number];

interface Rule {
  readonly applies: (has: (finding: FindingOfMethod) => boolean) => boolean;
  /** Meaning of the conclusion for a reader who sees no other line of the dossier. */
  readonly meaning: string;
}

/** Findings of methods that examined the image, whatever they found. */
const EXAMINED: readonly FindingOfMethod[] = ["verifies", "contradicts", "supports", "notable", "none"];

/** The rules in the order in which they are tried; the last applies always. */
const RULES: Readonly<Record<Conclusion, Rule>> = {
  "contradiction found": {
    applies: (has) => has("contradicts"),
    meaning:
      "At least two facts of this file do not fit together. That need not be fraud; ask for the original file, and for an explanation.",
  },
  "origin verified": {
    applies: (has) => has("verifies"),
    meaning:
      "A signer whom you trust has signed this file, and it is unchanged since. No signature vouches for the scene before the camera.",
  },
  "not enough evidence": {
    applies: (has) => EXAMINED.some(has),
    meaning:
      "Nothing contradicts this file, and nothing proves where it comes from. Most honest photographs end here, and so do careful forgeries.",
  },
  "cannot be told": {
    applies: () => true,
    meaning:
      "No method could examine this file, so that nothing speaks for it or against it. Ask for the original file.",
  },
};

/**
 * The conclusion from the findings of all methods. `"shown"` and `"unable"` count for nothing, `"notable"` and
 * `"supports"` never make a contradiction or a proof, in any number.
 * @param findings The finding of each method.
 * @example concludeFrom(["none", "notable", "unable"]) // "not enough evidence"
 */
export function concludeFrom(findings: readonly FindingOfMethod[]): Conclusion {
  const has = (finding: FindingOfMethod): boolean => findings.includes(finding);
  return CONCLUSIONS.find((conclusion) => RULES[conclusion].applies(has))!;
}

/**
 * The meaning of a conclusion, in two sentences.
 * @param conclusion One of `CONCLUSIONS`.
 * @example meaningOf("not enough evidence");
 */
export const meaningOf = (conclusion: Conclusion): string => RULES[conclusion].meaning;
