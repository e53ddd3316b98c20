// Faults of files and folders: what cannot be decoded, and what the layout of class folders shows.

import { type Finding, type LaidOut, layoutFindings } from "../../../data/index.js";
import { stat } from "../../../platform/files.js";
import { baseName, joinPath } from "../../../platform/paths.js";
import type { Check, HealthFinding } from "../check.js";
import type { HealthSubject } from "../subject.js";

export const undecodable: Check = {
  name: "undecodable",
  title: "Files that cannot be decoded",
  method: "every file is decoded whole",
  kinds: ["undecodable"],
  collects: [],
  needs: [],
  run: ({ looks, images }) =>
    [...looks.undecodable]
      .filter(([index]) => !images[index]!.isLeftOut)
      .sort(([a], [b]) => a - b)
      .map(([index, { reason }]) => ({
        check: "undecodable",
        kind: "undecodable",
        severity: "error",
        files: [images[index]!.file],
        images: [index],
        evidence: `${images[index]!.file} cannot be decoded: ${reason}`,
        remedy: "replace the file, or train with --skip-bad",
      })),
};

/** Findings of the source, and those of class folders on a disk. */
export const layout: Check = {
  name: "layout",
  title: "Folders and tables",
  method: "names of folders and files, tables beside the images, and small samples of masks",
  kinds: ["masks", "spelling", "class", "empty", "split", "table", "leak", "label"],
  collects: [],
  needs: [],
  run: async (subject) => {
    const { kind, listing } = subject.source;
    const isOnDisk = kind === "classFolders" && (await stat(listing.where))?.isDirectory === true;
    const found = [...listing.findings, ...(isOnDisk ? await layoutFindings(partsOnDisk(subject)) : [])];
    return found.map((finding) => ofImages(subject, finding));
  },
};

/** The folders of the parts with their files. */
function partsOnDisk({ source: { listing } }: HealthSubject): LaidOut[] {
  if (listing.split === undefined)
    return [{ name: baseName(listing.where), folder: listing.where, files: listing.images.map(({ path }) => path) }];
  const parts = new Map<string, string[]>();
  for (const { path } of listing.images) {
    const [part = "", ...rest] = path.split("/");
    const files = parts.get(part) ?? [];
    files.push(rest.join("/"));
    parts.set(part, files);
  }
  return [...parts].map(([name, files]) => ({ name, folder: joinPath(listing.where, name), files }));
}

/** A finding with the images whose files or folders it names. */
function ofImages({ images }: HealthSubject, finding: Finding): HealthFinding {
  const wanted = new Set(finding.files);
  const named = images.flatMap(({ file }, index) => {
    const steps = file.split("/");
    return steps.some((_, length) => wanted.has(steps.slice(0, length + 1).join("/"))) ? [index] : [];
  });
  return { ...finding, check: "layout", images: named };
}
