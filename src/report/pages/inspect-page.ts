// The page of `fovea inspect`: what is in a folder of images, before anything is trained on it.
import { classCounts } from "../charts/class-counts.js";
import { imageSizes } from "../charts/image-sizes.js";
import type { InspectFacts } from "../facts.js";
import { whole } from "../format.js";
import { healthFindings } from "./health-page.js";
import { html } from "./html.js";
import { code, Figures, factList, page, type RenderedPage, sampleGrid, splitTable, table } from "./parts.js";

/**
 * Draws the page of an inspected folder; self-contained, as `renderRunPage`'s is.
 * @param facts Contents of the folder.
 * @example
 * const { html } = await renderInspectPage({
 *   ...{ name: "pets", createdBy: "Fovea", classNames, rows: [{ label: "Images", value: "25" }], tree: "pets/" },
 *   ...{ splits: [{ name: "pets", counts: [9, 12, 4] }], samples: [], problems: [{ file: "cat/9.png", what: "is empty" }] },
 * });
 * await writeFile("pets.html", html);
 */
export async function renderInspectPage(facts: InspectFacts): Promise<RenderedPage> {
  const { splits, samples, classNames, problems, health } = facts;
  const figures = await Figures.draw([...classCounts(splits, classNames), ...imageSizes(splits)]);
  const sections = [
    { id: "files", title: "Files", body: html`${code("Files", facts.tree)}${splitTable(splits)}` },
    { id: "samples", title: "Samples", body: samples.length > 0 && sampleGrid(samples, classNames) },
    {
      id: "counts",
      title: "Images per class",
      body: html`<div class="charts">${figures.show("class-count-histogram")}${figures.show("counts-per-class", "full")}</div>`,
    },
    { id: "sizes", title: "Image sizes", body: html`<div class="charts">${figures.show("image-")}</div>` },
    {
      id: "problems",
      title: "Problems",
      body:
        problems.length === 0
          ? html`<p>None: every file could be read.</p>`
          : html`<p>${whole(problems.length)} found.</p>${table(
              "Files with problems",
              [{ head: "file" }, { head: "problem" }],
              problems.map(({ file, what }) => [html`<span class="mono hash">${file}</span>`, what]),
            )}`,
    },
    { id: "health", title: "Health", body: health !== undefined && healthFindings(health) },
  ];
  return {
    html: await page({
      title: facts.name,
      createdBy: facts.createdBy,
      kind: "image folder",
      head: factList(facts.rows),
      sections: sections.filter(({ body }) => body !== false),
    }),
    charts: await figures.files(),
  };
}
