// Keras's automatic names: the class name in snake_case, then `_1`, `_2`... One scope per model, so that a model's
// names, and with them its files, do not depend on what else the program has built.

/** `MaxPooling2D` to `max_pooling2d`, `LeakyReLU` to `leaky_re_lu`. */
export const toSnakeCase = (name: string): string =>
  name
    .replace(/\W+/g, "")
    .replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();

/** `max_norm` as code spells it: `maxNorm`. */
type CamelCase<Name extends string> = Name extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Name;

/** A name in Keras's spelling or in camelCase: editors complete both, and a typo is an error of `tsc`. */
export type Spelled<Name extends string> = Name | CamelCase<Name>;

/** Hands out names that are unique within one model. */
export class NameScope {
  readonly #counts = new Map<string, number>();
  readonly #taken = new Set<string>();

  /** Takes a name that the user chose; automatic ones keep clear of it. False when it is taken already. */
  reserve(name: string): boolean {
    if (this.#taken.has(name)) return false;
    this.#taken.add(name);
    return true;
  }

  /** The next free name for a class: `dense`, `dense_1`... */
  next(className: string): string {
    const base = toSnakeCase(className);
    for (;;) {
      const count = this.#counts.get(base) ?? 0;
      this.#counts.set(base, count + 1);
      const name = count === 0 ? base : `${base}_${count}`;
      if (this.reserve(name)) return name;
    }
  }
}
