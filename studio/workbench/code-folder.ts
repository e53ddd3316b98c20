// A run as a folder of code: the lines that train it and ask it, its recipe and its model, and the commands that run them.
import { strToU8, zipSync } from "fflate";
import { VERSION } from "fovea";
import { factsOf, RunFolder, recipeOf, replayCode, shellWord } from "fovea/experiment";
import type { FileContent } from "../contract/files.js";
import type { Project } from "./project.js";

/** Versions that the lines are compiled with. */
const TYPESCRIPT = ">=5.6";
const NODE_TYPES = ">=20";

/** A zip of the folder. @throws FoveaError for a run that is not finished */
export async function codeFolder(path: string, run: string, project: Project): Promise<FileContent> {
  const folder = await RunFolder.open(path);
  const recipe = await recipeOf(folder);
  const { warnings } = await factsOf(folder);
  const { train, validation, test } = project.sources;
  // Paths of a recipe are from where it was made; those of the project are whole.
  const at = <T extends { readonly path: string }>(part: T, source: unknown): T =>
    typeof source === "string" ? { ...part, path: source } : part;
  const { data } = recipe;
  const here = {
    ...recipe,
    data: {
      ...data,
      train: at(data.train, train),
      ...(data.validation && { validation: at(data.validation, validation) }),
      ...(data.test && { test: at(data.test, test) }),
    },
  };
  const skipBad = [data.train, data.validation, data.test].some((part) => (part?.skipped?.length ?? 0) > 0);
  const name =
    run
      .toLowerCase()
      .replace(/[^a-z0-9-]+/g, "-")
      .replace(/^-+|-+$/g, "") || "run";
  const files: Record<string, Uint8Array> = {
    "package.json": strToU8(packageJson(name)),
    "tsconfig.json": strToU8(TSCONFIG),
    "train.ts": strToU8(replayCode(here, { skipBad })),
    "predict.ts": strToU8(PREDICT),
    "README.md": strToU8(readme(run, path, here.data.train.path, warnings)),
    "recipe.json": await folder.bytes("recipe"),
    "model.keras": await folder.bytes("model"),
  };
  const named = Object.fromEntries(Object.entries(files).map(([file, bytes]) => [`${name}/${file}`, bytes]));
  return { bytes: zipSync(named), type: "application/zip", name: `${name}-code.zip` };
}

const packageJson = (name: string): string =>
  `${JSON.stringify(
    {
      name,
      private: true,
      type: "module",
      engines: { node: ">=20" },
      scripts: { build: "tsc", train: "tsc && node train.js", predict: "tsc && node predict.js" },
      dependencies: { fovea: VERSION },
      devDependencies: { "@types/node": NODE_TYPES, typescript: TYPESCRIPT },
    },
    undefined,
    2,
  )}\n`;

const TSCONFIG = `${JSON.stringify(
  {
    compilerOptions: {
      target: "es2022",
      module: "nodenext",
      moduleResolution: "nodenext",
      strict: true,
      skipLibCheck: true,
      types: ["node"],
    },
    include: ["*.ts"],
  },
  undefined,
  2,
)}\n`;

const PREDICT = `// Asks the model about photos: npm run predict -- photo.jpg
import { openModel, predictFiles } from "fovea/experiment";

const photos = process.argv.slice(2);
const trained = await openModel("model.keras");
const { answers } = await predictFiles(trained, photos, { top: 5 });
console.log(JSON.stringify(answers, undefined, 2));
await trained.model.close();
`;

const readme = (run: string, path: string, data: string, warnings: readonly string[]): string =>
  `# ${run}

Made by Fovea ${VERSION}. \`train.ts\` trains the model again and prints the SHA-256 of its weights, which is that of the
run; it reads the images in ${shellWord(data)}. \`predict.ts\` asks \`model.keras\`.

    npm install
    npm run train
    npm run predict -- photo.jpg

The same by the command line:

    fovea replay ${shellWord(path)}
    fovea predict model.keras photo.jpg
${warnings.length === 0 ? "" : `\n## Warnings of the run\n\n${warnings.map((warning) => `- ${warning}\n`).join("")}`}`;
