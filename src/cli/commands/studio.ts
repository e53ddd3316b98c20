// `fovea studio`: the browser app, served on this machine alone until Ctrl-C.
import type { Command } from "commander";
import { UsageError } from "../../core/errors.js";
import { addCommonOptions, type CommonOptions, wholeNumber } from "../options.js";
import { openInBrowser } from "../terminal/browser.js";
import { interruptible } from "../terminal/interrupt.js";
import { Output } from "../terminal/output.js";

interface Options extends CommonOptions {
  readonly port?: number;
  readonly open: boolean;
  readonly out?: string;
}

export function define(command: Command): void {
  command
    .description(
      "Opens the Studio in the browser: the lecture as interactive pages, and all steps from photos to a model. It runs on " +
        "this machine alone, at an address that only you can open; nothing leaves it.",
    )
    .argument("[path]", "a folder of images, a manifest, a zip, a run, a study or a model to open at once")
    .option("--port <N>", "port to listen on (default: any that is free)", wholeNumber(1, 65535))
    .option(
      "--out <DIR>",
      "write the Studio as files for a web server, where it computes in the visitor's browser, and end (default: none)",
    )
    .option("--no-open", "print the address and open no browser, as --json does");
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
The page can open files in the current folder and in the folder of PATH; runs are saved in runs/ of the current folder.
Training continues when the page is closed. Ctrl-C ends the Studio.

Examples:
  fovea studio
  fovea studio photos
  fovea studio studies/photos-1
  fovea studio runs/photos-cnn-1 --port 8080 --no-open
  fovea studio --out site`,
    )
    .action(run);
}

async function run(path: string | undefined, options: Options): Promise<void> {
  const output = new Output(options);
  if (options.out !== undefined) return writeSite(output, path, options.out);
  const { refusedPort } = await import("../../service/index.js");
  const { startStudio } = await import("../../../studio/server/start.js");
  const server = await startStudio({ path, port: options.port, threads: options.threads }).catch((error: unknown) => {
    const refusal = refusedPort(error);
    if (options.port === undefined || refusal === undefined) throw error;
    throw new UsageError(`port ${options.port} ${refusal}; choose another by --port, or leave it out`);
  });
  output.answer({ address: server.address, port: server.port }, `The Studio is at ${server.address}`);
  output.say("Nothing leaves this machine. Ctrl-C ends it.");
  if (options.open && !options.json) openInBrowser(server.address);
  await interruptible(
    output,
    "Ending the Studio; a run that trains is stopped after this batch and kept.",
    (signal) => new Promise<void>((ended) => signal.addEventListener("abort", () => ended())),
  );
  await server.close();
}

/** Writes the Studio for a web server. */
async function writeSite(output: Output, path: string | undefined, folder: string): Promise<void> {
  if (path !== undefined) throw new UsageError("--out writes the Studio without data; leave out PATH");
  const { writePage } = await import("../../../studio/server/page-files.js");
  const files = await writePage(folder);
  output.answer({ out: folder, files }, `The Studio is in ${folder}: put the folder on any web server with https.`);
}
