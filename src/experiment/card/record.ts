// A finished run as its card reads it: all from files of the run's folder, checked against their schemas.
import * as z from "zod";
import { FoveaError } from "../../core/errors.js";
import { checkJson, parseJson } from "../../formats/json.js";
import { type RunMetrics, readMetrics } from "../../formats/run/metrics.js";
import type { Recipe } from "../../formats/run/recipe.js";
import { commandPrefix, shellWord } from "../../platform/invocation.js";
import { joinPath } from "../../platform/paths.js";
import type { RunFacts, SlicesFacts } from "../../report/facts.js";
import {
  CERTIFICATE_FILE,
  type Certificate,
  type CertificateCheck,
  checkCertificate,
  readCertificate,
} from "../certificate/index.js";
import type { CardLines } from "../run/card-lines.js";
import { type CheckItem, checklist, factsOf, RUN_FILES, type RunFolder, recipeOf } from "../run/index.js";

/** The name under which the answer of `fovea health --json` lies beside a run. */
export const HEALTH_FILE = "health.json";

const HEALTH = z.looseObject({ counts: z.record(z.string(), z.int().min(0)) });

/** The name under which the answer of `fovea evaluate --slices --json` lies beside a run. */
export const SLICES_FILE = "slices.json";

const SLICES = z.looseObject({
  /** Sentences about images that the model has seen, among others. */
  warnings: z.array(z.string()).optional(),
  slices: z.looseObject({
    figure: z.string(),
    isShare: z.boolean(),
    whole: z.number(),
    images: z.int().min(0),
    rows: z.array(
      z.looseObject({
        attribute: z.string(),
        value: z.string(),
        images: z.int().min(0),
        figure: z.number(),
        low: z.number().optional(),
        high: z.number().optional(),
        adjusted: z.number(),
        isWorse: z.boolean(),
      }),
    ),
    fairness: z.looseObject({ attribute: z.string(), parityGap: z.number(), opportunityGap: z.number() }).optional(),
  }),
});

export interface RunRecord {
  readonly path: string;
  readonly lines: CardLines;
  readonly recipe: Recipe;
  readonly metrics: RunMetrics;
  readonly facts: RunFacts;
  /** The question of the run's checklist about copies between parts. */
  readonly copies: CheckItem | undefined;
  readonly health: z.output<typeof HEALTH> | undefined;
  /** Slices of an evaluation whose answer lies beside the run, else those of the run's own report. */
  readonly slices:
    | {
        readonly facts: z.output<typeof SLICES>["slices"] | SlicesFacts;
        readonly from: string;
        /** Warnings of the evaluation. */
        readonly warnings: readonly string[];
      }
    | undefined;
  /** Absent where the run has none; `fault` says why one that is there proves nothing. */
  readonly certificate:
    | { readonly read?: Certificate; readonly check?: CertificateCheck; readonly fault?: string }
    | undefined;
  /** A command of Fovea's with this run, to be typed. */
  readonly command: (name: string, ...words: readonly string[]) => string;
}

/**
 * Reads a run for its card.
 * @throws FoveaError for a folder that is no finished run, and for damaged files
 */
export async function readRecord(folder: RunFolder, lines: CardLines): Promise<RunRecord> {
  const { path } = folder;
  const facts = await factsOf(folder);
  if (!(await folder.has("metrics")))
    throw new FoveaError(
      "unfinished",
      `${path} has no ${RUN_FILES.metrics}, which a run has when it ends; train it to its end first`,
    );
  return {
    path,
    lines,
    recipe: await recipeOf(folder),
    metrics: readMetrics(await folder.text("metrics"), folder.file("metrics")),
    facts,
    copies: (await checklist(folder)).find(({ kind }) => kind === "copies"),
    health: await besides(folder, HEALTH_FILE, HEALTH),
    slices: slicesOf(await besides(folder, SLICES_FILE, SLICES), facts),
    certificate: await certificateOf(folder),
    command: (name, ...words) => [commandPrefix(), name, shellWord(path), ...words].join(" "),
  };
}

function slicesOf(beside: z.output<typeof SLICES> | undefined, { slices }: RunFacts): RunRecord["slices"] {
  if (beside !== undefined)
    return { facts: beside.slices, from: `${SLICES_FILE}#/slices`, warnings: beside.warnings ?? [] };
  return slices && { facts: slices, from: `${RUN_FILES.facts}#/facts/slices`, warnings: [] };
}

/** A file that another command's answer lies in; undefined where nobody has put it there. */
async function besides<S extends z.ZodType>(
  { path, files }: RunFolder,
  name: string,
  schema: S,
): Promise<z.output<S> | undefined> {
  const where = joinPath(path, name);
  if (!(await files.exists(where))) return undefined;
  return checkJson(where, schema, parseJson(where, await files.readText(where)));
}

async function certificateOf(folder: RunFolder): Promise<RunRecord["certificate"]> {
  const where = joinPath(folder.path, CERTIFICATE_FILE);
  if (!(await folder.files.exists(where))) return undefined;
  try {
    const read = await readCertificate(await folder.files.readText(where), where);
    return { read, check: await checkCertificate(read, folder) };
  } catch (error) {
    if (!(error instanceof FoveaError)) throw error;
    return { fault: error.message };
  }
}
