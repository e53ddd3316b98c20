// The model and the origin of its data: recipe, parts, checks of the data, bases and corrected labels.
import { isOfTable } from "../../../formats/run/recipe.js";
import { outputNamesOf, type TaskKind } from "../../../formats/run/task.js";
import { shellWord } from "../../../platform/invocation.js";
import type { CardRow } from "../../../report/card-facts.js";
import { whole } from "../../../report/format.js";
import { PART_NAMES } from "../../data/index.js";
import { modelName } from "../../recipe/index.js";
import { PART_TITLES } from "../../run/index.js";
import { taskOf } from "../../tasks/index.js";
import type { RunRecord } from "../record.js";
import { broken, known, open, ranged, type Topic } from "../rows.js";

/** Tasks in words. */
const TASK_WORDS: Readonly<Record<TaskKind, string>> = {
  classification: "classification: the class of each image or row",
  multiLabel: "several labels: each label present or absent",
  regression: "regression: a number of each image or row",
  verification: "verification: whether two images are of one identity",
  segmentation: "segmentation: the class of each pixel of an image",
  detection: "detection: the class and the box of each object on an image",
};

/** Words for an answer's name and for several, and whether the images of each are counted. */
const COUNTED: Readonly<Record<TaskKind, readonly [noun: string, nouns: string, areCounted: boolean]>> = {
  classification: ["class", "classes", true],
  multiLabel: ["label", "labels", true],
  regression: ["number", "numbers", false],
  verification: ["class", "classes", true],
  segmentation: ["class", "classes", true],
  detection: ["class", "classes", true],
};

/** More names than these are told by their number. */
const MOST_NAMES = 12;

export const modelTopic: Topic = ({ recipe, metrics, facts }) => {
  const names = outputNamesOf(recipe.task);
  return {
    rows: [
      known("Task", TASK_WORDS[recipe.task.kind], "recipe.json#/task/kind"),
      known(
        "Answers",
        names.length > MOST_NAMES
          ? `${whole(names.length)} ${COUNTED[recipe.task.kind][1]}`
          : names.join(", ") || taskOf(recipe.task).described(recipe.task),
        "recipe.json#/task",
      ),
      known("Parameters", whole(metrics.params), "metrics.json#/params"),
      known("Weights, SHA-256", metrics.weights_sha256, "metrics.json#/weights_sha256"),
      ...facts.recipe.map(({ label, value }, i) => known(label, value, `facts.json#/facts/recipe/${i}/value`)),
    ],
  };
};

export const dataTopic: Topic = (record) => {
  const { recipe, metrics } = record;
  const { parts } = metrics;
  const [noun, keys] = isOfTable(recipe.preprocessing) ? ["rows", "rows"] : ["images", "images"];
  const table = parts && {
    title: "Parts",
    columns: [{ head: "part" }, { head: noun, number: true }, { head: "taken from" }, { head: "how" }],
    rows: (["train", "val", "test"] as const).map((part) => ({
      cells: [
        PART_TITLES[part === "val" ? "validation" : part],
        whole(parts[part].images ?? parts[part].rows ?? 0),
        parts[part].folder,
        [
          parts[part].held_out ? `held out${parts[part].stratified ? " by class" : ""}` : "",
          recipe.split.bySource?.some((named) => named === (part === "val" ? "validation" : part))
            ? "as the data say"
            : "",
          parts[part].chooses_epoch ? "chose the epoch" : "",
        ]
          .filter((word) => word !== "")
          .join(", "),
      ],
      from: [`metrics.json#/parts/${part}/${keys}`, `metrics.json#/parts/${part}/folder`],
    })),
  };
  return { rows: [...folderRows(record), ...countRows(record)], tables: table ? [table] : [] };
};

