// The spec of a study: data, search space, model, training, objective and schedule as plain JSON. It is read, never run.
// The schema is the one description; what parameters and layers mean is space.ts and trial-model.ts.
import * as z from "zod";
import { FoveaError } from "../../core/errors.js";
import { checkJson, parseJson } from "../../formats/json.js";
import { anyJson, namedValues } from "../../formats/json-schema.js";
import { PREPROCESSING, RECIPE } from "../../formats/run/recipe.js";
import { TASK_KINDS } from "../../formats/run/task.js";

const text = z.string().min(1);
const count = z.int().min(0);
const positive = z.int().positive();
const choice = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const range = z.tuple([z.number(), z.number()]).readonly();

/** Conditions of a parameter: it is there only while others have these values, or once for each of a number. */
const CONDITION = {
  /** Other parameters and the values (one, or several) that they must have. */
  when: namedValues(z.union([choice, z.array(choice).readonly()])).optional(),
  /** A whole-number parameter n: then `{i}` in this one's name counts from 1 to n. */
  each: text.optional(),
};

const PARAMETER = z.union(
  [
    z.strictObject({ float: range, log: z.boolean().optional(), step: z.number().optional(), ...CONDITION }),
    z.strictObject({ int: range, log: z.boolean().optional(), step: z.number().optional(), ...CONDITION }),
    z.strictObject({ choices: z.array(choice).min(1).readonly(), ...CONDITION }),
  ],
  {
    error:
      'expected {"float": [low, high]}, {"int": [low, high]} (with "log" or "step") or {"choices": [...]}, each with "when" or "each" where it is conditional',
  },
);

export type ParameterSpec = z.output<typeof PARAMETER>;
export type Space = Readonly<Record<string, ParameterSpec>>;

const SPLIT = z.strictObject({
  validation: z.number().gt(0).lt(1).default(0.2),
  seed: z.int().min(0).max(0xffff_ffff).default(123),
});

const IMAGE_SPLIT = SPLIT.extend({
  /** True where each class is held out in its proportion; without it a new study decides by the images for good. */
  stratify: z.union([z.boolean(), z.literal("uneven")], { error: 'expected true, false or "uneven"' }).optional(),
  by: RECIPE.shape.split.shape.by,
  keepCopies: RECIPE.shape.split.shape.keepCopies,
});

const TABLE = z.strictObject({
  /** The path of a CSV file. */
  table: text,
  target: text,
  /** Default: every column but target and exposure. */
  features: z.array(text).min(1).readonly().optional(),
  /** Types of columns that are not what they look like. */
  types: namedValues(z.enum(["number", "category"])).optional(),
  exposure: z.strictObject({ column: text, as: z.enum(["weight", "offset"]) }).optional(),
  missing: z.enum(["error", "fill"]).default("error"),
  standardize: z.boolean().default(true),
  delimiter: z.string().optional(),
  split: SPLIT.prefault({}),
});

const oneOrMore = <T extends z.ZodType>(schema: T) => z.union([schema, z.array(schema).min(1).readonly()]);

/** Choices about the answers that images are to get, each as the option of `fovea train` of that name. */
const ANSWERS = {
  /** Default: told from the targets. */
  task: z.enum(TASK_KINDS).optional(),
  /** Columns of a manifest to learn. Default: the only one, or class, label, target. */
  target: oneOrMore(text).optional(),
  /** The task's loss by its short name, such as "gamma"; `training.loss` is a loss of Keras instead. */
  loss: text.optional(),
  /** Power of the loss "tweedie", between 1 and 2. */
  power: z.number().gt(1).lt(2).optional(),
  /** The column of exposures that divide and weigh the targets; true where it is called exposure. */
  exposure: z.union([z.literal(true), text], { error: "expected true, or the name of a column" }).optional(),
  /** Columns of a manifest by their roles, where they are not called so. */
  columns: RECIPE.shape.columns,
};

