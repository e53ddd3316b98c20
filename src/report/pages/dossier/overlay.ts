// A map over the picture that it is about: both as images on top of each other, the map as opaque as a slider says, its
// colours explained below, and the regions that evidence marks as labelled boxes.
import type { EvidenceMap, Pixels, Region } from "../../../forensics/dossier.js";
import { pngDataUri } from "../../images/data-uri.js";
import { capital, type Html, html } from "../html.js";

/** Colours of a map from low to high: dark to light, and told apart by readers who do not see red and green. */
const RAMP = [
  [48, 18, 99],
  [41, 91, 142],
  [31, 158, 137],
  [148, 206, 70],
  [253, 231, 37],
] as const;

const STEPS = RAMP.length - 1;

/** RGB of the 256 values of a map. */
const COLORS = Uint8Array.from({ length: 3 * 256 }, (_, i) => {
  const at = (Math.floor(i / 3) / 255) * STEPS;
  const step = Math.min(STEPS - 1, Math.floor(at));
  const channel = i % 3;
  const [from, to] = [RAMP[step]![channel]!, RAMP[step + 1]![channel]!];
  return Math.round(from + (at - step) * (to - from));
});

/** The ramp as CSS, for the legend. */
export const RAMP_CSS = `linear-gradient(to right, ${RAMP.map((color) => `rgb(${color.join(" ")})`).join(", ")})`;

/** The longer side of a map in a page: more cells than a reader can see are put together. */
const LONGEST_MAP = 480;

/** A map as an image in colours. */
export function mapUri({ height, width, values }: EvidenceMap): string {
  const data = new Uint8Array(3 * values.length);
  for (let i = 0; i < values.length; i++) data.set(COLORS.subarray(3 * values[i]!, 3 * values[i]! + 3), 3 * i);
  return pngDataUri({ height, width, channels: 3, data }, LONGEST_MAP);
}

/** The picture under maps: a class whose style shows it, so that its bytes stand in the page once. */
export interface UnderMap {
  readonly className: string;
  readonly style: string;
}

/**
 * The picture as a style. It is as wide as its surroundings, and no higher than `--most` there.
 * @param longest its longer side in pixels; a larger picture is reduced
 * @param className of the picture, another one for each image of a page
 */
export const underMap = (picture: Pixels, longest: number, className: string): UnderMap => ({
  className,
  style: `.${className} { background: url("${pngDataUri(picture, longest)}") 0 0 / 100% 100%;
  aspect-ratio: ${picture.width} / ${picture.height}; width: min(100%, calc(var(--most) * ${picture.width} / ${picture.height})); }
`,
});

/** The meaning of a map's colours. */
export const legend = ({ low, high }: EvidenceMap): Html =>
  html`<p class="legend"><span>${low}</span><span class="ramp" aria-hidden="true"></span><span>${high}</span></p>`;

/**
 * A map and regions over the picture; without a picture the map alone.
 * @param id of the slider, of which a page has many
 * @param size width and height of the image that regions are in
 */
export function overlay(
  id: string,
  { map, regions = [] }: { readonly map?: EvidenceMap; readonly regions?: readonly Region[] },
  under: UnderMap | undefined,
  size: { readonly width: number; readonly height: number },
): Html | false {
  const boxes = regions.length > 0 && boxesOver(regions, size);
  if (map === undefined)
    return (
      under !== undefined &&
      boxes !== false &&
      html`<figure class="overlay"><div class="layers ${under.className}">${boxes}</div></figure>`
    );
  const name = `${map.title}, over the picture`;
  if (under === undefined)
    return html`<figure class="overlay"><div class="layers"><img class="map alone" alt="${map.title}" src="${mapUri(map)}"></div>
<figcaption>${capital(map.title)}${legend(map)}</figcaption></figure>`;
  return html`<figure class="overlay"><div class="layers ${under.className}"><img class="map" alt="${name}" src="${mapUri(map)}">${boxes}</div>
<figcaption>${capital(map.title)}${legend(map)}<label class="opacity" for="${id}">Opacity of the map <input type="range" id="${id}" min="0" max="100" step="5" value="60"><output for="${id}">60 %</output></label></figcaption></figure>`;
}

function boxesOver(
  regions: readonly Region[],
  { width, height }: { readonly width: number; readonly height: number },
): Html {
  const type = Math.max(width, height) / 48;
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${regions.map(({ label }) => label).join(", ")}">${regions.map(
    ({ x, y, width: wide, height: high, label }) =>
      html`<rect x="${x}" y="${y}" width="${wide}" height="${high}"/><text x="${x + type / 4}" y="${Math.max(type, y - type / 3)}" font-size="${type}">${label}</text>`,
  )}</svg>`;
}

/** The script of a dossier: each slider sets how opaque the map in its figure is. The page is complete without it. */
export const OVERLAY_SCRIPT = `
(() => {
  for (const slider of document.querySelectorAll(".opacity input")) {
    const figure = slider.closest("figure");
    const told = figure.querySelector("output");
    const show = () => {
      figure.style.setProperty("--opacity", slider.value / 100);
      told.textContent = slider.value + " %";
    };
    slider.addEventListener("input", show);
    show();
  }
})();
`;
