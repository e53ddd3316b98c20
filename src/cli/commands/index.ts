// All commands, in the order of `fovea --help`. A command's module is loaded when it is needed, so that help is quick.
import type { Command } from "commander";

/** What a command's file exports. */
export interface CommandModule {
  /** Adds description, arguments, options, examples and the action. */
  define(command: Command): void;
}

interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<CommandModule>;
}

export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "inspect",
    summary: "what is in a folder of images: tree, classes, sizes, colours, problems",
    load: () => import("./inspect.js"),
  },
  {
    name: "summary",
    summary: "the layers of a model, their output shapes and parameters",
    load: () => import("./summary.js"),
  },
  {
    name: "bench",
    summary: "how fast this machine trains or predicts",
    load: () => import("./bench.js"),
  },
];