const IMAGES = z.strictObject({
  /** A folder with a folder for each class, or Train and Test with such; a manifest; IDX or GNT files; a zip of these. */
  images: text,
  ...ANSWERS,
  imageSize: PREPROCESSING.shape.imageSize.default([80, 60]),
  color: PREPROCESSING.shape.color.default("grayscale"),
  interpolation: PREPROCESSING.shape.interpolation.default("lanczos"),
  /** Orientation of images: turned upright by EXIF, or as they are stored. */
  orientation: z.enum(["exif", "stored"]).default("exif"),
  /** Reduction of 16-bit grey to 8 bits: by its high byte, or cut off at 255. */
  depth: z.enum(["scaled", "cut"]).default("scaled"),
  split: IMAGE_SPLIT.prefault({}),
  /** A CSV file with columns file and weight: how much each training image counts in the loss. */
  sampleWeight: text.optional(),
});

/** Orientation and depth of images in studies whose specs were stored before there was a choice. */
const BEFORE = { orientation: "stored", depth: "cut" } as const;

/** A Keras class by its name, alone or with its config: `"Flatten"`, `{"Dense": {"units": "$neurons"}}`. */
const KERAS = z.union([text, namedValues(namedValues(anyJson))], {
  error: 'expected a Keras class such as "Flatten", or with its config: {"Dense": {"units": 64}}',
});

const LAYER = z.union(
  [KERAS, z.strictObject({ repeat: z.union([text, positive]), layers: z.array(KERAS).min(1).readonly() })],
  {
    error: 'expected a Keras layer such as "Flatten" or {"Dense": {"units": 64}}, or {"repeat": "$n", "layers": [...]}',
  },
);

export type KerasSpec = z.output<typeof KERAS>;
export type LayerSpec = z.output<typeof LAYER>;

const TRAINING = z.strictObject({
  optimizer: KERAS.default("Adam"),
  /** Default for images: that of their task. */
  loss: KERAS.optional(),
  /** Default for images: those of their task. */
  metrics: z.array(KERAS).readonly().optional(),
  epochs: positive.default(100),
  batchSize: positive.default(128),
  /** The history key that early stopping watches; default: the first objective. */
  monitor: text.optional(),
  /** Epochs without improvement after which training stops; null for never. */
  patience: count.nullable().default(null),
  /** Weights of images in the loss by their class: "balanced", or weights by the names of classes. */
  classWeight: z
    .union([z.literal("balanced"), z.record(text, z.number().min(0))], {
      error: 'expected "balanced" or {"CLASS": weight, ...}',
    })
    .optional(),
  /** Of weights and order of samples: a number, or `"trial"` for the trial's own number. */
  seed: z.union([z.literal("trial"), count]).default("trial"),
});

/** A sampler or pruner: its name, or its name with options. */
const METHOD = z.union([text, namedValues(namedValues(anyJson))], {
  error: 'expected a name such as "tpe", or with options: {"tpe": {"startupTrials": 20}}',
});
export type MethodSpec = z.output<typeof METHOD>;

const DIRECTION = z.enum(["minimize", "maximize"]);

/** Number of trials, their methods and places: fields that may differ when a study goes on. */
const SCHEDULE = {
  trials: positive.default(100),
  /** Seconds after which no further trial starts. */
  timeout: z.number().gt(0).optional(),
  parallel: positive.default(1),
  asynchronous: z.boolean().default(false),
  sampler: METHOD.default("tpe"),
  pruner: METHOD.default("none"),
  seed: count.default(0),
  storage: text.optional(),
  /** Place for the models of complete trials: a folder, file:///..., or http(s)://host/path. Default: nowhere. */
  artifacts: text.optional(),
  /** Trials that somebody wants first: values for some or all parameters, the sampler chooses the rest. */
  enqueue: z.array(namedValues(choice)).readonly().default([]),
};

const TUNE_SPEC = z.strictObject({
  study: text,
  data: z.union([TABLE, IMAGES], {
    error: 'expected {"table": "FILE.csv", "target": COLUMN, ...} or {"images": "FOLDER", ...}',
  }),
  space: namedValues(PARAMETER),
  model: z.union(
    [
      z.strictObject({ application: text }),
      z.strictObject({
        layers: z.array(LAYER).min(1).readonly(),
        /** Puts the layers of the task after them: its outputs, in the unit of the targets. */
        head: z.literal("task").optional(),
      }),
    ],
    {
      error:
        'expected {"application": NAME} or {"layers": [Keras layers]}, and "head": "task" where the task ends them',
    },
  ),
  training: TRAINING.prefault({}),
  /** History keys such as `"val_loss"`, or `"parameters"`, the number of a model's parameters. */
  objective: oneOrMore(text).default("val_loss"),
  /** Default: up for metrics that are better when higher, else down. */
  direction: oneOrMore(DIRECTION).optional(),
  ...SCHEDULE,
});

