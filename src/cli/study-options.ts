// Options that the commands of `fovea tune` share: they name a study, and make a program of its spec.

import { pathToFileURL } from "node:url";
import { type Command, Option } from "commander";
import { defined } from "../core/defined.js";
import { FoveaError, UsageError } from "../core/errors.js";
import { sentenceOf } from "../data/index.js";
import { refuseErrors } from "../experiment/data/index.js";
import {
  type ArtifactStore,
  dataPathOf,
  defaultStorage,
  type ImagesSpec,
  loadStudyData,
  moduleProgram,
  openArtifacts,
  openStudy,
  readSpec,
  type StudyProgram,
  specProgram,
  storedJournal,
  storedSpec,
  type TuneSpec,
  withOpenSplit,
  withSettledSplit,
} from "../experiment/tune/index.js";
import type { RecordedJournal } from "../formats/run/recipe.js";
import { environment } from "../platform/environment.js";
import { absolutePath, readBytes, readText, stat } from "../platform/files.js";
import { sha256Hex } from "../platform/hashing.js";
import { baseName, extensionOf } from "../platform/paths.js";
import type { Study } from "../tune/index.js";
import type { CommonOptions } from "./options.js";
import { loadingLines } from "./terminal/experiment.js";
import type { Output } from "./terminal/output.js";

export interface StudyOptions extends CommonOptions {
  readonly study?: string;
  readonly storage?: string;
}

/** Adds the argument and the options that say which study is meant. */
export const addStudyOptions = (command: Command): Command =>
  command
    .argument("[study]", "its name; may be left out where the storage has one study only")
    .option("--study <name>", "name of the study, in place of the argument (default: the only study)")
    .option(
      "--storage <url>",
      "journal://FILE, sqlite:///FILE or postgresql://... (default: the study's folder in ./studies)",
    );

/** Opens the study that is meant, for reading only. @throws UsageError when nothing says which. */
export async function studyFrom(named: string | undefined, options: StudyOptions): Promise<Study> {
  const { storage } = options;
  const name = nameFrom(named, options);
  if (storage === undefined && name === undefined)
    throw new UsageError(
      "expected the name of a study, or --storage and its URL; fovea tune list shows the studies there are",
    );
  return openStudy(storage ?? defaultStorage(name!), name, { readOnly: true });
}

function nameFrom(named: string | undefined, { study }: StudyOptions): string | undefined {
  if (named !== undefined && study !== undefined && named !== study)
    throw new UsageError(`expected one study, received ${named} and --study ${study}`);
  return study ?? named;
}

/** Settings of the command line in place of those of the spec. */
export interface ProgramOptions {
  readonly study?: string;
  readonly data?: string;
  readonly threads?: number;
  /** Memory that pixels may take, in bytes. */
  readonly memory?: number;
  /** Entries of the label journal that the study was begun with, null for none; see `loadStudyData`. */
  readonly begunWith?: RecordedJournal | null;
  /** Fields of the spec that were given as options of the same name. */
  readonly schedule?: Partial<
    Pick<TuneSpec, "trials" | "timeout" | "parallel" | "asynchronous" | "seed" | "storage" | "artifacts">
  > & {
    readonly sampler?: string;
    readonly pruner?: string;
  };
}

/** The option that says where models go. */
export const artifactsOption = (): Option =>
  new Option(
    "--artifacts <place>",
    "keep each complete trial's model in a shared folder, file:///FOLDER or http(s)://HOST/PATH (by PUT) (default: none)",
  );

/** For the help of commands that have it. */
export const ARTIFACTS_HELP = `
With --artifacts a trial's model and training are kept as STUDY/trial-N/model.keras and training.json. Servers get the
environment's FOVEA_ARTIFACTS_TOKEN as bearer token, and FOVEA_ARTIFACTS_HEADER ("Name: value") as it is. A model that
cannot be kept costs no trial: the reason is noted, and fovea tune rebuild makes the model again.`;

/** Opens the place that a program's models go to, with the secrets that the environment has for it. */
export async function artifactsOf({ artifacts }: StudyProgram): Promise<ArtifactStore | undefined> {
  if (artifacts === undefined) return undefined;
  const token = environment("FOVEA_ARTIFACTS_TOKEN");
  const header = environment("FOVEA_ARTIFACTS_HEADER");
  const [, name, value] = /^([\w-]+):\s*(.*)$/.exec(header ?? "") ?? [];
  if (header && name === undefined)
    throw new UsageError('FOVEA_ARTIFACTS_HEADER: expected "Name: value", received something else');
  const headers = {
    ...(token && { authorization: `Bearer ${token}` }),
    ...(name !== undefined && value !== undefined && { [name]: value }),
  };
  return openArtifacts(artifacts, { headers });
}

