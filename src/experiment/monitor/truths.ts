// Labels that have come for images that a model was asked about: how right it was.
import type { ErrorCode } from "../../core/error-codes/index.js";
import { FoveaError } from "../../core/errors.js";
import { type Listing, type Targets, targetsOf } from "../../data/index.js";
import { outputNamesOf, type TaskFacts } from "../../formats/run/task.js";
import { readBytes } from "../../platform/files.js";
import { sha256Hex } from "../../platform/hashing.js";
import { NumberSample, type SignalAnswer, type TruthSignals } from "../signals/index.js";
import { taskOf } from "../tasks/index.js";

/** Targets of the images of a source, by their names or hashes. */
export interface Truths {
  readonly targets: Targets;
  readonly rows: ReadonlyMap<string, number>;
}

/** Targets that are others than the model's. */
export interface UnusedTruths {
  /** A sentence that says why they are not used. */
  readonly unused: string;
  readonly code: ErrorCode;
}

/**
 * Targets of a listing that suit a task, by the names of the images.
 * @returns undefined for a source without targets; the reason where it has others than the model's
 */
export function truthsOfListing(listing: Listing, task: TaskFacts | undefined): Truths | UnusedTruths | undefined {
  if (task === undefined || Object.keys(listing.columns).length === 0) return undefined;
  const record = taskOf(task);
  const { targetKind: kind } = record;
  if (kind === "masks" || kind === "boxes") return undefined;
  const columns = record.columnsOf(task).target;
  try {
    const { targets } = targetsOf(listing, {
      kind,
      ...(columns !== undefined && { columns }),
      ...(kind !== "numbers" && { names: outputNamesOf(task) }),
    });
    return { targets, rows: new Map(listing.images.map(({ path }, row) => [path, row])) };
  } catch (error) {
    if (error instanceof FoveaError) return { unused: `their labels are not used: ${error.message}`, code: error.code };
    throw error;
  }
}

/** The same by the SHA-256 of the image files, for logs, which know these. */
export async function truthsByHash(listing: Listing, task: TaskFacts | undefined): Promise<Truths> {
  const truths = truthsOfListing(listing, task);
  if (truths === undefined)
    throw new FoveaError(
      "missing-labels",
      `${listing.where} has no labels that the model's answers can be held against`,
    );
  if ("unused" in truths) throw new FoveaError(truths.code, `${listing.where}: ${truths.unused}`);
  const rows = new Map<string, number>();
  for (const [row, { source }] of listing.images.entries()) {
    const bytes = typeof source === "string" ? await readBytes(source) : await source();
    rows.set(await sha256Hex(bytes), row);
  }
  return { targets: truths.targets, rows };
}

/** Counts answers that are right, or how far numbers are off. */
export class TruthTally {
  readonly #truths: Truths;
  #right = 0;
  #total = 0;
  readonly #errors = new NumberSample();

  constructor(truths: Truths) {
    this.#truths = truths;
  }

  /** @param key name or hash of the image */
  add(key: string | undefined, { error, top, labels, value, values }: SignalAnswer): void {
    const { targets, rows } = this.#truths;
    const row = key === undefined ? undefined : rows.get(key);
    if (row === undefined || error !== undefined) return;
    if (targets.kind === "classes" && top?.[0] !== undefined)
      this.#count(top[0].class === targets.classNames[targets.indices[row]!]);
    else if (targets.kind === "labels" && labels !== undefined) {
      const width = targets.labelNames.length;
      const has = new Set(targets.labelNames.filter((_, at) => targets.values[row * width + at] === 1));
      this.#count(labels.every(({ label, given }) => has.has(label) === given));
    } else if (targets.kind === "numbers") {
      const said = value ?? values?.[0];
      const actual = targets.values[row * targets.names.length]!;
      if (typeof said === "number" && Number.isFinite(actual)) this.#errors.add(Math.abs(actual - said));
    }
  }

  /** Undefined where no answer has a label. */
  signals(): TruthSignals | undefined {
    if (this.#total > 0) return { kind: "rights", right: this.#right, total: this.#total };
    const { values } = this.#errors;
    return values.length > 0 ? { kind: "errors", errors: values } : undefined;
  }

  #count(isRight: boolean): void {
    this.#total++;
    if (isRight) this.#right++;
  }
}
