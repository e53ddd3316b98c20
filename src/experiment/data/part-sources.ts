// Sources of a run's parts in one opened source: a folder that a page was given has Train and Test in it, and a run on a disk
// names a folder for each.
import { FoveaError } from "../../core/errors.js";
import { type Listing, type OpenedSource, PART_NAMES, type PartName } from "../../data/index.js";
import { CLASS_COLUMN } from "../../data/sources/class-folders.js";
import type { Recipe } from "../../formats/run/recipe.js";
import { joinPath } from "../../platform/paths.js";
import type { DataSources } from "./experiment-data.js";

/**
 * The sources of a recipe's parts in one that was opened: class folders of Train and Test are parted where the recipe names a
 * folder for each. Any other source is that of all images.
 * @param opened such as files of a page, by `openPageFiles`
 * @param recorded the recipe's data
 * @throws FoveaError where the recipe names a part that the source has no folder for
 * @example
 * const recipe = await recipeOf(await RunFolder.open("runs/pets"));
 * const source = await openSource("pets"); // in a page: await openPageFiles(files)
 * const data = await loadData(sourcesOfParts(source, recipe.data), recipe.preprocessing, recipe.split);
 */
export function sourcesOfParts(opened: OpenedSource, recorded: Recipe["data"]): DataSources {
  const wanted = PART_NAMES.filter((part) => recorded[part] !== undefined);
  if (wanted.length === 1 || opened.kind !== "classFolders") return { train: opened };
  const sources = wanted.map((part) => [part, partOf(opened, part)] as const);
  return { train: opened, ...Object.fromEntries(sources) };
}

/** The images of one part, by paths below its folder. */
function partOf({ kind, listing, sentence }: OpenedSource, part: PartName): OpenedSource {
  const { where, images, columns, split = [], findings } = listing;
  const rows = [...images.keys()].filter((row) => split[row] === part);
  if (rows.length === 0)
    throw new FoveaError(
      "record-mismatch",
      `${where}: there is no folder of ${part} images, and the run had one; choose the folder that contains Train and Test`,
    );
  const folder = images[rows[0]!]!.path.split("/", 1)[0]!;
  const picked: Listing = {
    where: joinPath(where, folder),
    images: rows.map((row) => ({ ...images[row]!, path: images[row]!.path.slice(folder.length + 1) })),
    columns: { [CLASS_COLUMN]: rows.map((row) => String(columns[CLASS_COLUMN]![row])) },
    findings,
  };
  return { kind, listing: picked, sentence };
}
