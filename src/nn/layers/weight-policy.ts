// Keras's settings for each weight of a layer: its initial values, its penalty in the loss, and its constraint after an
// update. `kernel` becomes the options kernelInitializer, kernelRegularizer and kernelConstraint, and in files
// kernel_initializer and so on.

import type { JsonObject } from "../../core/json.js";
import {
  type Constraint,
  type ConstraintLike,
  constraintFromKeras,
  constraintOf,
  constraintToKeras,
} from "../constraints.js";
import {
  type Initializer,
  type InitializerLike,
  initializerFromKeras,
  initializerOf,
  initializerToKeras,
} from "../initializers/index.js";
import {
  type Regularizer,
  type RegularizerLike,
  regularizerFromKeras,
  regularizerOf,
  regularizerToKeras,
} from "../regularizers.js";

/** First values of a weight, and what training does to it beside following the gradient. */
export interface WeightPolicy {
  readonly initializer: Initializer;
  readonly regularizer: Regularizer | null;
  readonly constraint: Constraint | null;
}

/** The options that a weight called `Role` adds to a layer's. */
export type PolicyOptions<Role extends string> = {
  readonly [K in `${Role}Initializer`]?: InitializerLike;
} & { readonly [K in `${Role}Regularizer`]?: RegularizerLike } & {
  readonly [K in `${Role}Constraint`]?: ConstraintLike;
};

/** The names of these options. */
export const policyNames = (...roles: readonly string[]): string[] =>
  roles.flatMap((role) => [`${role}Initializer`, `${role}Regularizer`, `${role}Constraint`]);

/** Reads the options of one weight; `fallback` is how it starts when nothing is said. */
export function policyOf<Role extends string>(
  label: string,
  role: Role,
  options: PolicyOptions<Role>,
  fallback: Initializer,
): WeightPolicy {
  const byName = options as Readonly<Record<string, never>>;
  return {
    initializer: initializerOf(`${label} ${role}Initializer`, byName[`${role}Initializer`] ?? fallback),
    regularizer: regularizerOf(`${label} ${role}Regularizer`, byName[`${role}Regularizer`]),
    constraint: constraintOf(`${label} ${role}Constraint`, byName[`${role}Constraint`]),
  };
}

/** The fields of one weight in Keras's config. */
export const policyToKeras = (role: string, { initializer, regularizer, constraint }: WeightPolicy): JsonObject => ({
  [`${role}_initializer`]: initializerToKeras(initializer),
  [`${role}_regularizer`]: regularizerToKeras(regularizer),
  [`${role}_constraint`]: constraintToKeras(constraint),
});

/** The options of one weight from Keras's config. */
export const policyFromKeras = <Role extends string>(
  className: string,
  role: Role,
  config: JsonObject,
  fallback: Initializer,
): PolicyOptions<Role> =>
  ({
    [`${role}Initializer`]: initializerFromKeras(className, config[`${role}_initializer`], fallback),
    [`${role}Regularizer`]: regularizerFromKeras(className, config[`${role}_regularizer`]),
    [`${role}Constraint`]: constraintFromKeras(className, config[`${role}_constraint`]),
  }) as PolicyOptions<Role>;
