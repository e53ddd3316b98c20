// The figures of sections that grow: images a second over batch size or image side, both axes logarithmic.
import { type Chart, renderSvg } from "../src/report/charts/render.js";
import { HALF_WIDTH } from "../src/report/charts/theme.js";
import { type MeasuredSection, positionOf } from "./report.js";

/** The section's figure as SVG. */
export function figure({ id, title, rows }: MeasuredSection, along: "batch" | "side"): Promise<string> {
  const points = rows
    .filter((row) => row.images_per_second !== undefined)
    .map((row) => ({
      who: `${row.who}, ${row.setting}`,
      at: positionOf(row, along),
      rate: row.images_per_second,
    }));
  const chart: Chart = {
    name: id,
    spec: {
      data: { values: points },
      title,
      width: HALF_WIDTH,
      height: 280,
      background: "white",
      mark: { type: "line", point: true, strokeWidth: 2 },
      encoding: {
        x: {
          field: "at",
          type: "quantitative",
          scale: { type: "log", base: 2, nice: false },
          axis: {
            title: along === "batch" ? "images in a batch" : "pixels a side",
            values: [...new Set(points.map(({ at }) => at))],
            format: "d",
          },
        },
        y: {
          field: "rate",
          type: "quantitative",
          scale: { type: "log" },
          axis: { title: "images a second", format: ",~g", tickCount: 4 },
        },
        color: {
          field: "who",
          type: "nominal",
          sort: null,
          legend: { orient: "bottom", direction: "vertical", labelLimit: 400 },
        },
      },
    },
  };
  return renderSvg(chart);
}
