// A certificate beside its run: the run's files, weights and data are still those that were certified, or a sentence says
// which are not.
import { FoveaError } from "../../core/errors.js";
import { checkSameData } from "../data/experiment-data.js";
import type { ExperimentData } from "../data/index.js";
import { RUN_FILES, type RunFolder, recipeOf } from "../run/index.js";
import type { Certificate } from "./certificate.js";
import { certifiedHashes, weightsInModel } from "./certify.js";

/** Result of comparing a run with its certificate. */
export interface CertificateCheck {
  /** Things that are still those of the certificate. */
  readonly equal: readonly string[];
  /** A sentence about each that is another. */
  readonly broken: readonly string[];
}

/**
 * Compares a run with a certificate whose signature was checked by `readCertificate`. Works in Node and in a page.
 * @param data images or table of the run, loaded as its recipe says; left out, they are not compared
 * @param certificate A certificate, as `readCertificate` gives it.
 * @param folder The run.
 * @throws FoveaError for a folder that has not all of the certified files
 */
export async function checkCertificate(
  certificate: Certificate,
  folder: RunFolder,
  data?: ExperimentData,
): Promise<CertificateCheck> {
  const hashes = await certifiedHashes(folder);
  const isSame = (file: keyof Certificate["files"]): boolean => hashes[file] === certificate.files[file];
  const broken: string[] = [];
  const equal: string[] = [];
  const judge = (what: string, sentence: string | undefined): void => {
    if (sentence === undefined) equal.push(what);
    else broken.push(sentence);
  };
  judge("recipe", isSame("recipe.json") ? undefined : changedFile(folder, RUN_FILES.recipe));
  judge("weights", await changedWeights(certificate, folder, isSame("model.keras")));
  judge("history", isSame("history.csv") ? undefined : changedFile(folder, RUN_FILES.history));
  judge("metrics", isSame("metrics.json") ? undefined : changedFile(folder, RUN_FILES.metrics));
  // Data are found by the recipe: by another recipe they say nothing.
  if (data !== undefined && isSame("recipe.json"))
    judge(data.folders.train.samples.nouns[1], await changedData(folder, data));
  return { equal, broken };
}

const changedFile = ({ path }: RunFolder, file: string): string =>
  `${path}: ${file} is not the one that was certified; bring back the run's file, or certify the run again`;

/** The sentence about a model.keras that is another; the weights are looked at where the file's bytes are. */
async function changedWeights(
  { weights_sha256: expected }: Certificate,
  folder: RunFolder,
  isSameFile: boolean,
): Promise<string | undefined> {
  try {
    const weights = await weightsInModel(folder);
    if (weights !== expected)
      return (
        `${folder.path}: the weights in ${RUN_FILES.model} are not those that were certified: expected ` +
        `${expected.slice(0, 12)}, received ${weights.slice(0, 12)}; bring back the run's model, or certify the run again`
      );
  } catch (error) {
    if (!(error instanceof FoveaError)) throw error;
    return error.message;
  }
  return isSameFile
    ? undefined
    : `${folder.path}: ${RUN_FILES.model} has the certified weights, but the file around them was changed; bring back the run's model, or certify the run again`;
}

async function changedData(folder: RunFolder, data: ExperimentData): Promise<string | undefined> {
  try {
    checkSameData(data, (await recipeOf(folder)).data);
    return undefined;
  } catch (error) {
    if (!(error instanceof FoveaError)) throw error;
    return error.message;
  }
}
