// `fovea plot`: draws the layers of a model with their shapes, as SVG or as text for Graphviz.

import type { Command } from "commander";
import { UsageError } from "../../core/errors.js";
import { modelDiagram } from "../../experiment/models/index.js";
import { writeAtomic } from "../../platform/files.js";
import { compacted } from "../../report/diagram/diagram.js";
import { addShapeOptions, MODEL_ARGUMENT, type ModelShape, modelOf } from "../model-argument.js";
import { addCommonOptions, type CommonOptions, choice } from "../options.js";
import { Output } from "../terminal/output.js";

interface Options extends CommonOptions, ModelShape {
  readonly out: string;
  readonly expand?: true;
  readonly compact?: true;
  readonly direction: "down" | "right";
}

export function define(command: Command): void {
  command
    .description(`Draws a model: its layers with their settings, output shapes and connections. ${MODEL_ARGUMENT}`)
    .argument("<model>", "a file, a run or a name")
    .option("--out <file>", "where the drawing goes: .svg, or .dot for Graphviz", "model.svg")
    .option("--expand", "open nested models")
    .option("--compact", "put activations, normalizations and dropout into the box of the layer before them")
    .addOption(choice("--direction <side>", "direction of the drawing", ["down", "right"]).default("down"));
  addShapeOptions(command);
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
Examples:
  fovea plot cnn --image-size 80x60 --out cnn.svg
  fovea plot mobilenet_v2 --compact --out mobilenet_v2.svg
  fovea plot runs/photos-cnn-1 --expand --out model.dot`,
    )
    .action(run);
}

async function run(which: string, options: Options): Promise<void> {
  const { out, expand = false, direction } = options;
  const form = /\.(svg|dot)$/i.exec(out)?.[1]?.toLowerCase();
  if (form === undefined) throw new UsageError(`--out: expected a file that ends in .svg or .dot, received ${out}`);
  const model = await modelOf(which, options, { compile: false });
  const whole = modelDiagram(model, { expand });
  const diagram = options.compact === undefined ? whole : compacted(whole);
  const { diagramDot, diagramSvg } = await import("../../report/diagram/render.js");
  await writeAtomic(out, form === "svg" ? diagramSvg(diagram, direction) : diagramDot(diagram, direction));
  new Output(options).answer({ model: model.name, out, boxes: diagram.nodes.length }, `The diagram is ${out}`);
}
