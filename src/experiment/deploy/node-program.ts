// A deployed model as a small program of Node: a folder with the model, some ten lines that ask it, and the versions that it
// was made with.
import { VERSION } from "../../core/version.js";
import { saveKeras } from "../../formats/models/keras.js";
import { filesHere } from "../../platform/files/files-here.js";
import type { DecisionRules } from "../trust/decisions/rules.js";
import type { Contents } from "./contents.js";
import type { Deployed } from "./page.js";

const MODEL = "model.keras";
/** Its path in the program's code, wherever the program is started. */
const HERE = `\`\${import.meta.dirname}/${MODEL}\``;

const encode = (content: string): Uint8Array => new TextEncoder().encode(content);

/** Rules as an object of JavaScript; JSON has no infinite cost. */
const rulesAsCode = (rules: DecisionRules): string =>
  JSON.stringify(rules, (_, value) => (value === Number.POSITIVE_INFINITY ? "\0infinity" : value)).replaceAll(
    '"\\u0000infinity"',
    "Infinity",
  );

/** A program as a folder of files. */
export async function nodeProgram({ opened, settings }: Contents): Promise<Deployed> {
  const { file, original, facts } = opened;
  // A .keras file goes along as it is, with the state of training; other formats are written as one.
  const model = file.endsWith(".keras")
    ? await filesHere.readBytes(file)
    : await saveKeras(original, facts === undefined ? {} : { facts });
  const isTable = facts?.table !== undefined;
  const files = new Map<string, Uint8Array>([
    ["package.json", encode(packageJson(settings.name))],
    ["main.mjs", encode(isTable ? tableProgram(settings) : photoProgram(settings))],
    [MODEL, model],
    ["README.md", encode(readme(settings, isTable))],
  ]);
  const all = [...files.values()].reduce((sum, { length }) => sum + length, 0);
  const program = all - model.length;
  return {
    files,
    sizes: [
      { part: "page", bytes: program },
      { part: "model", bytes: model.length },
      { part: "all", bytes: all },
    ],
  };
}

type Settings = Contents["settings"];

/** A name that npm takes. */
const packageName = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-")
    .replace(/^-+|-+$/g, "") || "model";

const packageJson = (name: string): string =>
  `${JSON.stringify(
    {
      ...{ name: packageName(name), version: "1.0.0", private: true, type: "module" },
      ...{ engines: { node: ">=20.11" }, scripts: { predict: "node main.mjs" }, dependencies: { fovea: VERSION } },
    },
    undefined,
    2,
  )}\n`;

const photoProgram = ({
  top,
  rules,
  calibration,
}: Settings): string => `// Asks the model about photos: node main.mjs photo.jpg
import { openModel, predictFiles } from "fovea/experiment";

const photos = process.argv.slice(2);
const trained = await openModel(${HERE}, { compile: "objective" });
const options = { top: ${top}, rules: ${rulesAsCode(rules)}, calibration: ${calibration} };
const { answers } = await predictFiles(trained, photos, options);
console.log(JSON.stringify({ predictions: answers }, undefined, 2));
await trained.model.close();
`;

const tableProgram = ({
  top,
  calibration,
}: Settings): string => `// Asks the model about the rows of a table: node main.mjs rows.csv
import { askTable, openAny } from "fovea/experiment";

const [table] = process.argv.slice(2);
const opened = await openAny(${HERE}, { tables: true, compile: "objective" });
const { rows } = await askTable(opened, table, { top: ${top}, calibration: ${calibration} });
console.log(JSON.stringify(rows, undefined, 2));
await opened.model.close();
`;

const readme = ({ name, options, weights, parameters, createdBy }: Settings, isTable: boolean): string => {
  const input = isTable ? "rows.csv" : "photo.jpg";
  return `# ${name}

A model of ${parameters.toLocaleString("en-US")} parameters, written by ${createdBy}. It answers on this machine alone: nothing is sent anywhere.

    npm install
    node main.mjs ${input}

The answers are those of

    fovea predict ${MODEL} ${input}${options === "" ? "" : ` ${options}`} --json

to the bit, with the version of Fovea that package.json names. SHA-256 of the weights: ${weights}
`;
};
