// The lines that draw the same variants.
import type { CodeFacts } from "../../../contract/facts.js";
import { pictureCode } from "../picture/picture-code.ts";
import { LARGEST, type LayerCall, layersOf, nameIn, settingsOf, VARIANTS } from "./state.ts";

export function codeOf(state: Readonly<Record<string, string>>): CodeFacts {
  const settings = settingsOf(state);
  const layers = layersOf(settings);
  const { imports, lines } = pictureCode({ name: nameIn(state), color: "rgb", size: LARGEST });
  const call = `{ training: ${settings.training}, seed: ${settings.seed} }`;
  const typescript = [
    'import { callLayer, sequential, tensor } from "fovea";',
    ...imports,
    `import { ${["input", ...new Set(layers.map(({ name }) => name))].join(", ")} } from "fovea/layers";`,
    "",
    ...lines,
    "// The same picture sixteen times: each is varied by numbers of its own.",
    `const data = new Uint8Array(${VARIANTS} * image.data.length);`,
    `for (let i = 0; i < ${VARIANTS}; i++) data.set(image.data, i * image.data.length);`,
    `const images = tensor(data, [${VARIANTS}, image.height, image.width, 3], "uint8");`,
    "const augmentation = sequential([",
    "  input([image.height, image.width, 3]),",
    ...layers.map(({ name, args }) => `  ${name}(${args.map(argumentText).join(", ")}),`),
    "]);",
    ...(layers.length === 0
      ? ["const variants = images;"]
      : [`const variants = await callLayer(augmentation, images, ${call});`]),
    "console.log(variants.shape);",
    "",
  ].join("\n");
  return { typescript, commands: "" };
}

const argumentText = (argument: LayerCall["args"][number]): string =>
  typeof argument === "object" ? `{ fillMode: "${argument.fillMode}" }` : JSON.stringify(argument);
