// The face of deployment: a model as a page in one file, as a folder for a web server, or as a program of Node.
import { type DeployOptions, withContents } from "./contents.js";
import { pageFolder } from "./folder.js";
import { nodeProgram } from "./node-program.js";
import { type Deployed, onePage } from "./page.js";
import type { DeployForm } from "./settings.js";

export type { DeployOptions } from "./contents.js";
export type { Deployed } from "./page.js";
export type { DeployedSize } from "./parts.js";
export { DEPLOY_FORMS, type DeployForm, type PageSettings } from "./settings.js";
export { writeDeployed } from "./write.js";

const MAKERS = { page: onePage, folder: pageFolder, node: nodeProgram } as const satisfies Record<DeployForm, unknown>;

/** A deployed model with what there is to say about it. */
export interface Deployment extends Deployed {
  /** Name of the model, for headings. */
  readonly name: string;
  /** Options of `fovea predict` that give the same answers. */
  readonly options: string;
  /** Warnings of the model's file, a sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Makes a form of a model for other people: its files, of which nothing is written yet. A page is one file of the
 * name "".
 * @param path a run's folder, or the file of a model
 * @param form `page`, `folder` or `node`.
 * @throws FoveaError for a model that cannot be opened or takes no photos and no table, and for rules that its file has no
 * facts for
 * @example
 * const { files, sizes } = await deploy("runs/pets", "node", { top: 3, threads: 1 });
 * [...files.keys()]; // the paths of a program of Node
 */
export const deploy = (path: string, form: DeployForm, options: DeployOptions = {}): Promise<Deployment> =>
  withContents(path, options, async (contents) => {
    const { settings, warnings } = contents;
    const { name, options: words } = settings;
    return { ...(await MAKERS[form](contents)), name, options: words, warnings };
  });