const MODULES = [".js", ".mjs", ".ts", ".mts"];

/**
 * The program in a file: JSON, which is only read, or a module of JavaScript or TypeScript, which is run.
 * @throws FoveaError for a file that is neither, or a spec that cannot work.
 */
export async function programFrom(path: string, output: Output, options: ProgramOptions): Promise<StudyProgram> {
  const extension = extensionOf(path);
  if (extension === ".json") return programOfSpec(withOpenSplit(readSpec(await readText(path), path)), output, options);
  if (MODULES.includes(extension)) return programOfModule(path, options);
  throw new UsageError(`expected a spec that ends in .json, or in ${MODULES.join(", ")}, received ${path}`);
}

/** The program of a study that was begun with a spec. @throws FoveaError for one that was begun with a module. */
export async function programOfStudy(
  study: Study,
  specFile: string | undefined,
  output: Output,
  options: ProgramOptions,
): Promise<StudyProgram> {
  const programOptions = { ...options, study: study.name, begunWith: storedJournal(study) };
  if (specFile !== undefined) return programFrom(specFile, output, programOptions);
  const spec = storedSpec(study);
  if (spec !== undefined) return programOfSpec(spec, output, programOptions);
  throw new FoveaError(
    "missing-option",
    `study "${study.name}": it was not begun with a JSON spec, so its storage does not name the objective; name the module with --spec`,
  );
}

async function programOfSpec(spec: TuneSpec, output: Output, options: ProgramOptions): Promise<StudyProgram> {
  const { study = spec.study, data: path, threads, memory, begunWith, schedule = {} } = options;
  const where = await absolutePath(path ?? dataPathOf(spec));
  const at = "table" in spec.data ? { ...spec.data, table: where } : await imagesAt(spec.data, where);
  const complete: TuneSpec = { ...spec, study, data: at, ...schedule };
  if ((await stat(where)) === undefined)
    throw new FoveaError("not-found", `there are no data at ${where}; say with --data where they are`);
  const { batchSize } = spec.training;
  const data = await loadStudyData(at, {
    onProgress: loadingLines(output),
    batchSize,
    ...defined({ threads, memory, begunWith }),
  });
  try {
    for (const note of data.notes) output.say(note);
    const isNew = "images" in at && at.split.stratify !== undefined;
    if (isNew) refuseErrors(data.findings);
    for (const finding of data.findings) output.warn(sentenceOf(finding));
    return await specProgram(withSettledSplit(complete, data), data);
  } catch (error) {
    await data.close();
    throw error;
  }
}

/** Images and their weights by paths that a worker in another folder finds as well. */
async function imagesAt(data: ImagesSpec, images: string): Promise<ImagesSpec> {
  const { sampleWeight } = data;
  return { ...data, images, ...(sampleWeight !== undefined && { sampleWeight: await absolutePath(sampleWeight) }) };
}

async function programOfModule(path: string, options: ProgramOptions): Promise<StudyProgram> {
  const bytes = await readBytes(path);
  const file = { name: baseName(path), sha256: await sha256Hex(bytes) };
  if (options.data !== undefined) throw new UsageError(`--data: ${file.name} is a module and loads its own data`);
  let loaded: { readonly default?: unknown };
  try {
    loaded = await import(pathToFileURL(await absolutePath(path)).href);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new FoveaError(
      "program-failed",
      code === "ERR_UNKNOWN_FILE_EXTENSION"
        ? `${path}: Node ${process.versions.node} does not run TypeScript; compile it to .js, or use Node 22.18 or later`
        : `${path}: the module cannot be loaded: ${message}`,
      { cause: error },
    );
  }
  const { study, schedule = {} } = options;
  const { sampler, pruner, artifacts, ...plain } = schedule;
  const method = sampler ?? pruner;
  if (method !== undefined)
    throw new UsageError(`${file.name} is a module and makes its own sampler and pruner; leave out ${method}`);
  if (artifacts !== undefined)
    throw new UsageError(
      `--artifacts: ${file.name} is a module and has its models to itself; keep them in its objective`,
    );
  return { ...moduleProgram(loaded.default, file), ...defined({ study, ...plain }) };
}
