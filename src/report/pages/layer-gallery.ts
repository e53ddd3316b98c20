// The gallery of the layers of a model: a section of a run's page, and a page of its own.
import type { GalleryFacts } from "../facts.js";
import { rough } from "../format.js";
import { type Html, html } from "./html.js";
import { image, page } from "./parts.js";

/** Wide enough for eight pictures in a row. */
const LONGEST = 1056;

const strip = (facts: GalleryFacts["image"], alt: string): Html =>
  html`<div class="strip" role="group" tabindex="0" aria-label="${alt}">${image(facts, alt, LONGEST)}</div>`;

/** Factor by which a channel fires harder in the end. */
function times(before: number, after: number): string {
  if (before > 0) return `${rough(after / before)}×`;
  return after > before ? "silent for noise" : "silent for noise, and for the picture made from it";
}

const DEPTHS = ["An early layer", "A middle layer", "A deep layer"];

/** The section's body. */
export const layerGallerySection = ({ image: shown, filters, layers, features }: GalleryFacts): Html => html`
<p>What channels of an early, a middle and a deep layer fire hardest for: pictures that began as noise, or as
stripes where a layer looks at the pixels themselves, and were changed until the channel's mean activation was as high
as it would go. Early layers look for edges and shades,
deep ones for parts of what the network was trained on. Under each, how much harder it fires than for the noise.</p>
${features.map(
  (
    { layer, channels, before, after, image: pictures },
    i,
  ) => html`<h3>${features.length === DEPTHS.length && `${DEPTHS[i]}: `}${layer}</h3>
${strip(pictures, `features of ${layer}`)}<p class="muted">${channels.map((c, k) => `channel ${c}: ${times(before[k]!, after[k]!)}`).join(", ")}</p>
`,
)}
${filters && html`<h3>The filters that look at the image first</h3>${strip(filters, "first filters")}<p class="muted">Mid-grey is a weight of 0, brighter ones are positive.</p>`}
<h3>Maps of each layer for one image</h3>
${strip(shown, "the image")}
${layers.map(
  ({ name, shape, channels, image: maps }) => html`<h3>${name} <span class="muted">${shape}</span></h3>
${strip(maps, `maps of ${name}`)}<p class="muted">${channels.length === 1 ? "Channel" : "Channels"} ${channels.join(", ")}, from lowest to highest each</p>
`,
)}`;

/**
 * The gallery as a page of its own.
 * @param name The model's name.
 * @param createdBy Name and version of the program.
 * @param gallery Pictures of the layers.
 * @example
 * const strip = { height: 12, width: 24, channels: 1, data: images.data.slice(0, 288) };
 * const layers = [{ name: "conv1", shape: "10 × 10 × 4", channels: [0, 2], image: strip }];
 * const page = await renderGalleryPage("pets", "Fovea", { image: strip, layers, features: [] });
 */
export const renderGalleryPage = (name: string, createdBy: string, gallery: GalleryFacts): Promise<string> =>
  page({
    title: name,
    createdBy,
    kind: "features of the layers",
    head: "",
    sections: [{ id: "layers", title: "Features of the layers", body: layerGallerySection(gallery) }],
  });
