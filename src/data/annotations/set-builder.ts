// A set of annotations while it is read: categories by name, images by path, objects checked one by one. What is wrong is
// counted in `problems`; what cannot be used is left out.
import { FoveaError, shown } from "../../core/errors.js";
import type { Json, JsonObject } from "../../core/json.js";
import { ownValue, put } from "../../core/lookup.js";
import type { Finding } from "../findings.js";
import { ImageNames, type ImageSize, tidyName } from "./image-names.js";
import type {
  AnnotatedBox,
  AnnotatedImage,
  AnnotationSet,
  AttributeValue,
  Box,
  Category,
  Ring,
  RunLengths,
} from "./model.js";
import { polygonBox, reachOf } from "./polygons.js";
import { Problems } from "./problems.js";
import { checkMaskSize, maskBox } from "./run-lengths.js";
import { uprightAnnotations } from "./turn.js";

/** An object as a file has it, nothing of it checked. */
export interface RawObject {
  readonly category: number | undefined;
  readonly box?: Box | undefined;
  readonly polygon?: readonly Ring[] | undefined;
  readonly mask?: RunLengths | undefined;
  readonly crowd?: boolean;
  readonly area?: number | undefined;
  readonly score?: number | undefined;
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  readonly id?: number | undefined;
  readonly fields?: JsonObject;
}

/** A set that was read, and what was wrong with its files. */
export interface ReadAnnotations {
  /** The annotations. */
  readonly set: AnnotationSet;
  /** A finding for each kind of fault of the files. */
  readonly findings: readonly Finding[];
  /** True where the set holds all that the files hold; else findings say what it lacks. */
  readonly isWhole: boolean;
}

/** A box over the edge by less than this, in pixels, is a matter of rounding. */
const ROUNDING = 0.5;

/** Checks whether a stated size is that of the stored image, which lies on its side. */
const isStoredSize = ({ width, height, orientation = 1 }: ImageSize, stated: ImageSize): boolean =>
  orientation > 4 && stated.width === height && stated.height === width;

interface OpenImage extends Omit<AnnotatedImage, "objects" | "ignored"> {
  readonly objects: AnnotatedBox[];
  ignored?: RunLengths;
}

export class SetBuilder {
  readonly problems = new Problems();
  readonly #categories: Category[] = [];
  readonly #byName = new Map<string, number>();
  readonly #images = new Map<string, OpenImage>();
  readonly #sizes: ReadonlyMap<string, ImageSize> | undefined;
  readonly #names: ImageNames;
  readonly #onSide = new Set<string>();
  readonly #fields: Record<string, Json> = {};

  /** @param sizes the images that there are, with their sizes; left out where only the annotations are known */
  constructor(sizes?: ReadonlyMap<string, ImageSize>) {
    this.#sizes = sizes;
    this.#names = new ImageNames(sizes ?? new Map());
  }

  /** The index of a category; it is added where it is new. */
  category(name: string, rest: Omit<Category, "name"> = {}): number {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    this.#byName.set(name, this.#categories.length);
    return this.#categories.push({ name, ...rest }) - 1;
  }

  /** The index of a category that must be there. */
  known(name: string): number | undefined {
    return this.#byName.get(name);
  }

