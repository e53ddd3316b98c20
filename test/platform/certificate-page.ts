// A certificate and its run in a page: the signature is checked, the run is compared with the files of a folder that was dropped,
// and it is trained and certified again in the browser. The folder with the run is named in the module's address.
import { openPageFiles, type PageFile } from "../../src/data/index.js";
import {
  type Certificate,
  certify,
  checkCertificate,
  readCertificate,
} from "../../src/experiment/certificate/index.js";
import { closeData, type ExperimentData, loadData, sourcesOfParts } from "../../src/experiment/data/index.js";
import { RunFolder, recipeOf } from "../../src/experiment/run/index.js";
import type { Recipe } from "../../src/formats/run/recipe.js";
import { memoryFiles } from "../../src/platform/files/memory-files.js";
import { signText, verifyText } from "../../src/platform/signing.js";

export interface CertificatePageAnswer {
  readonly signature: string;
  readonly isVerified: boolean;
  readonly equal: readonly string[];
  readonly broken: readonly string[];
  /** Sentences about a run with other weights, with another recipe, and with another image. */
  readonly changed: Readonly<Record<"weights" | "recipe" | "image", string>>;
  readonly certificate: Certificate | undefined;
}

/** Files of the folder that the test has made: `files.json` lists them. */
export interface PageCase {
  readonly run: readonly string[];
  /** Paths below `pets`, which is the folder that was dropped. */
  readonly images: readonly string[];
  readonly key: string;
}

type Picture = readonly [path: string, bytes: Uint8Array];

/** Images as a page has them when their folder is dropped on it, loaded as a recipe says. */
async function dropped(pictures: readonly Picture[], recipe: Recipe): Promise<ExperimentData> {
  const files = pictures.map(([path, bytes]): PageFile => {
    const slice = (start?: number, end?: number): Blob => new Blob([bytes.slice(start, end)]);
    return { name: path, webkitRelativePath: `pets/${path}`, size: bytes.length, slice };
  });
  const sources = sourcesOfParts(await openPageFiles(files), recipe.data);
  return loadData(sources, recipe.preprocessing, recipe.split, { cache: false, threads: 0, recorded: recipe.data });
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
  const pictures: Picture[] = [];
  // One after the other: a browser refuses thousands of requests at once.
  for (const path of images) pictures.push([path, await bytesOf(`pets/${path}`)]);
  const certificate = await readCertificate(await files.readText("run/certificate.json"));
  const data = await dropped(pictures, recipe);
  const { equal, broken } = await checkCertificate(certificate, run, data);
  const { certificate: again } = await certify(run, data, { key, threads: 1 });
  await closeData(data);

  // The last image takes the bytes of the first.
  const otherImages = await dropped([...pictures.slice(0, -1), [pictures.at(-1)![0], pictures[0]![1]]], recipe);
  const image = await checkCertificate(certificate, run, otherImages);
  await closeData(otherImages);
  await files.writeAtomic("run/model.keras", await bytesOf("other.keras"));
  const weights = await checkCertificate(certificate, run);
  await files.writeAtomic("run/model.keras", await bytesOf("run/model.keras"));
  const text = await files.readText("run/recipe.json");
  await files.writeAtomic("run/recipe.json", new TextEncoder().encode(text.replace('"seed": 1', '"seed": 2')));
  const other = await checkCertificate(certificate, run);
  const signed = await signText("r", key);
  return {
    signature: signed.signature,
    isVerified: await verifyText("r", signed),
    equal,
    broken,
    changed: { weights: weights.broken.join(), recipe: other.broken.join(), image: image.broken.join() },
    certificate: again,
  };
};
