// Puts generated pages into a folder: images and annotations.json, the boxes in COCO's form.
import { encodePage, PAGE_CHARACTERS, type Page, type PagesOptions, pageImage, pagesSettings } from "./pages.js";
import { type GeneratedFile, writeWholeFolder } from "./whole-folder.js";

/** Sums over a written set. */
export interface PagesTotals {
  /** Number of pages. */
  readonly images: number;
  /** Number of characters. */
  readonly characters: number;
}

type PageTruth = Omit<Page, "pixels">;

/**
 * Writes `DIR/images/P0001.png` and `DIR/annotations.json`, whole or not at all; see writeWholeFolder.
 * @param onProgress called with the number of pages that are made, and of all
 * @param directory The folder, new or empty.
 * @param signal Breaks off: everything made is removed and the signal's reason thrown.
 * @throws FoveaError when `directory` has something in it, for wrong options and for what the disk refuses.
 * @example await writePages("pages", { count: 2, seed: 1 })
 */
export async function writePages(
  directory: string,
  options: PagesOptions = {},
  onProgress?: (done: number, total: number) => void,
  signal?: AbortSignal,
): Promise<PagesTotals> {
  const { count } = pagesSettings(options);
  const pages: PageTruth[] = [];
  await writeWholeFolder(directory, filesOf(options, pages), () => onProgress?.(pages.length, count), signal);
  return { images: pages.length, characters: pages.reduce((sum, { boxes }) => sum + boxes.length, 0) };
}

/** The files of the set; what is true of its pages is collected on the way. */
function* filesOf(options: PagesOptions, pages: PageTruth[]): Generator<GeneratedFile, void, undefined> {
  const { count } = pagesSettings(options);
  for (let index = 1; index <= count; index++) {
    const page = pageImage(index, options);
    const { pixels: _, ...truth } = page;
    pages.push(truth);
    yield { path: `images/${page.name}.png`, content: encodePage(page) };
  }
  yield { path: "annotations.json", content: new TextEncoder().encode(`${JSON.stringify(cocoOf(pages))}\n`) };
}

const cocoOf = (pages: readonly PageTruth[]) => ({
  info: { description: "Generated pages of handwritten characters (fovea synth pages)" },
  images: pages.map(({ index, name, width, height }) => ({
    id: index,
    file_name: `images/${name}.png`,
    width,
    height,
  })),
  categories: PAGE_CHARACTERS.map((name, i) => ({ id: i + 1, name, supercategory: "character" })),
  annotations: pages
    .flatMap(({ index, boxes }) => boxes.map((box) => ({ index, box })))
    .map(({ index, box: { character, x, y, width, height } }, i) => ({
      id: i + 1,
      image_id: index,
      category_id: PAGE_CHARACTERS.indexOf(character) + 1,
      bbox: [x, y, width, height],
      area: width * height,
      iscrowd: 0,
    })),
});
