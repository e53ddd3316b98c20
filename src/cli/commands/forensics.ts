// `fovea forensics`: what image files tell about themselves, as evidence and never as a verdict.

import type { Command } from "commander";
import { FoveaError, UsageError } from "../../core/errors.js";
import { VERSION } from "../../core/version.js";
import { imagePaths } from "../../experiment/data/index.js";
import { type Dossier, dossierJson, examine, METHODS } from "../../forensics/index.js";
import { readText, stat, writeAtomic } from "../../platform/files.js";
import { shellWord } from "../../platform/invocation.js";
import { parentFolder } from "../../platform/paths.js";
import { EXIT } from "../exit.js";
import { addCommonOptions, type CommonOptions } from "../options.js";
import { Output } from "../terminal/output.js";

interface Options extends CommonOptions {
  readonly out?: string;
  readonly trust?: string;
}

/** Longer side of the pictures in a page, in pixels. */
const PICTURE = 880;
/** The most images of one page: each has a picture and maps. */
const MOST_IMAGES = 100;

export function define(command: Command): void {
  command
    .description(
      "Examines image files: metadata, content credentials, compression and pixels. The answer is evidence, never a " +
        "verdict: each method states its measure and its errors, and the conclusion is one of four: origin verified, " +
        "contradiction found, not enough evidence, cannot be told. No detector of generated images is part of it. The files " +
        "are read and not changed; nothing is fetched.",
    )
    .argument("<image...>", "images, folders of images and patterns such as photos/*.jpg")
    .option(
      "--out <dossier.html>",
      "also write a page with pictures, maps, and the words of each method (default: none)",
    )
    .option(
      "--trust <anchors.pem>",
      "certificates of the signers of content credentials whom you trust (default: none; the origin is then never verified)",
    );
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
Content credentials (C2PA) are looked at where their official reader is installed: npm install @contentauth/c2pa-wasm

Examples:
  fovea forensics photo.jpg
  fovea forensics photo.jpg --out dossier.html
  fovea forensics claims/4711 --out 4711.html --json
  fovea forensics photo.jpg --trust camera-makers.pem
  fovea forensics photo.jpg --json | jq '.[].evidence[] | select(.finding == "contradicts")'`,
    )
    .action(run);
}

async function run(typed: readonly string[], options: Options): Promise<void> {
  const output = new Output(options);
  const { out, trust } = options;
  if (out !== undefined && !(await stat(parentFolder(out)))?.isDirectory)
    throw new UsageError(`--out: there is no folder ${parentFolder(out)} for the page; make it first`);
  const paths = await imagePaths(typed);
  if (out !== undefined && paths.length > MOST_IMAGES)
    throw new UsageError(
      `--out: expected at most ${MOST_IMAGES} images for one page, received ${paths.length}; name fewer, or leave out --out`,
    );
  const trustAnchors = trust === undefined ? undefined : await certificatesIn(trust);
  const progress = output.progress("Examining");
  const dossiers: Dossier[] = [];
  const failures: { image: string; error: string }[] = [];
  try {
    for (const [i, path] of paths.entries())
      try {
        const dossier = await examine(path, {
          ...(trustAnchors !== undefined && { trustAnchors }),
          ...(out !== undefined && { picture: PICTURE }),
          onMethod: (name) => progress.update(i, paths.length, "images", METHODS[name].title),
        });
        dossiers.push(dossier);
      } catch (error) {
        if (!(error instanceof FoveaError)) throw error;
        failures.push({ image: path, error: error.message });
      }
  } finally {
    progress.end();
  }
  for (const { error } of failures) output.fault(error);
  if (failures.length > 0) process.exitCode = EXIT.failed;
  if (out !== undefined && dossiers.length > 0) {
    const { renderDossierPage } = await import("../../report/pages/dossier/dossier-page.js");
    const words = [...typed, "--out", out, ...(trust === undefined ? [] : ["--trust", trust])];
    const command = `fovea forensics ${words.map(shellWord).join(" ")}`;
    const facts = { createdBy: `Fovea ${VERSION}`, dossiers, failures, command };
    await writeAtomic(out, await renderDossierPage(facts));
    output.say(`The dossier is ${out}`);
    output.say();
  }
  output.answer([...dossiers.map(dossierJson), ...failures], dossiers.map(asText).join("\n\n"));
}

/** A file of certificates. @throws UsageError where it holds none */
async function certificatesIn(path: string): Promise<string> {
  const text = await readText(path);
  if (!text.includes("-----BEGIN CERTIFICATE-----"))
    throw new UsageError(`--trust: expected certificates in PEM format, ${path} holds none`);
  return text;
}

const asText = ({ image, sha256, conclusion, meaning, evidence }: Dossier): string => {
  const told = evidence.filter(({ finding }) => !["unable", "shown", "none"].includes(finding));
  const quiet = evidence.filter(({ finding }) => finding === "none").map(({ title }) => title);
  // Methods of one reason stand together: of a PNG file, all that examine JPEG files.
  const unable = evidence.filter(({ finding }) => finding === "unable");
  const reasons = [...new Set(unable.map(({ sentence }) => sentence))].map((reason) => {
    const titles = unable.filter(({ sentence }) => sentence === reason).map(({ title }) => title);
    return `    ${titles.join(", ")}: ${reason}`;
  });
  return [
    `${image}: ${conclusion}`,
    `  ${meaning}`,
    `  SHA-256 ${sha256}`,
    ...told.map(({ title, finding, sentence }) => `  ${title} (${finding}): ${sentence}`),
    ...(quiet.length > 0 ? [`  Nothing found by: ${quiet.join(", ")}`] : []),
    ...(unable.length > 0 ? ["  Not examined, which speaks neither for the file nor against it:", ...reasons] : []),
  ].join("\n");
};
