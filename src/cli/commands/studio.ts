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
}

export function define(command: Command): void {
  command
    .description(
      "Opens the Studio in the browser: the lecture as pages to touch, and the whole way from photos to a model. It runs on " +
        "this machine alone, at an address that only you can open; nothing leaves it.",
    )
    .argument("[path]", "a folder of images, a manifest, a zip, a run, a study or a model to open at once")
    .option("--port <N>", "port to listen on (default: any that is free)", wholeNumber(1, 65535))
    .option("--no-open", "print the address and leave the browser alone, as --json does");
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
The page can open the folder that the program was started in, that of PATH, and all below them; runs go to runs/ in the
folder that the program was started in. Training goes on when the page is closed. Ctrl-C ends the Studio.

Examples:
  fovea studio
  fovea studio photos
  fovea studio studies/photos-1
  fovea studio runs/photos-cnn-1 --port 8080 --no-open`,
    )
    .action(run);
}

async function run(path: string | undefined, options: Options): Promise<void> {
  const output = new Output(options);
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