/** Each folder or table with its hash. */
const folderRows = ({ recipe }: RunRecord): CardRow[] =>
  PART_NAMES.flatMap((part) => {
    const folder = recipe.data[part];
    if (folder === undefined) return [];
    const at = `recipe.json#/data/${part}`;
    const title = `Data in ${folder.path}`;
    const skipped = folder.skipped?.length ?? 0;
    return [
      folder.rows === undefined
        ? known(title, `${whole(folder.images ?? 0)} images`, `${at}/images`, `${at}/path`)
        : known(title, `${whole(folder.rows)} rows`, `${at}/rows`, `${at}/path`),
      known(`SHA-256 of ${folder.path}`, folder.sha256, `${at}/sha256`, `${at}/path`),
      ...(skipped === 0
        ? []
        : [known("Images left out because they cannot be decoded", whole(skipped), `${at}/skipped`)]),
    ];
  });

/** The spread of images over classes or labels. */
const countRows = ({ facts, recipe }: RunRecord): CardRow[] =>
  facts.splits.flatMap(({ name, counts }, i) => {
    const filled = Array.from(counts).filter((count) => count > 0);
    const [noun, , areCounted] = COUNTED[recipe.task.kind];
    if (filled.length === 0 || !areCounted) return [];
    return [
      known(
        `Images of each ${noun} in ${name}`,
        ranged(whole(Math.min(...filled)), whole(Math.max(...filled))),
        `facts.json#/facts/splits/${i}/counts`,
      ),
    ];
  });

/** The answer of the run's checklist about copies, from the hashes of the run's images; of rows there are none. */
function copiesRow(copies: RunRecord["copies"]): CardRow[] {
  if (copies === undefined || copies.state === "unknown") return [];
  const { title, sentence, state } = copies;
  return [(state === "done" ? known : broken)(title, sentence, "images.json#/parts")];
}

export const healthTopic: Topic = ({ health, metrics, copies, recipe, path }) => {
  const { warnings = [] } = metrics;
  const found = Object.entries(health?.counts ?? {}).map(([kind, count]) =>
    known(`Findings: ${kind}`, whole(count), `health.json#/counts/${kind}`),
  );
  const check = `fovea health ${shellWord(recipe.data.train.path)} --json > ${shellWord(`${path}/health.json`)}`;
  return {
    rows: [
      ...copiesRow(copies),
      ...(warnings.length === 0
        ? [known("Warnings of the run", "none", "metrics.json#/warnings")]
        : warnings.map((warning, i) => known("Warning of the run", warning, `metrics.json#/warnings/${i}`))),
      ...(health === undefined
        ? [
            isOfTable(recipe.preprocessing)
              ? open("Health of the data", "fovea health looks at images, and these are rows of a table")
              : open("Health of the data", `run ${check}`),
          ]
        : found.length === 0
          ? [known("Health of the data", "checked, nothing found", "health.json#/counts")]
          : found),
    ],
  };
};

export const lineageTopic: Topic = ({ recipe }) => {
  const { transfer, search, data, training, seed } = recipe;
  return {
    rows: [
      ...(search === undefined
        ? []
        : [
            known("Search of settings", `trial ${search.trial} of the study ${search.study}`, "recipe.json#/search"),
            ...(search.complete === undefined
              ? []
              : [
                  known(
                    "Trials it was chosen from, by validation",
                    whole(search.complete),
                    "recipe.json#/search/complete",
                  ),
                ]),
          ]),
      ...(transfer === undefined
        ? [known("Base", `none: all weights begin from the seed ${seed}`, "recipe.json#/seed")]
        : [
            known("Base", modelName(recipe), "recipe.json#/model"),
            known("Weights of the base, SHA-256", transfer.weights.sha256, "recipe.json#/transfer/weights/sha256"),
            ...(transfer.weights.path === undefined
              ? []
              : [known("File of the base", transfer.weights.path, "recipe.json#/transfer/weights/path")]),
          ]),
      ...(data.journal === undefined
        ? [known("Corrected labels", "none: the labels of the data were taken as they are", "recipe.json#/data")]
        : [
            known("Entries of the label journal", whole(data.journal.entries), "recipe.json#/data/journal/entries"),
            known("SHA-256 of these entries", data.journal.sha256, "recipe.json#/data/journal/sha256"),
          ]),
      ...(training.sampleWeight === undefined
        ? []
        : [
            known(
              "Weights of images, SHA-256",
              training.sampleWeight.sha256,
              "recipe.json#/training/sampleWeight/sha256",
            ),
          ]),
    ],
  };
};
