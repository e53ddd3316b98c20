// Work with galleries: identities enrolled from folders, images identified among them, identities forgotten.
import { FoveaError } from "../../core/errors.js";
import { listedNames } from "../../data/messages.js";
import { exists } from "../../platform/files.js";
import { leavesOf, walkFolder } from "../../platform/walk.js";
import type { BadFile } from "../data/bad-files.js";
import { imagesIn } from "../data/index.js";
import { type Gallery, readGallery, writeGallery } from "./gallery-file.js";
import { compared, type Verifier } from "./verifier.js";

/** Result of an enrolment. */
export interface Enrolled {
  /** The gallery as it is written. */
  readonly gallery: Gallery;
  /** True where the file is new. */
  readonly isNew: boolean;
  /** Identities that the gallery did not have before. */
  readonly added: readonly string[];
  /** Identities that were there before, whose embeddings are now those of the new images. */
  readonly replaced: readonly string[];
  /** Images that were enrolled. */
  readonly images: number;
  /** Images that cannot be read, with the reasons. */
  readonly bad: readonly BadFile[];
  /** Names of folders without an image, which are no identities. */
  readonly empty: readonly string[];
}

/** An identity of a gallery with the cosine of its nearest embedding. */
export interface Candidate {
  /** Name of the identity. */
  readonly identity: string;
  /** Cosine, from -1 to 1; the higher, the more alike. */
  readonly score: number;
}

/** Identity of an image among those of a gallery. */
export interface Identified {
  /** Path of the image. */
  readonly image: string;
  /** Null where no identity reaches the threshold: unknown. */
  readonly identity: string | null;
  /** Cosine that the nearest identity has to reach, from -1 to 1. */
  readonly threshold: number;
  /** The nearest identities, the nearest first. */
  readonly candidates: readonly Candidate[];
}

/** @throws FoveaError for a gallery whose embeddings another model made */
function checkModel(path: string, gallery: Gallery, { model, file }: Verifier): void {
  if (gallery.model === model) return;
  throw new FoveaError(
    "mismatched-parts",
    `${path} has embeddings of the model ${gallery.model.slice(0, 12)}, and ${file} is ${model.slice(0, 12)}: those of two models cannot ` +
      "be compared; use the model that enrolled them, or enrol the images again",
  );
}

/** Images of a folder by the folder below it that they are in. @throws FoveaError for images that are in none */
async function imagesByIdentity(dir: string): Promise<Map<string, string[]>> {
  const byIdentity = new Map<string, string[]>();
  for (const image of await imagesIn(dir)) {
    const [identity = "", ...rest] = below(dir, image);
    if (rest.length === 0)
      throw new FoveaError("missing-labels", `${image} is in no folder of an identity; put it into ${dir}/NAME/`);
    const images = byIdentity.get(identity);
    if (images === undefined) byIdentity.set(identity, [image]);
    else images.push(image);
  }
  return byIdentity;
}

/** The parts of a path behind a folder. */
const below = (dir: string, path: string): string[] =>
  path
    .replaceAll("\\", "/")
    .slice(dir.replaceAll("\\", "/").replace(/\/+$/, "").length + 1)
    .split("/");

/** Folders of a folder that have no image in them. */
async function emptyFolders(dir: string, identities: ReadonlyMap<string, unknown>): Promise<string[]> {
  const leaves = [...leavesOf(await walkFolder(dir, new Set()))];
  const inFolders = leaves.filter(({ path, branch }) => branch.isDirectory || below(dir, path).length > 1);
  const names = new Set(inFolders.map(({ path }) => below(dir, path)[0]!));
  return [...names].filter((name) => !identities.has(name));
}

/**
 * Adds the folders of a folder to a gallery as identities, or replaces those of the same name. The file has embeddings alone.
 * @param verifier the model that makes the embeddings
 * @param path the gallery, which is made where there is none
 * @param dir folder with a folder for each identity, which is named like it: `photos/Ann/1.png`
 * @throws FoveaError for a gallery of another model, and where no image of an identity can be read
 * @example
 * const verifier = await openVerifier("verifier.keras");
 * const { added } = await enrol(verifier, "staff.json", "pets"); // ["cat", "dog", "fox"]
 * const { identified } = await identify(verifier, "staff.json", ["pets/cat/1.png"], 1);
 * identified[0].identity; // "cat", or null where no cosine reaches the threshold
 * identified[0].candidates; // the nearest identity with its cosine
 * await verifier.close();
 */
export async function enrol(verifier: Verifier, path: string, dir: string): Promise<Enrolled> {
  const isNew = !(await exists(path));
  const { model, dimensions } = verifier;
  const before: Gallery = isNew ? { model, dimensions, identities: new Map() } : await readGallery(path);
  checkModel(path, before, verifier);
  const identities = new Map(before.identities);
  const bad: BadFile[] = [];
  const [added, replaced]: [string[], string[]] = [[], []];
  let images = 0;
  const found = await imagesByIdentity(dir);
  for (const [identity, files] of found) {
    const embedded = await verifier.embed(files);
    bad.push(...embedded.bad);
    if (embedded.good.length === 0)
      throw new FoveaError(
        "damaged-image",
        `${dir}/${identity}: none of its images can be read, so it cannot be enrolled; nothing was changed`,
      );
    (identities.has(identity) ? replaced : added).push(identity);
    identities.set(
      identity,
      embedded.good.map(({ embedding }) => embedding),
    );
    images += embedded.good.length;
  }
  const gallery = { model, dimensions, identities };
  await writeGallery(path, gallery);
  return { gallery, isNew, added, replaced, images, bad, empty: await emptyFolders(dir, found) };
}

/**
 * Finds the identity of each image: that of the nearest enrolled embedding where its cosine reaches the threshold.
 * @param verifier the model that made the embeddings of the gallery
 * @param path the gallery
 * @param images paths of image files
 * @param most candidates that the result has of each image. Default 3.
 * @throws FoveaError for a gallery of another model
 */
export async function identify(
  verifier: Verifier,
  path: string,
  images: readonly string[],
  most = 3,
): Promise<{ readonly identified: readonly Identified[]; readonly bad: readonly BadFile[] }> {
  const gallery = await readGallery(path);
  checkModel(path, gallery, verifier);
  const { threshold } = verifier;
  const { good, bad } = await verifier.embed(images);
  const identified = good.map(({ image, embedding }): Identified => {
    const candidates = [...gallery.identities].map(([identity, vectors]) => ({
      identity,
      score: vectors.reduce((best, vector) => Math.max(best, compared(embedding, vector, threshold).score), -1),
    }));
    candidates.sort((a, b) => b.score - a.score);
    const [nearest] = candidates;
    const isKnown = nearest !== undefined && nearest.score >= threshold;
    return { image, identity: isKnown ? nearest.identity : null, threshold, candidates: candidates.slice(0, most) };
  });
  return { identified, bad };
}

/**
 * Removes identities from a gallery.
 * @param path the gallery, which is written again
 * @param names of identities
 * @returns the gallery without them
 * @throws FoveaError for a name that it does not have; nothing is changed then
 */
export async function forget(path: string, names: readonly string[]): Promise<Gallery> {
  const gallery = await readGallery(path);
  const identities = new Map(gallery.identities);
  const strange = names.filter((name) => !identities.delete(name));
  if (strange.length > 0)
    throw new FoveaError(
      "unknown-entry",
      `${path} has no ${listedNames(strange)}; its identities are ${listedNames([...gallery.identities.keys()])}`,
    );
  const left = { ...gallery, identities };
  await writeGallery(path, left);
  return left;
}
