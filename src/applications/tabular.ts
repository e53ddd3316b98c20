// Models for tables: rows of features in, the layers of a task at the end. `linear` alone is the generalized linear model
// of that task; `mlp` learns interactions before it.
import { oneOf } from "../core/errors.js";
import { wholeNumber } from "../core/options.js";
import { dense, InputLayer, type Layer } from "../nn/layers/index.js";
import type { Model, ModelOptions } from "../nn/model/model.js";
import { Sequential } from "../nn/model/sequential.js";

/** A model for tables, and the settings that it learns well with. */
export interface TableModel {
  /** One line for help texts. */
  readonly title: string;
  /** Layers between features and head. */
  readonly layers: () => Layer[];
  /** Adam's rate, unless told otherwise. */
  readonly learningRate: number;
  /** Strength of the L2 penalty on the last layer unless told otherwise, by the link: of numbers, of counts and amounts. */
  readonly l2: { readonly identity: number; readonly log: number };
}

/** The architectures for tables, by name. */
export const TABLE_MODELS = {
  mlp: {
    title: "two hidden layers of 64 and 32 units, relu",
    layers: () => [dense(64, { activation: "relu" }), dense(32, { activation: "relu" })],
    learningRate: 1e-3,
    l2: { identity: 0, log: 0 },
  },
  linear: {
    title: "a generalized linear model; of counts and amounts with an L2 penalty of 0.1",
    layers: () => [],
    learningRate: 1e-2,
    // A tenth of scikit-learn's: 1 leaves little but the mean of claim counts (tools/sklearn-policies.py has the figures).
    l2: { identity: 0, log: 0.1 },
  },
} as const satisfies Record<string, TableModel>;
export type TableModelName = keyof typeof TABLE_MODELS;
/** The names that `fovea train --model` takes for tables. */
export const TABLE_MODEL_NAMES = Object.keys(TABLE_MODELS) as readonly TableModelName[];

/**
 * A model for a table, with fresh weights.
 * @param features numbers per row
 * @param head layers of the task
 * @throws FoveaError for a name that is not known
 */
export const tableModel = (name: string, features: number, head: readonly Layer[], options: ModelOptions = {}): Model =>
  new Sequential(
    [
      new InputLayer([wholeNumber("features", features)]),
      ...TABLE_MODELS[oneOf("model", name, TABLE_MODEL_NAMES)].layers(),
      ...head,
    ],
    options,
  );