  /** The path of the image that one of the names means; undefined where there are images and none of them is meant. */
  pathOf(names: readonly string[]): string | undefined {
    for (const name of names) {
      const found = this.#names.find(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The size of an image that there is. */
  sizeOf(path: string): ImageSize | undefined {
    return this.#sizes?.get(path);
  }

  /**
   * Begins an image.
   * @param names names that the file has for it, the likeliest first
   * @param stated its size as the file has it; undefined, 0 or NaN where it does not say
   * @returns its path, undefined where it cannot be used
   */
  image(
    names: readonly string[],
    stated: { width: number; height: number },
    rest: Pick<AnnotatedImage, "id" | "fields"> = {},
  ): string | undefined {
    const found = this.pathOf(names);
    const path = found ?? tidyName(names[0] ?? "");
    if (found === undefined && this.#sizes !== undefined) this.problems.add("missingImage", path);
    const real = this.sizeOf(path);
    const isStated = stated.width > 0 && stated.height > 0;
    const isOther = isStated && real !== undefined && (real.width !== stated.width || real.height !== stated.height);
    const isOnSide = isOther && isStoredSize(real, stated);
    if (isOther && !isOnSide)
      this.problems.add(
        "otherSize",
        path,
        `it has ${real.width} x ${real.height} pixels, its annotations say ${stated.width} x ${stated.height}`,
      );
    const size = isStated ? stated : real;
    if (path === "" || size === undefined) {
      this.problems.add("noSize", path === "" ? shown(names[0] ?? "") : path);
      return undefined;
    }
    try {
      checkMaskSize(path, size.height, size.width);
    } catch (error) {
      if (!(error instanceof FoveaError)) throw error;
      this.problems.add("noSize", path, `${size.width} x ${size.height}`);
      return undefined;
    }
    if (this.#images.has(path)) {
      this.problems.add("twice", path);
      return undefined;
    }
    const { width, height } = size;
    if (isOnSide) {
      this.problems.add("stored", path, `${stated.width} x ${stated.height}`);
      this.#onSide.add(path);
    }
    this.#images.set(path, { name: path, width, height, ...rest, objects: [] });
    return path;
  }

  /** Marks pixels of an image that count nowhere. */
  ignore(path: string, mask: RunLengths): void {
    this.#images.get(path)!.ignored = mask;
  }

  /** Adds an object to an image, or counts what is wrong with it. */
  object(path: string, raw: RawObject): undefined {
    const image = this.#images.get(path)!;
    if (raw.category === undefined) return this.problems.add("unknownClass", path);
    const shape = this.#shapeOf(image, raw);
    if (shape === undefined) return undefined;
    const { crowd, area, score, attributes = {}, id, fields = {} } = raw;
    image.objects.push({
      category: raw.category,
      ...shape,
      ...(crowd === true && { crowd }),
      ...(area !== undefined && Number.isFinite(area) && { area }),
      ...(score !== undefined && Number.isFinite(score) && { score }),
      ...(Object.keys(attributes).length > 0 && { attributes }),
      ...(id !== undefined && { id }),
      ...(Object.keys(fields).length > 0 && { fields }),
    });
    return undefined;
  }

  /** Box, polygon and mask of an object; undefined where it has no area on the image. */
  #shapeOf(
    image: OpenImage,
    { box, polygon, mask }: RawObject,
  ): Pick<AnnotatedBox, "box" | "polygon" | "mask"> | undefined {
    const file = image.name;
    const reach = reachOf(image.height, image.width);
    const wild = [...(box ?? []), ...(polygon ?? []).flat()].find((value) => !(Math.abs(value) <= reach));
    if (wild !== undefined) return this.problems.add("numbers", file, `a position of ${wild}`);
    const rings = polygon?.filter((ring) => ring.length >= 6 && ring.length % 2 === 0);
    if (polygon !== undefined && rings!.length < polygon.length) this.problems.add("corners", file);
    const { height, width } = mask ?? image;
    const pixels = mask?.counts.reduce((sum, count) => sum + count, 0) ?? height * width;
    if (height !== image.height || width !== image.width || pixels !== height * width)
      return this.problems.add("numbers", file, `a mask of ${width} x ${height} with ${pixels} pixels in its runs`);
    const hasRings = rings !== undefined && rings.length > 0;
    if (box === undefined && mask === undefined && !hasRings)
      return polygon === undefined ? this.problems.add("numbers", file) : undefined;
    const around = this.#boxOn(image, box ?? (mask !== undefined ? maskBox(mask) : polygonBox(rings!)));
    if (around === undefined) return undefined;
    return { box: around, ...(hasRings && { polygon: rings }), ...(mask !== undefined && { mask }) };
  }

  /** The box, right way up; undefined where it is empty or outside. */
  #boxOn({ name, width, height }: OpenImage, [x, y, across, down]: Box): Box | undefined {
    const text = `[${[x, y, across, down].map((value) => Number(value.toFixed(2))).join(", ")}]`;
    if (across === 0 || down === 0) return this.problems.add("empty", name, text);
    if (across < 0 || down < 0) this.problems.add("upsideDown", name, text);
    const box: Box = [Math.min(x, x + across), Math.min(y, y + down), Math.abs(across), Math.abs(down)];
    const [right, bottom] = [box[0] + box[2], box[1] + box[3]];
    if (box[0] >= width || box[1] >= height || right <= 0 || bottom <= 0)
      return this.problems.add("outside", name, `${text} on ${width} x ${height}`);
    if (Math.min(box[0], box[1], width - right, height - bottom) < -ROUNDING)
      this.problems.add("over", name, `${text} on ${width} x ${height}`);
    return box;
  }

  /** Leaves out an image that a file names and has no annotation of; of images that are known, `countUnannotated` counts it. */
  skip(name: string): void {
    if (this.#sizes === undefined) this.problems.add("unannotated", tidyName(name) || shown(name));
  }

  /** Counts the images that no annotation file spoke of. */
  countUnannotated(): void {
    for (const path of this.#sizes?.keys() ?? []) if (!this.#images.has(path)) this.problems.add("unannotated", path);
  }

  /** Keeps fields of a file; of files that differ in a field, the first counts. */
  keep(file: string, fields: JsonObject): void {
    for (const [name, value] of Object.entries(fields)) {
      const known = ownValue(this.#fields, name);
      if (known === undefined) put(this.#fields, name, value);
      else if (JSON.stringify(known) !== JSON.stringify(value)) this.problems.addField(file, name);
    }
  }

  /** An image as it is shown. */
  #upright(image: AnnotatedImage): AnnotatedImage {
    const { orientation } = this.sizeOf(image.name) ?? {};
    if (orientation === undefined || !this.#onSide.has(image.name)) return image;
    for (const { fields = {} } of image.objects)
      for (const field of Object.keys(fields)) this.problems.addField(image.name, field);
    return uprightAnnotations(image, orientation);
  }

  finish(): ReadAnnotations {
    const images = [...this.#images.values()].map((image) => this.#upright(image));
    const fields = Object.keys(this.#fields).length > 0 && { fields: this.#fields };
    return {
      set: { categories: this.#categories, images, ...fields },
      findings: this.problems.findings(),
      isWhole: this.problems.isWhole,
    };
  }
}
