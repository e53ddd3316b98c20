// A real study's trials, out of the journal that `fovea tune` or Optuna wrote; read in the worker, kept in the browser.
import { FoveaError } from "fovea";
import { type Files, memoryFiles } from "fovea/files";
import { type Distribution, loadStudy, openStorage, studyFacts } from "fovea/tune";
import { choicesAxis, rangeAxis, shortNumber } from "../../charts/axis.ts";
import type { Job } from "../engine/job.ts";
import { keptFile } from "../engine/kept-file.ts";

export interface StudyFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A parameter with its values as places from 0 to 1. */
export interface ParameterFacts {
  readonly name: string;
  /** The range it was drawn from, such as `0.0001 to 0.1, logarithmic`. */
  readonly text: string;
}

export interface StudyTrial {
  readonly number: number;
  readonly value: number;
  /** Place of each parameter from 0 to 1, and its value as text; no place where the trial has none on the axis. */
  readonly places: Readonly<Record<string, number>>;
  readonly texts: Readonly<Record<string, string>>;
}

export interface GivenStudy {
  readonly name: string;
  /** Number of objectives; direction and values are those of the first. */
  readonly objectives: number;
  readonly direction: "minimize" | "maximize";
  readonly parameters: readonly ParameterFacts[];
  /** Complete trials, oldest first. */
  readonly trials: readonly StudyTrial[];
  /** All studies of the journal. */
  readonly names: readonly string[];
}

const journal = keptFile("study.log");

/** Takes a journal, if it is one. @returns the names of its studies */
export const keepStudy: Job<StudyFile, readonly string[]> = async ({ name, bytes }) => {
  const names = await studiesIn(bytes, name);
  await journal.write(bytes);
  return names;
};

/** A file system with nothing but the journal, under the name that messages say. */
async function holding(bytes: Uint8Array, name: string): Promise<Files> {
  const files = memoryFiles();
  await files.writeAtomic(name, bytes);
  return files;
}

async function studiesIn(bytes: Uint8Array, name: string): Promise<readonly string[]> {
  const storage = await openStorage(`journal://${name}`, { readOnly: true, files: await holding(bytes, name) });
  try {
    return (await storage.studies()).map((study) => study.name);
  } finally {
    await storage.close();
  }
}

interface Asked {
  /** A study of the journal. Default: its last. */
  readonly name?: string;
  /** Changes with the journal. */
  readonly stamp: number;
}

/** The trials of a study of the journal that was taken; null where none was. */
export const givenStudy: Job<Asked, GivenStudy | null> = async ({ name }) => {
  const kept = await journal.read();
  if (kept === undefined) return null;
  const names = await studiesIn(kept, "study.log");
  const chosen = names.find((known) => known === name) ?? names.at(-1);
  if (chosen === undefined)
    throw new FoveaError("unknown-entry", "this journal has no study yet; run one into it, then choose it again");
  const storage = await openStorage("journal://study.log", {
    readOnly: true,
    files: await holding(kept, "study.log"),
  });
  try {
    const { directions, space, trials } = studyFacts(await loadStudy({ storage, name: chosen }));
    const placeOf = new Map(Object.entries(space).map(([key, distribution]) => [key, placesOn(distribution)]));
    return {
      name: chosen,
      objectives: directions.length,
      direction: directions[0]!,
      parameters: Object.entries(space).map(([parameter, distribution]) => ({
        name: parameter,
        text: rangeText(distribution),
      })),
      trials: trials.flatMap(({ number, state, values, params }) => {
        const value = values?.[0];
        if (state !== "complete" || typeof value !== "number") return [];
        const those = Object.entries(params);
        return {
          ...{ number, value },
          places: Object.fromEntries(
            those
              .map(([key, choice]) => [key, placeOf.get(key)!(choice)] as const)
              .filter(([, position]) => Number.isFinite(position)),
          ),
          texts: Object.fromEntries(those.map(([key, choice]) => [key, textOf(choice)])),
        };
      }),
      names,
    };
  } finally {
    await storage.close();
  }
};

type Value = string | number | boolean | null;

const textOf = (choice: Value): string => (typeof choice === "number" ? shortNumber(choice) : String(choice));

function rangeText(distribution: Distribution): string {
  if (distribution.type === "categorical") return distribution.choices.map(textOf).join(", ");
  const { low, high, log } = distribution;
  return `${textOf(low)} to ${textOf(high)}${log ? ", logarithmic" : ""}`;
}

/** Places of values on the axis of their parameter; NaN for what is not on it. */
function placesOn(distribution: Distribution): (choice: Value) => number {
  if (distribution.type !== "categorical") {
    const axis = rangeAxis("", distribution);
    return (choice) => axis.position(Number(choice));
  }
  const { choices } = distribution;
  const axis = choicesAxis("", choices);
  return (choice) => axis.position(choices.findIndex((known) => Object.is(known, choice)));
}
