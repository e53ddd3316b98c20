// A certificate and its run in a page: the signature is checked, the run is compared, and it is trained and certified again
// in the browser. The folder with the run is named in the module's address.
import { defined } from "../../src/core/defined.js";
import { openPageFiles, type PageFile } from "../../src/data/index.js";
import {
  type Certificate,
  certify,
  checkCertificate,
  readCertificate,
} from "../../src/experiment/certificate/index.js";
import { closeData, type ExperimentData, loadData } from "../../src/experiment/data/index.js";
import { RunFolder, recipeOf } from "../../src/experiment/run/index.js";
import type { Recipe } from "../../src/formats/run/recipe.js";
import { memoryFiles } from "../../src/platform/files/memory-files.js";
import { signText, verifyText } from "../../src/platform/signing.js";
import { PLAN } from "../cases/plan.js";

export interface CertificatePageAnswer {
  readonly signature: string;
  readonly isVerified: boolean;
  readonly equal: readonly string[];
  readonly broken: readonly string[];
  /** Sentences about a run whose weights are others. */
  readonly changed: readonly string[];
  readonly certificate: Certificate | undefined;
}

/** Files of the folder that the test has made: `files.json` lists them. */
export interface PageCase {
  readonly run: readonly string[];
  readonly images: readonly string[];
  readonly key: string;
}

/** Images as a page has them when their folder is dropped on it. @param recorded the recipe's, where there is one */
export async function dropped(
  images: readonly (readonly [path: string, bytes: Uint8Array])[],
  recorded?: Recipe["data"],
): Promise<ExperimentData> {
  const files = images.map(([path, bytes]): PageFile => {
    const slice = (start?: number, end?: number): Blob => new Blob([bytes.slice(start, end)]);
    return { name: path, webkitRelativePath: path, size: bytes.length, slice };
  });
  const train = await openPageFiles(files);
  return loadData({ train }, PLAN.preprocessing, PLAN.split, { cache: false, ...defined({ recorded }) });
}

export default async (): Promise<CertificatePageAnswer> => {
  const folder = new URL(import.meta.url).searchParams.get("folder")!;
  const bytesOf = async (name: string): Promise<Uint8Array> =>
    new Uint8Array(await (await fetch(`${folder}/${name}`)).arrayBuffer());
  const { run: names, images, key } = (await (await fetch(`${folder}/files.json`)).json()) as PageCase;
  const files = memoryFiles();
  await files.makeDirectory("run");
  for (const name of names) await files.writeAtomic(`run/${name}`, await bytesOf(`run/${name}`));
  const run = await RunFolder.open("run", { files });
  const recipe = await recipeOf(run);
  const pictures = await Promise.all(images.map(async (path) => [path, await bytesOf(`pets/${path}`)] as const));
  const data = await dropped(pictures, recipe.data);
  const certificate = await readCertificate(await files.readText("run/certificate.json"));
  const { equal, broken } = await checkCertificate(certificate, run, data);
  const { certificate: again } = await certify(run, data, { key, threads: 1 });
  await closeData(data);
  await files.writeAtomic("run/model.keras", await bytesOf("other.keras"));
  const { broken: changed } = await checkCertificate(certificate, run);
  const signed = await signText("r", key);
  return {
    signature: signed.signature,
    isVerified: await verifyText("r", signed),
    equal,
    broken,
    changed,
    certificate: again,
  };
};
