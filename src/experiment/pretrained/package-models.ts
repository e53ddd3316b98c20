// Models out of npm packages that the user has installed: TensorFlow.js models in a node_modules folder, copied into the
// local store with a note of the package, its version and licence, and a hash of their content. Nothing is fetched, no code
// of a package runs, and no package is a dependency of Fovea.
import * as z from "zod";
import type { ErrorCode } from "../../core/error-codes/index.js";
import { FoveaError } from "../../core/errors.js";
import { readZip } from "../../formats/index.js";
import { checkJson, parseJson } from "../../formats/json.js";
import { absolutePath, exists, readBytes, readText, stat } from "../../platform/files.js";
import { replaceFiles } from "../../platform/folders.js";
import { sha256Hex } from "../../platform/hashing.js";
import { baseName, joinPath, parentFolder } from "../../platform/paths.js";
import { leavesOf, walkFolder } from "../../platform/walk.js";
import { modelFile } from "../models/model-file.js";
import { weightsFolder } from "./weights-store.js";

/** A name as npm allows it. */
const PACKAGE_NAME = /^(@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*$/i;
/** Descriptions of models are smaller; other JSON files of packages need not be read whole. */
const MOST_JSON = 2 ** 25;
/** More JSON files than a package of models has. */
const MOST_FILES = 1000;
const MAIN = "model.json";
const NOTE = "origin.json";

const PACKAGE = z.looseObject({
  name: z.string(),
  version: z.string(),
  license: z.union([z.string(), z.looseObject({ type: z.string() })]).optional(),
});

/** A note beside a copied model. */
export interface PackageModel {
  /** Name of the model's file without its ending, or of its folder where the file is `model.json`. */
  readonly model: string;
  /** The copy, which `--base` and `convert` take. */
  readonly path: string;
  /** Name of the npm package that the model came from. */
  readonly package: string;
  /** Version of that package. */
  readonly version: string;
  /** The licence that the package states; the model in it may have another. */
  readonly licence: string;
  /** The origin that the description names. */
  readonly source?: string;
  /** Of an archive of the model's files, which a transfer's recipe notes too. */
  readonly sha256: string;
  /** Bytes of the copied files. */
  readonly bytes: number;
}

/** A model that Fovea cannot read, with the reason. */
export interface RefusedModel {
  readonly model: string;
  readonly reason: string;
  readonly code: ErrorCode;
}

/** Models of a package that were copied, and those that were not. */
export interface PackageModels {
  /** Copies in the local store. */
  readonly models: readonly PackageModel[];
  /** Models that Fovea cannot read, with the reason. */
  readonly refused: readonly RefusedModel[];
}

/**
 * Copies the models of an installed package into the local store. Nothing is fetched, and no code of the package runs.
 * @param name name of the package, as `npm install` takes it
 * @param options the models to copy, and the folder of the package
 * @param options.only the name of one model. Default: all that can be read
 * @param options.from the folder from which node_modules is looked for, upwards. Default: the current one
 * @throws FoveaError when the package is not installed, or has no such model
 * @example
 * const { models, refused } = await addPackageModels("flower-models");
 * const opened = await openAny(models[0].path);
 */
export async function addPackageModels(
  name: string,
  options: { readonly only?: string; readonly from?: string } = {},
): Promise<PackageModels> {
  if (!PACKAGE_NAME.test(name))
    throw new FoveaError("unusable-name", `${JSON.stringify(name)} is no name of an npm package`);
  const folder = await findPackage(name, await absolutePath(options.from ?? "."));
  const manifest = joinPath(folder, "package.json");
  const facts = checkJson(manifest, PACKAGE, parseJson(manifest, await readText(manifest)));
  const licence = typeof facts.license === "object" ? facts.license.type : (facts.license ?? "none stated");
  const found = await descriptionsIn(folder);
  const wanted = options.only === undefined ? found : found.filter(({ model }) => model === options.only);
  if (wanted.length === 0)
    throw new FoveaError(
      "unknown-model",
      found.length === 0
        ? `${folder}: has no TensorFlow.js model that says its layers or operators`
        : `${name} has no model ${options.only}; it has ${found.map(({ model }) => model).join(", ")}`,
    );
  const models: PackageModel[] = [];
  const refused: RefusedModel[] = [];
  for (const model of wanted)
    try {
      models.push(await copied(model, { package: facts.name, version: facts.version, licence }));
    } catch (error) {
      if (!(error instanceof FoveaError)) throw error;
      refused.push({ model: model.model, reason: error.message, code: error.code });
    }
  if (models.length === 0) throw new FoveaError(refused[0]!.code, refused[0]!.reason);
  return { models, refused };
}

/** The package's folder in the nearest node_modules. */
async function findPackage(name: string, from: string): Promise<string> {
  for (let folder = from; ; folder = parentFolder(folder)) {
    const location = joinPath(joinPath(folder, "node_modules"), name);
    if (await exists(joinPath(location, "package.json"))) return location;
    if (parentFolder(folder) === folder)
      throw new FoveaError(
        "package-missing",
        `the package ${name} is not in a node_modules folder here or above; install it with "npm install ${name}"`,
      );
  }
}

interface Description {
  readonly model: string;
  readonly path: string;
  readonly source: string | undefined;
}

/** The descriptions of models in a package, the packages inside it left out. */
async function descriptionsIn(folder: string): Promise<Description[]> {
  const entered = new Set<string>();
  const files = [...leavesOf(await walkFolder(folder, entered))]
    .map(({ path }) => path)
    .filter((path) => path.endsWith(".json") && !path.slice(folder.length).includes("node_modules"))
    .slice(0, MOST_FILES);
  const found: Description[] = [];
  for (const path of files) {
    if (((await stat(path))?.size ?? 0) > MOST_JSON) continue;
    const json = await jsonAt(path);
    if (json?.modelTopology === undefined || json.weightsManifest === undefined) continue;
    const file = baseName(path).replace(/\.json$/, "");
    const source = typeof json.generatedBy === "string" ? json.generatedBy : undefined;
    found.push({ model: file === "model" ? baseName(parentFolder(path)) : file, path, source });
  }
  return found;
}

const DESCRIPTION = z.looseObject({
  modelTopology: z.unknown().optional(),
  weightsManifest: z.unknown().optional(),
  generatedBy: z.unknown().optional(),
});

async function jsonAt(path: string): Promise<z.output<typeof DESCRIPTION> | undefined> {
  try {
    return checkJson(path, DESCRIPTION, parseJson(path, await readBytes(path)));
  } catch (error) {
    if (error instanceof FoveaError) return undefined;
    throw error;
  }
}

/** Opens a model, which shows that it can be read, and copies its files with a note beside them. */
async function copied(
  { model, path, source }: Description,
  about: Pick<PackageModel, "package" | "version" | "licence">,
): Promise<PackageModel> {
  const { bytes } = await modelFile(path);
  const folder = joinPath(await packageFolder(about.package), `${model}-${about.version}`);
  const files = new Map(readZip(bytes, { name: path }));
  const facts: PackageModel = {
    model,
    path: joinPath(folder, MAIN),
    ...about,
    ...(source !== undefined && source !== "" && { source }),
    sha256: await sha256Hex(bytes),
    bytes: [...files.values()].reduce((sum, { length }) => sum + length, 0),
  };
  const { path: _, ...note } = facts;
  files.set(NOTE, new TextEncoder().encode(`${JSON.stringify(note, null, 2)}\n`));
  await replaceFiles(folder, { files, main: MAIN, older: async () => [...files.keys()] });
  return facts;
}

const packageFolder = async (name: string): Promise<string> =>
  joinPath(joinPath(await weightsFolder(), "packages"), name.replace("/", "+"));
