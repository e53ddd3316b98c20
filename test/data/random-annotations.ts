// Random sets of annotations with every fact that formats of files hold or lose, a few facts in each set.
import type { JsonObject } from "../../src/core/json.js";
import { Random, STREAM } from "../../src/core/random.js";
import {
  type AnnotatedBox,
  type AnnotatedImage,
  type AnnotationSet,
  type Box,
  maskBox,
  polygonBox,
  type Ring,
  runLengthsOf,
} from "../../src/data/index.js";

const NAMES = ["dent", "scratch", "车", "a b", 'quo"te', "<tag>&", "name: 1", "null", "1", "constructor", "é"];
const FOLDERS = ["", "", "a/", "images/", "子/b c/"];

/** Facts of a set, each present in a third of the sets. */
const FACTS = [
  "polygons",
  "parts",
  "masks",
  "boxes",
  "crowds",
  "areas",
  "scores",
  "flags",
  "attributes",
  "ids",
  "ignored",
  "fields",
] as const;
type Facts = ReadonlySet<(typeof FACTS)[number]>;

function boxIn(random: Random, width: number, height: number): Box {
  const [x, y] = [random.between(0, width - 2), random.between(0, height - 2)];
  return [x, y, random.between(1, width - x), random.between(1, height - y)];
}

function ringIn(random: Random, width: number, height: number): Ring {
  const corners = 3 + random.integer(4);
  return Array.from({ length: 2 * corners }, (_, i) => random.between(0, i % 2 === 0 ? width : height));
}

function shapeIn(
  random: Random,
  width: number,
  height: number,
  facts: Facts,
): Pick<AnnotatedBox, "box" | "polygon" | "mask"> {
  const box = boxIn(random, width, height);
  const kind = random.integer(3);
  if (kind === 1 && facts.has("polygons")) {
    const rings = facts.has("parts") ? 1 + random.integer(3) : 1;
    const polygon = Array.from({ length: rings }, () => ringIn(random, width, height));
    return { box: facts.has("boxes") ? box : polygonBox(polygon), polygon };
  }
  if (kind === 2 && facts.has("masks")) {
    const pixels = Uint8Array.from({ length: width * height }, () => Number(random.uniform() < 0.4));
    pixels[random.integer(pixels.length)] = 1;
    const mask = runLengthsOf(pixels, height, width);
    return { box: facts.has("boxes") ? box : maskBox(mask), mask };
  }
  return { box };
}

const fieldsIn = (random: Random, facts: Facts): { readonly fields?: JsonObject } =>
  facts.has("fields") && random.integer(2) === 0
    ? { fields: { [random.pick(NAMES)]: random.pick([null, 3, "text", [1, { a: true }]] as const) } }
    : {};

function objectIn(random: Random, width: number, height: number, categories: number, facts: Facts): AnnotatedBox {
  const attributes = {
    ...(facts.has("flags") && random.integer(2) === 0 && { difficult: true }),
    ...(facts.has("flags") && random.integer(2) === 0 && { occluded: true }),
    ...(facts.has("attributes") && { colour: random.pick(["red", "dark blue", "<"]), doors: random.integer(5) }),
  };
  return {
    category: random.integer(categories),
    ...shapeIn(random, width, height, facts),
    ...(facts.has("crowds") && random.integer(3) === 0 && { crowd: true }),
    ...(facts.has("areas") && { area: random.between(1, 500) }),
    ...(facts.has("scores") && { score: random.uniform() }),
    ...fieldsIn(random, facts),
    ...(Object.keys(attributes).length > 0 && { attributes }),
  };
}

/** A mask for each category, none over another: all that class maps can hold. */
function classesOn(random: Random, width: number, height: number, categories: number): AnnotatedBox[] {
  const numbers = Uint8Array.from({ length: width * height }, () => random.integer(categories + 1));
  return Array.from({ length: categories }, (_, category): AnnotatedBox => {
    numbers[category] = category + 1;
    const mask = runLengthsOf(
      numbers.map((number) => Number(number === category + 1)),
      height,
      width,
    );
    return { category, box: maskBox(mask), mask };
  });
}

/** A set of up to four images; the same number gives the same set. */
export function randomAnnotations(number: number): AnnotationSet {
  const random = new Random(17, STREAM.user, number);
  const isSemantic = number % 10 === 9;
  const facts: Facts = new Set(FACTS.filter((fact) => random.integer(3) === 0 && !(isSemantic && fact !== "ignored")));
  const names = random.shuffle([...NAMES]).slice(0, 1 + random.integer(4));
  const images = Array.from({ length: random.integer(4) }, (_, i): AnnotatedImage => {
    const [width, height] = [3 + random.integer(22), 3 + random.integer(22)];
    const noise = Uint8Array.from({ length: width * height }, () => Number(random.uniform() < 0.1));
    noise[0] = 1;
    return {
      name: `${random.pick(FOLDERS)}${i}${random.pick([".png", " x.jpg", ".JPG"])}`,
      ...{ width, height },
      ...(facts.has("ids") && { id: 100 + 7 * i }),
      ...fieldsIn(random, facts),
      objects: isSemantic
        ? classesOn(random, width, height, names.length)
        : Array.from({ length: random.integer(6) }, (_, j) => ({
            ...objectIn(random, width, height, names.length, facts),
            ...(facts.has("ids") && { id: 1000 * i + 3 * j }),
          })),
      ...(facts.has("ignored") && !isSemantic && { ignored: runLengthsOf(noise, height, width) }),
    };
  });
  const categories = names.map((name, i) => ({
    name,
    ...(facts.has("ids") && { id: 11 * (i + 1), supercategory: "thing" }),
    ...fieldsIn(random, facts),
  }));
  return { categories, images, ...fieldsIn(random, facts) };
}
