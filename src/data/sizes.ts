// The size of images where nobody has asked for one: theirs, when all have the same. Where they differ, a size is a
// decision that shows in every result, so it is asked for, with the commonest as a suggestion.
import { FoveaError } from "../core/errors.js";
import { decodeFiles, type PendingFile } from "./decode-pool.js";
import type { Target, TargetOptions } from "./target.js";

/**
 * The one size that all images have, by their headers; those that cannot be read have none.
 * @param where names the source in messages
 * @throws FoveaError naming the commonest size where there are several.
 */
export async function commonSize(
  where: string,
  files: readonly PendingFile[],
  { orientation, threads }: Pick<TargetOptions, "orientation"> & { readonly threads?: number },
): Promise<Pick<Target, "height" | "width">> {
  const counts = new Map<string, { readonly height: number; readonly width: number; count: number }>();
  let read = 0;
  await decodeFiles(files, { asStored: orientation === "stored", threads }, (_, { heights, widths, errors }) => {
    const bad = new Set(errors.map(({ at }) => at));
    for (const [i, height] of heights.entries()) {
      if (bad.has(i)) continue;
      const width = widths[i]!;
      const known = counts.get(`${height}x${width}`);
      if (known === undefined) counts.set(`${height}x${width}`, { height, width, count: 1 });
      else known.count++;
      read++;
    }
  });
  const [commonest, ...others] = [...counts.values()].sort((a, b) => b.count - a.count);
  // Nothing can be read: what is wrong with each is told when they are decoded.
  if (commonest === undefined) return { height: 1, width: 1 };
  const { height, width, count } = commonest;
  if (others.length === 0) return { height, width };
  throw new FoveaError(
    "missing-option",
    `${where}: the images have ${1 + others.length} sizes, and no size was chosen; add one, such as the commonest, ` +
      `{ height: ${height}, width: ${width} }, which ${count} of ${read} images have`,
  );
}
