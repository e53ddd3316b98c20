// costs.csv: what each mistake costs, a row for each class that may be true, a column for each decision, and one for a look.
import { FoveaError } from "../../../core/errors.js";
import { parseCsv } from "../../../data/index.js";
import type { Costs } from "../referral/costs.js";

/** Name of the column of looks. */
const LOOK = "look";

/**
 * Reads costs. The first line is `truth`, then the classes in any order, then `look` where a person can look; the others begin
 * with the name of a class.
 * @param text of the file
 * @param classNames classes of the model
 * @param name of the file in errors
 * @throws FoveaError for classes that are missing, unknown or there twice, and fields that are no numbers from 0 on
 * @example readCosts("truth,dent,none,look\ndent,0,20,1\nnone,1,0,1\n", ["dent", "none"])
 */
export function readCosts(text: string, classNames: readonly string[], name = "costs.csv"): Costs {
  const delimiter = /^[^\n,]*;/.test(text) ? ";" : ",";
  const [head = [], ...lines] = parseCsv(text, { name, delimiter });
  // A class of that name is a class where a second column of it follows.
  const columns = head.slice(1);
  const hasLook = columns.at(-1) === LOOK && (!classNames.includes(LOOK) || columns.length > classNames.length);
  const decisions = hasLook ? columns.slice(0, -1) : columns;
  checkNames(name, "column", decisions, classNames);
  checkNames(
    name,
    "row",
    lines.map(([truth = ""]) => truth),
    classNames,
  );
  const placeOf = new Map(classNames.map((className, at) => [className, at]));
  const matrix = classNames.map(() => new Array<number>(classNames.length).fill(0));
  const look = new Array<number>(classNames.length).fill(Number.POSITIVE_INFINITY);
  for (const [truth = "", ...fields] of lines) {
    const row = placeOf.get(truth)!;
    for (const [at, field] of fields.entries()) {
      const cost = Number(field);
      if (field.trim() === "" || !(cost >= 0) || !Number.isFinite(cost))
        throw new FoveaError(
          "wrong-value",
          `${name}: row ${JSON.stringify(truth)}, column ${JSON.stringify(columns[at])}: expected a number from 0 on, received ${JSON.stringify(field)}`,
        );
      if (hasLook && at === columns.length - 1) look[row] = cost;
      else matrix[row]![placeOf.get(decisions[at]!)!] = cost;
    }
  }
  return { matrix, look: hasLook ? look : Number.POSITIVE_INFINITY };
}

function checkNames(name: string, what: string, found: readonly string[], classNames: readonly string[]): void {
  const known = new Set(classNames);
  const stranger = found.find((stated) => !known.has(stated));
  if (stranger !== undefined)
    throw new FoveaError(
      "unknown-class",
      `${name}: the ${what} ${JSON.stringify(stranger)} is no class of the model; take it out`,
    );
  const seen = new Set(found);
  const missing = classNames.find((className) => !seen.has(className));
  if (missing !== undefined || found.length !== classNames.length)
    throw new FoveaError(
      "missing-values",
      `${name}: expected one ${what} for each class, ${missing === undefined ? "some are there twice" : `${JSON.stringify(missing)} has none`}`,
    );
}
