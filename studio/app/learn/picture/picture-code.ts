// The lines of code that make the picture which a page shows.
import type { PictureWish } from "../engine/pictures.ts";
import { isSmall } from "./picture.ts";

/** Lines that define `image`, and what they import from where. */
export interface PictureCode {
  readonly imports: readonly string[];
  readonly lines: readonly string[];
}

/**
 * Code that gives `image`: `{ width, height, channels, data }`, the bytes that the page shows.
 * @example pictureCode({ name: "left", color: "rgb" }).lines // ['const image = smallImage("left");']
 */
export function pictureCode({ name, color, size }: Omit<PictureWish, "stamp">): PictureCode {
  const sized = isSmall(name) && typeof size === "number" && size >= 16 ? [] : sizeLines(size);
  const last = sized.length > 0 ? "whole" : "image";
  const { names, imports = [], lines } = sourceOf(name, color, last);
  const used = [...names, ...(sized.length > 0 ? ["resizeImage"] : [])].sort();
  return {
    imports: [...imports, `import { ${used.join(", ")} } from "fovea/data";`],
    lines: [...lines, ...sized],
  };
}

/** The source of the pixels: names of `fovea/data`, and lines that define `last` in the right colours. */
function sourceOf(name: string, color: PictureWish["color"], last: string) {
  if (isSmall(name))
    return color === "rgb"
      ? { names: ["smallImage"], lines: [`const ${last} = smallImage("${name}");`] }
      : {
          names: ["convertColor", "smallImage"],
          lines: [`const ${last} = convertColor(smallImage("${name}"), "${color}");`],
        };
  if (name === "mine")
    return {
      names: ["convertColor", "decodeImage", "turnUpright"],
      imports: ['import { readFile } from "node:fs/promises";'],
      lines: [
        'const file = await decodeImage(await readFile("my-picture.png"), "my-picture.png");',
        `const ${last} = turnUpright(convertColor(file, "${color}"), file.orientation);`,
      ],
    };
  return {
    names: ["convertColor", "hanziImage"],
    lines: [
      `const written = hanziImage("Test", ${JSON.stringify(name)}, 1);`,
      `const ${last} = convertColor({ ...written, data: written.pixels }, "${color}");`,
    ],
  };
}

function sizeLines(size: PictureWish["size"]): readonly string[] {
  if (size === undefined) return [];
  if (typeof size !== "number") return [`const image = resizeImage(whole, ${size[0]}, ${size[1]}, "lanczos");`];
  return [
    `const scale = Math.min(1, ${size} / Math.max(whole.width, whole.height));`,
    "const [high, wide] = [Math.round(whole.height * scale), Math.round(whole.width * scale)];",
    'const image = resizeImage(whole, Math.max(1, high), Math.max(1, wide), "lanczos");',
  ];
}