/** The spec of a study: data, space, model, training, objective and schedule, with its defaults filled in. */
export type TuneSpec = z.output<typeof TUNE_SPEC>;
export type TableSpec = z.output<typeof TABLE>;
/** The data of a study of images, as its spec has them. */
export type ImagesSpec = z.output<typeof IMAGES>;

/** Members of the union of data by the key that selects one: a failed parse of the union does not name its member. */
const MEANT = { table: TABLE, images: IMAGES } as const;

/**
 * Reads a spec from JSON text, or from a value that JSON gave, and fills in the defaults.
 * @param json text or value
 * @param name of the spec in messages, such as its file. Default `spec`.
 * @throws FoveaError naming the first field that is missing, unknown or wrong
 * @example
 * const spec = readSpec({
 *   study: "pets",
 *   data: { images: "pets", imageSize: [12, 12] },
 *   space: { rate: { float: [1e-4, 1e-2], log: true } },
 *   model: { layers: ["Flatten", { Dense: { units: "$classes" } }] },
 *   training: { optimizer: { Adam: { learning_rate: "$rate" } } },
 * });
 * spec.trials; // 100, the default
 * dataPathOf(spec); // "pets"
 */
export function readSpec(json: unknown, name = "spec"): TuneSpec {
  const value = typeof json === "string" ? parseJson(name, json, { names: true }) : json;
  const data = (value as { readonly data?: unknown } | null)?.data;
  if (typeof data === "object" && data !== null)
    for (const [key, schema] of Object.entries(MEANT)) if (key in data) checkJson(`${name}: data`, schema, data);
  const space = (value as { readonly space?: unknown } | null)?.space;
  if (typeof space === "object" && space !== null && Object.keys(space).length === 0)
    throw new FoveaError("empty-input", `${name}: space: expected at least one parameter, received none`);
  return checkJson(name, TUNE_SPEC, value);
}

/**
 * Reads the spec that a study remembers; BEFORE stands for what it does not say about images. One that remembers no task is
 * from before there were tasks, when the accuracy of a single output was counted from 0.5, of logits as well.
 */
export function readStoredSpec(json: unknown, name: string): TuneSpec {
  const data = (json as { readonly data?: unknown } | null)?.data;
  const isOfImages = typeof data === "object" && data !== null && "images" in data;
  if (!isOfImages) return readSpec(json, name);
  const spec = readSpec({ ...(json as object), data: { ...BEFORE, ...data } }, name);
  if ("task" in data || spec.training.metrics !== undefined || !endsInOneOutput(spec)) return spec;
  return { ...spec, training: { ...spec.training, metrics: ["accuracy"] } };
}

/** Checks whether the layers of a spec end in a single output. */
function endsInOneOutput({ model }: Pick<TuneSpec, "model">): boolean {
  if (!("layers" in model) || model.head !== undefined) return false;
  const dense = model.layers.findLast((layer) => typeof layer === "object" && "Dense" in layer);
  return typeof dense === "object" && (dense as { readonly Dense: { readonly units?: unknown } }).Dense.units === 1;
}

export const asList = <T>(value: T | readonly T[]): readonly T[] =>
  (Array.isArray(value) ? value : [value]) as readonly T[];

/** The path of a spec's `data`: of its table, or of its images. */
export const dataPathOf = ({ data }: Pick<TuneSpec, "data">): string => ("table" in data ? data.table : data.images);

/** Fields that define a study: everything but its name, its schedule and the paths of its data. */
export function definitionOf(spec: TuneSpec): unknown {
  const { data, space, model, training, objective, direction } = spec;
  const { table: _table, images: _images, sampleWeight: _weights, ...content } = data as TableSpec & ImagesSpec;
  return { data: content, space, model, training, objective, direction };
}
