// The host of this page: the program that served it, or a worker of its own where a plain web server did.
import type { Host } from "./host.js";

/** True where a program of this machine serves the page, rather than a plain web server. */
export const isLocal = document.documentElement.dataset.place === "local";

let here: Promise<Host> | undefined;

/** Starts the way to the workbench when something first asks for it. */
export function host(): Promise<Host> {
  here ??= isLocal
    ? import("./http-host.js").then(({ httpHost }) => httpHost)
    : import("./worker-host.js").then(({ workerHost }) => workerHost());
  return here;
}
