// A model that was opened alone, without the images that trained it: what it is in words, the lines that ask it, and the one
// file that training it further begins with.
import { FoveaError, type Runtime } from "fovea";
import { openModel, shellWord } from "fovea/experiment";
import { filesHere } from "fovea/files";
import { convert } from "fovea/formats";
import type { CodeFacts, RunSummary } from "../contract/facts.js";
import type { Models } from "./models.js";
import type { Project } from "./project.js";

/** Files that are models by their names, and those that a folder has one in. */
const MODEL_FILE = /\.(keras|h5|hdf5|onnx)$|(^|[\\/])model\.json$/i;
const IN_FOLDERS = ["model.keras", "model.json", "keras_model.h5", "model.onnx"];
/** The largest archive that is looked into for a model. */
const MOST_BYTES = 1 << 30;

/** Tells whether a path is that of a model file, or of a folder with one in it. */
export async function looksLikeModel(path: string): Promise<boolean> {
  const facts = await filesHere.stat(path);
  if (facts === undefined) return false;
  if (!facts.isDirectory) return MODEL_FILE.test(path);
  const found = await Promise.all(IN_FOLDERS.map((name) => filesHere.exists(`${path}/${name}`)));
  return found.includes(true);
}

/** Tells whether an archive without images has a model in it, as exports of Teachable Machine are. */
export async function isModelArchive(path: string): Promise<boolean> {
  const facts = await filesHere.stat(path);
  if (facts === undefined || facts.isDirectory || facts.size > MOST_BYTES) return false;
  return modelWords(path).then(
    () => true,
    () => false,
  );
}

/** The classes of a model and a sentence about it. @throws FoveaError for what is no model of images */
export async function modelWords(
  path: string,
): Promise<{ readonly classNames: readonly string[]; readonly sentence: string }> {
  const { model, classNames = [], preprocessing, warnings } = await openModel(path, { compile: false });
  const [height, width] = preprocessing.imageSize;
  const parameters = model.countParams().toLocaleString("en-US");
  await model.close();
  const answers = classNames.length === 0 ? "" : ` of ${classNames.length} classes`;
  const sentence = [`A model${answers} for images of ${height}x${width}, with ${parameters} parameters.`, ...warnings];
  return { classNames, sentence: sentence.join(" ") };
}

/** A model as the run that its views ask. */
export async function modelSummary(path: string, id: string, { name }: Project, models: Models): Promise<RunSummary> {
  const { sha256, task = "classification" } = await models.use(path, async ({ original, task: known }) => ({
    sha256: await original.weightsSha256(),
    task: known?.kind,
  }));
  const none = { epochs: 0, bestEpoch: 0, metrics: {}, titles: {}, history: {} };
  return { id, name, model: "model", sha256, task, ...none };
}

/** The lines and the command that ask a model about a photo. */
export const codeOfModel = (path: string): CodeFacts => ({
  typescript: `import { openModel, predictFiles } from "fovea/experiment";

const model = await openModel(${JSON.stringify(path)});
const { answers } = await predictFiles(model, ["photo.jpg"], { top: 5 });
console.log(answers);
`,
  commands: `fovea predict ${shellWord(path)} photo.jpg\n`,
});

/**
 * The one file that stands for a model: itself, or where its weights lie beside it a .keras file of both.
 * @param home the folder that the Studio's files go to
 */
export async function modelFile({ name, path }: Project, home: string, runtime: Runtime): Promise<string> {
  if (path === undefined) throw new FoveaError("unknown-entry", `${name} has no file; open it again`);
  const isFolder = (await filesHere.stat(path))?.isDirectory ?? false;
  if (!isFolder && !/\.json$/i.test(path)) return path;
  const { model, original, facts } = await openModel(path, { compile: false, runtime });
  const { files } = await convert({ model: original, facts }, "keras");
  await model.close();
  const [bytes] = files.values();
  await filesHere.makeDirectory(`${home}/models`);
  const kept = `${home}/models/${name}.keras`;
  await filesHere.writeAtomic(kept, bytes!);
  return kept;
}
