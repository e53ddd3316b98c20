// Files of a trial beside its numbers: its model as a .keras file, and the course of its training. That a server did not
// keep it is noted with the trial and not its end: its value is known, and its model can be rebuilt to the bit. A folder
// that takes no more files would lose every further model, so it ends the run; the trial is taken up when that goes on.
import { VERSION } from "../../core/version.js";
import { printJson, withSpokenNumbers } from "../../formats/json.js";
import { saveKeras } from "../../formats/models/keras.js";
import { isOfSystem } from "../../platform/files.js";
import { StorageError, type Study, type Trial, type TrialRecord } from "../../tune/index.js";
import type { ArtifactStore } from "./artifact-store.js";
import type { StudyData } from "./study-data.js";
import { fileFacts } from "./trial-facts.js";
import type { TrainedTrial } from "./trial-training.js";

/** User attributes of a trial: where its files lie, or why they are not kept. */
const ATTRIBUTES = { folder: "artifacts", error: "artifacts_error" } as const;

const MODEL = { name: "model.keras", mimetype: "application/octet-stream" } as const;
const TRAINING = { name: "training.json", mimetype: "application/json" } as const;

/** A study's name as a part of a path: two names give two parts (capitals counted), and none leads elsewhere. */
export const pathPart = (name: string): string =>
  name
    .replaceAll(/[^\p{L}\p{N}._-]/gu, (character) =>
      [...new TextEncoder().encode(character)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""),
    )
    .replace(/^\./, "%2e");

/**
 * Keeps `STUDY/trial-N/model.keras`, and when that is there `training.json`, and notes with the trial where they lie: for
 * people as a user attribute, for Optuna as its artifacts. Trials without a value have nothing to keep.
 * @throws StorageError when the system keeps no more files there
 */
export async function keepTrial(
  store: ArtifactStore,
  { name, directions }: Pick<Study, "name" | "directions">,
  objectives: readonly string[],
  data: StudyData,
  trial: Trial,
  { model, values, history, epochs, bestEpoch, weightsSha256 }: TrainedTrial,
): Promise<void> {
  if (values.some(Number.isNaN)) return;
  const folder = `${pathPart(name)}/trial-${trial.number}`;
  const training = {
    created_by: `Fovea ${VERSION}`,
    study: name,
    trial: trial.number,
    params: trial.params,
    objectives,
    directions,
    values,
    epochs,
    best_epoch: bestEpoch,
    weights_sha256: weightsSha256,
    history,
  };
  try {
    const bytes = await saveKeras(model, { facts: { ...(await fileFacts(data, model)), weightsSha256 } });
    const where = await store.put(`${folder}/${MODEL.name}`, bytes, MODEL.mimetype);
    await store.put(
      `${folder}/${TRAINING.name}`,
      new TextEncoder().encode(printJson(withSpokenNumbers(training))),
      TRAINING.mimetype,
    );
    trial.setUserAttribute(ATTRIBUTES.folder, where.slice(0, -MODEL.name.length - 1));
    for (const { name: file, mimetype } of [MODEL, TRAINING]) trial.addArtifact(`${folder}/${file}`, file, mimetype);
  } catch (error) {
    if (isOfSystem(error)) throw new StorageError((error as Error).message, { cause: error });
    trial.setUserAttribute(ATTRIBUTES.error, error instanceof Error ? error.message : String(error));
  }
}

/**
 * Address of a trial's model, or the reason that it was not kept; neither for a study without a place for artifacts.
 * @example
 * keptModel({ userAttributes: { artifacts: "models/claims/trial-0" } }).path; // "models/claims/trial-0/model.keras"
 */
export function keptModel({ userAttributes }: Pick<TrialRecord, "userAttributes">): {
  readonly path?: string;
  readonly error?: string;
} {
  const { [ATTRIBUTES.folder]: folder, [ATTRIBUTES.error]: error } = userAttributes;
  if (typeof folder === "string") return { path: `${folder}/${MODEL.name}` };
  return typeof error === "string" ? { error } : {};
}
