// Models of a service by name and version. A model is replaced once the new one is open and warm: requests that began go on
// with the old one, which is closed after the last of them.
import { FoveaError } from "../core/errors.js";
import { baseName, extensionOf, parentFolder } from "../platform/paths.js";
import { HostedModel, type HostOptions, type ModelSpec } from "./hosted-model.js";
import { ServiceError } from "./service-error.js";

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/**
 * The model that a text names: `NAME=PATH`, `NAME:VERSION=PATH`, or a path, whose folder or file gives the name.
 * @param text The text of an option `--model`.
 * @throws FoveaError for a name or version that cannot stand in an address
 * @example modelSpec("claims:2=runs/claims-4") // { name: "claims", version: "2", path: "runs/claims-4" }
 */
export function modelSpec(text: string): ModelSpec {
  const [, name, version = "1", path] = /^([^=/\\]+?)(?::(\d{1,9}))?=(.+)$/s.exec(text) ?? [];
  if (name === undefined || path === undefined) {
    const base = baseName(text);
    const named = /^model\.\w+$/.test(base) ? baseName(parentFolder(text)) : base;
    return modelSpec(`${safeName(named.slice(0, named.length - extensionOf(named).length))}=${text}`);
  }
  if (NAME.test(name)) return { name, version, path };
  throw new FoveaError(
    "unusable-name",
    `${name}: expected a name of letters, digits, dots, dashes and underscores, such as claims=${path}`,
  );
}

const safeName = (text: string): string =>
  text
    .replaceAll(/[^A-Za-z0-9._-]/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "")
    .slice(0, 100) || "model";

export class Registry {
  readonly #models = new Map<string, HostedModel>();
  readonly #options: HostOptions;
  readonly #reloading = new Map<string, Promise<void>>();

  private constructor(options: HostOptions) {
    this.#options = options;
  }

  /** Opens all models. @throws FoveaError for a model that cannot be opened, or two of one name and version */
  static async open(specs: readonly ModelSpec[], options: HostOptions): Promise<Registry> {
    if (specs.length === 0)
      throw new FoveaError("empty-input", "a service has at least one model; name a run or a model file");
    const registry = new Registry(options);
    try {
      for (const spec of specs) {
        const key = keyOf(spec);
        if (registry.#models.has(key))
          throw new FoveaError(
            "duplicate",
            `${spec.path}: there is a model ${spec.name} of version ${spec.version} already; name it such as ${spec.name}:${Number(spec.version) + 1}=${spec.path}`,
          );
        registry.#models.set(key, await HostedModel.open(spec, options));
      }
      return registry;
    } catch (error) {
      await registry.close();
      throw error;
    }
  }

  /** All models in the order of their names and versions. */
  get all(): readonly HostedModel[] {
    return [...this.#models.values()].sort(
      ({ spec: a }, { spec: b }) =>
        (a.name < b.name ? -1 : a.name > b.name ? 1 : 0) || Number(a.version) - Number(b.version),
    );
  }

  /** The name of the only model; undefined where there are several. */
  get only(): string | undefined {
    const names = new Set(this.all.map(({ spec }) => spec.name));
    return names.size === 1 ? [...names][0] : undefined;
  }

  versionsOf(name: string): string[] {
    return this.all.filter(({ spec }) => spec.name === name).map(({ spec }) => spec.version);
  }

  /** A model; without a version the highest. @throws ServiceError 404 where there is none */
  find(name: string, version?: string): HostedModel {
    const versions = this.versionsOf(name);
    const wanted = version ?? versions.at(-1);
    const model = wanted === undefined ? undefined : this.#models.get(keyOf({ name, version: wanted }));
    if (model !== undefined) return model;
    if (versions.length > 0)
      throw new ServiceError(
        404,
        "unknown-model",
        `there is no version ${version} of ${name}; there is ${versions.join(", ")}`,
      );
    const names = [...new Set(this.all.map(({ spec }) => spec.name))];
    throw new ServiceError(404, "unknown-model", `there is no model ${name}; there is ${names.join(", ")}`);
  }

  /** Opens the versions of a model anew, each in place of the old one. @throws FoveaError, with the old ones in place */
  async reload(name: string): Promise<void> {
    for (const { spec } of this.all.filter(({ spec }) => spec.name === name)) {
      const key = keyOf(spec);
      // One after the other: the last one that was asked for is the one that stays.
      const turn = (this.#reloading.get(key) ?? Promise.resolve())
        .catch(() => undefined)
        .then(() => this.#replace(spec));
      this.#reloading.set(key, turn);
      await turn;
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#reloading.values()].map((turn) => turn.catch(() => undefined)));
    for (const model of this.#models.values()) await model.retire();
    this.#models.clear();
  }

  async #replace(spec: ModelSpec): Promise<void> {
    const fresh = await HostedModel.open(spec, this.#options);
    const old = this.#models.get(keyOf(spec));
    this.#models.set(keyOf(spec), fresh);
    void old?.retire();
  }
}

const keyOf = ({ name, version }: Pick<ModelSpec, "name" | "version">): string => `${name}\n${version}`;
