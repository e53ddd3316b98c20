// Photos that a reader adds to a project's data, such as those that a model was wrong about.
import { FoveaError } from "fovea";
import { addImage } from "fovea/experiment";
import type { AddedPhoto } from "../contract/addition-calls.js";
import { type Project, sha256Of } from "./project.js";
import type { Projects } from "./projects.js";

/** Adds a photo to a project's training images. @throws FoveaError for what is no image, or one of the project already */
export async function addPhoto(
  projects: Projects,
  project: Project,
  { name, bytes, label, why }: { name: string; bytes: Uint8Array; label: string; why: string | undefined },
): Promise<AddedPhoto> {
  const [first] = project.sourceFolders;
  if (first === undefined || project.kind !== "images")
    throw new FoveaError(
      "unsuited-data",
      `${project.name} has no images that others could be added to; open the data themselves`,
    );
  const known = project.look?.hashes.indexOf(await sha256Of(bytes)) ?? -1;
  if (known >= 0)
    throw new FoveaError(
      "duplicate",
      `${name} is ${project.fileOf(known)} of these data, byte for byte; give that image its label`,
    );
  const { journal, images } = project.labels;
  const { column } = first.labels;
  const entry = await addImage(journal, bytes, images.parse(label), { name, why, column });
  if (entry === undefined)
    throw new FoveaError("duplicate", `${name} has been added already; its label is changed in the view Data`);
  const renewed = await projects.renew(project);
  return { project: renewed.facts, index: renewed.numberOf(entry.file) ?? -1 };
}
