// `fovea docs`: the manual that comes with the package, opened from the disk in the browser.
import { existsSync, readdirSync } from "node:fs";
import { sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Command } from "commander";
import { FoveaError, UsageError } from "../../core/errors.js";
import { addCommonOptions, type CommonOptions } from "../options.js";
import { openInBrowser } from "../terminal/browser.js";
import { Output } from "../terminal/output.js";

interface Options extends CommonOptions {
  readonly open: boolean;
}

export function define(command: Command): void {
  command
    .description(
      "Opens the manual in the browser: first steps, the lecture in twelve chapters, a page per task, troubleshooting. Its " +
        "pages are files of this package, and need no network.",
    )
    .argument("[page]", "a page by its name, such as serving or lecture/03-convolution (default: the first page)")
    .option("--no-open", "print the path and leave the browser alone, as --json does");
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
Examples:
  fovea docs
  fovea docs serving
  fovea docs troubleshooting --no-open`,
    )
    .action(run);
}

/** The folder of the built pages. */
const folder = (): string => fileURLToPath(new URL("../../../docs/", import.meta.url));

async function run(name: string | undefined, options: Options): Promise<void> {
  const output = new Output(options);
  if (!existsSync(`${folder()}index.html`))
    throw new FoveaError(
      "damaged-installation",
      "the manual is not built here: expected dist/docs/index.html; npm run build makes it",
    );
  const pages = readdirSync(folder(), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".html"))
    .map((file) => file.replaceAll(sep, "/").replace(/\.html$/, ""))
    .sort();
  const page = name === undefined ? "index" : pageCalled(name, pages);
  const path = `${folder()}${page.replaceAll("/", sep)}.html`;
  const address = pathToFileURL(path).href;
  output.answer({ page, path, address }, `The manual is at ${path}`);
  if (options.open && !options.json) openInBrowser(address);
}

/** The page that a name means: its path, the end of it, or its one page that has the word. */
function pageCalled(name: string, pages: readonly string[]): string {
  const wanted = name.toLowerCase().replace(/\.(?:md|html)$/, "");
  const exact = pages.find((page) => page === wanted) ?? pages.find((page) => page.endsWith(`/${wanted}`));
  if (exact !== undefined) return exact;
  const alike = pages.filter((page) => page.includes(wanted));
  if (alike.length === 1) return alike[0]!;
  const known = (alike.length > 1 ? alike : pages).filter((page) => !/^(?:inside|reference)\//.test(page));
  throw new UsageError(`the manual has no page "${name}"; the pages are ${known.join(", ")}`);
}
