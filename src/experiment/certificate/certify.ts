// Certification: a run is trained again, and only where every epoch and the weights are equal to the bit is that signed.
import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import { VERSION } from "../../core/version.js";
import type { Recipe } from "../../formats/run/recipe.js";
import { loadModel } from "../../loading.js";
import { sha256Hex } from "../../platform/hashing.js";
import { machineFacts } from "../../platform/machine.js";
import { baseName } from "../../platform/paths.js";
import { type ExperimentData, PART_NAMES } from "../data/index.js";
import type { RunFile } from "../run/folder.js";
import { expectedOf, type Replayed, RUN_FILES, type RunFolder, recipeOf, replay } from "../run/index.js";
import type { TrainOptions } from "../training/index.js";
import { type Certificate, type CertifiedFacts, signCertificate } from "./certificate.js";

/** The files of a run that a certificate holds still. */
export const CERTIFIED_FILES = ["recipe", "history", "metrics", "model"] as const satisfies readonly RunFile[];

/** Options of `certify`. */
export interface CertifyOptions extends Pick<TrainOptions, "threads" | "runtime" | "signal" | "observer"> {
  /** An Ed25519 private key as PEM. */
  readonly key: string;
  /** Name of its file, for messages. Default "the key". */
  readonly keyName?: string;
  /** Time that the certificate tells. Default now. */
  readonly time?: Date;
}

/** Result of a certification. */
export interface Certified {
  /** The run trained again, and its differences. */
  readonly replayed: Replayed;
  /** Absent where the replay ended in other bits: then nothing is signed. */
  readonly certificate?: Certificate;
}

/** SHA-256 of the weights in a run's model.keras, as they are and not as the file says. */
export async function weightsInModel(folder: RunFolder, options: Pick<TrainOptions, "threads"> = {}): Promise<string> {
  const { model } = await loadModel(await folder.bytes("model"), {
    file: folder.file("model"),
    compile: false,
    ...defined(options),
  });
  return model.weightsSha256().finally(() => model.close());
}

/**
 * Trains a run again as `replay` does, and signs the equality.
 * @param data its images or table, loaded as its recipe says
 * @param folder A run that has ended.
 * @throws FoveaError when the run has not ended, the data are not its own, the key is none, or model.keras has other weights
 * than the run's metrics.json tells of
 * @example
 * const key = await newSigningKey();
 * const folder = await RunFolder.open("runs/pets");
 * const { preprocessing, split } = await recipeOf(folder);
 * const data = await loadData(await findData("pets"), preprocessing, split);
 * const { certificate } = await certify(folder, data, { key, threads: 1 });
 * const { broken } = await checkCertificate(certificate, folder, data); // []
 * const { public_key, signature, ...facts } = await readCertificate(writeCertificate(certificate));
 * const renamed = await signCertificate({ ...facts, run: { ...facts.run, name: "pets" } }, key);
 * await closeData(data);
 */
export async function certify(folder: RunFolder, data: ExperimentData, options: CertifyOptions): Promise<Certified> {
  const { key, keyName, time = new Date(), ...training } = options;
  const expected = await expectedOf(folder);
  const recipe = await recipeOf(folder);
  const files = await certifiedHashes(folder);
  // Both are tried before hours of training: the key, and the file that the certificate is about.
  const facts = await certifiedFacts(folder, recipe, files, { time, threads: training.threads });
  await signCertificate(facts, key, keyName);
  const weights = await weightsInModel(folder, defined({ threads: training.threads }));
  if (weights !== expected.weightsSha256)
    throw new FoveaError(
      "record-mismatch",
      `${folder.file("model")} has other weights (${weights.slice(0, 12)}) than ${RUN_FILES.metrics} names ` +
        `(${expected.weightsSha256.slice(0, 12)}); bring back the run's model, or train again`,
    );
  const replayed = await replay(recipe, data, expected, training);
  if (!replayed.sameBits) return { replayed };
  return { replayed, certificate: await signCertificate(facts, key, keyName) };
}

/** SHA-256 of the certified files of a run. */
export async function certifiedHashes(folder: RunFolder): Promise<CertifiedFacts["files"]> {
  const [recipe, history, metrics, model] = await Promise.all(
    CERTIFIED_FILES.map(async (which) => sha256Hex(await folder.bytes(which))),
  );
  return { "recipe.json": recipe!, "history.csv": history!, "metrics.json": metrics!, "model.keras": model! };
}

async function certifiedFacts(
  folder: RunFolder,
  recipe: Recipe,
  files: CertifiedFacts["files"],
  { time, threads }: { readonly time: Date; readonly threads: number | undefined },
): Promise<CertifiedFacts> {
  const { history, weightsSha256 } = await expectedOf(folder);
  const machine = await machineFacts();
  const { name, version } = recipe.transfer?.engine ?? {};
  return {
    version: 1,
    run: { name: baseName(folder.path), task: recipe.task.kind, created_by: { ...recipe.createdBy } },
    files,
    data: PART_NAMES.flatMap((part) => {
      const recorded = recipe.data[part];
      if (recorded === undefined) return [];
      const { sha256, images, rows, columns } = recorded;
      return [{ part, sha256, ...defined({ images, rows, columns }) }];
    }),
    ...defined({ journal: recipe.data.journal }),
    weights_sha256: weightsSha256,
    replay: {
      equal: true,
      epochs: history.epoch.length,
      engine: `Fovea ${VERSION}, WebAssembly${name === undefined ? "" : `; features by ${name} ${version}`}`,
      mode: recipe.mode,
      threads: threads ?? machine.threads,
      ...(machine.node === null ? {} : { node: machine.node }),
      platform: machine.node === null ? machine.release : `${machine.platform} ${machine.arch}`,
      time: time.toISOString(),
    },
  };
}
