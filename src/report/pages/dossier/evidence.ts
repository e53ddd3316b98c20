// Evidence of a dossier in a page: the finding in words, the sentence, maps, tables, and what a method measures, where it
// errs and where it was published.
import type { FindingOfMethod, MethodEvidence } from "../../../forensics/dossier.js";
import { capital, type Html, html } from "../html.js";
import { table } from "../parts.js";
import { legend, mapUri, overlay, type UnderMap } from "./overlay.js";

/** Findings in words for a reader. */
const WORDS: Readonly<Record<FindingOfMethod, string>> = {
  verifies: "proves the origin",
  contradicts: "contradiction",
  supports: "fits",
  notable: "worth knowing",
  none: "nothing found",
  shown: "for the eye, not scored",
  unable: "not examined",
};

/** The finding as a badge. */
export const badge = (finding: FindingOfMethod): Html =>
  html`<span class="finding ${finding}">${WORDS[finding]}</span>`;

/** Kinds of methods as headings. */
export const KINDS: Readonly<Record<MethodEvidence["kind"], string>> = {
  credentials: "Credentials",
  metadata: "Metadata",
  compression: "Compression",
  pixels: "Pixels",
};

/**
 * The evidence of one method.
 * @param id of its place in the page
 * @param size width and height of the image as shown
 */
export function methodEvidence(
  id: string,
  evidence: MethodEvidence,
  under: UnderMap | undefined,
  size: { readonly width: number; readonly height: number },
): Html {
  const { title, finding, sentence, rows = [], maps = [], measures, limits, source, settings } = evidence;
  const constants = Object.entries(settings ?? {}).map(([name, value]) => `${name} ${value}`);
  const figure = overlay(`${id}-opacity`, evidence, under, size);
  return html`<div class="method" id="${id}"><h4>${title} ${badge(finding)}</h4>
<p><bdi>${sentence}</bdi></p>
<div class="${figure !== false && "mapped"}">${figure}<div>${
    rows.length > 0 &&
    table(
      `${title}: values read or measured`,
      [
        { head: "entry", isPlain: true },
        { head: "value", isPlain: true },
      ],
      rows.map(({ label, value }) => [html`<bdi>${label}</bdi>`, html`<bdi>${value}</bdi>`]),
    )
  }<dl class="about"><div><dt>Measures</dt><dd>${capital(measures)}.</dd></div>
<div><dt>Limits</dt><dd>${limits}.</dd></div>
<div><dt>Source</dt><dd>${source}.</dd></div>${
    constants.length > 0 && html`<div><dt>Settings</dt><dd class="mono">${constants.join(", ")}</dd></div>`
  }</dl></div></div>${
    maps.length > 0 &&
    html`<div class="further">${maps.map(
      (map) =>
        html`<figure><img alt="${map.title}" src="${mapUri(map)}"><figcaption>${capital(map.title)}${legend(map)}</figcaption></figure>`,
    )}</div>`
  }</div>
`;
}

/** Methods that could not examine a file, and why, in one table. */
export const unexamined = (evidence: readonly MethodEvidence[]): Html =>
  table(
    "Methods that could not examine this file",
    [{ head: "method" }, { head: "reason" }],
    evidence.map(({ title, sentence }) => [title, html`<bdi>${sentence}</bdi>`]),
  );
