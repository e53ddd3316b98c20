// The page of `fovea forensics`: what each image tells about itself. Evidence with its limits, and what was not examined;
// the page never calls an image forged or genuine.
import type { Dossier, MethodEvidence } from "../../../forensics/dossier.js";
import { whole } from "../../format.js";
import { type Content, capital, type Html, html } from "../html.js";
import { code, factList, page, type Section, table } from "../parts.js";
import { badge, KINDS, methodEvidence, unexamined } from "./evidence.js";
import { OVERLAY_SCRIPT, type UnderMap, underMap } from "./overlay.js";
import { DOSSIER_STYLE } from "./style.js";

/** The contents of a page of dossiers. */
export interface DossierPageFacts {
  /** Program and version that made it. */
  readonly createdBy: string;
  /** Results of the examined images, in the order of the page. */
  readonly dossiers: readonly Dossier[];
  /** Files that could not be examined at all, and why. */
  readonly failures: readonly { readonly image: string; readonly error: string }[];
  /** The command that makes the page again. */
  readonly command: string;
}

/** Bytes of images that a page of many dossiers may take. */
const MOST_BYTES = 24_000_000;
const LONGEST = 880;

/**
 * Draws the page of one or more dossiers; self-contained, without any request.
 * @param facts The dossier with its pictures.
 * @example
 * const dossier = await examine("photo.png");
 * const page = await renderDossierPage({ createdBy: "Fovea", dossiers: [dossier], failures: [], command: "fovea forensics photo.png" });
 */
export async function renderDossierPage(facts: DossierPageFacts): Promise<string> {
  const { dossiers, failures, createdBy, command } = facts;
  // A picture of n x n pixels takes some 2 n² bytes as PNG in base64.
  const longest = Math.min(LONGEST, Math.floor(Math.sqrt(MOST_BYTES / 2 / Math.max(1, dossiers.length))));
  const pictures = dossiers.map(({ picture }, i) => picture && underMap(picture, longest, `picture-${i + 1}`));
  const sections: Section[] = [
    ...(dossiers.length + failures.length > 1
      ? [{ id: "images", title: "Images", body: overview(dossiers, failures) }]
      : []),
    ...dossiers.map((dossier, i) => ({
      id: `image-${i + 1}`,
      title: baseOf(dossier.image),
      body: html`<div class="image">${imageBody(dossier, `image-${i + 1}`, pictures[i])}</div>`,
    })),
    { id: "absent", title: "Not examined", body: ABSENT },
    { id: "reading", title: "How to read this", body: READING },
    { id: "again", title: "The same again", body: html`${code("Command", command)}<p>${AGAIN}</p>` },
  ];
  const [first] = dossiers;
  const title = first !== undefined && dossiers.length === 1 ? baseOf(first.image) : `${whole(dossiers.length)} images`;
  return page({
    title,
    createdBy,
    kind: "image forensics",
    head: html`<p class="warnings">Evidence, never a verdict: no method here says that an image is forged or genuine. Each states its measure and its errors.</p>`,
    sections,
    style: DOSSIER_STYLE + pictures.map((picture) => picture?.style ?? "").join(""),
    script: OVERLAY_SCRIPT,
  });
}

const baseOf = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;

function overview(dossiers: readonly Dossier[], failures: DossierPageFacts["failures"]): Content {
  const count = ({ evidence }: Dossier, finding: MethodEvidence["finding"]): string =>
    whole(evidence.filter((found) => found.finding === finding).length);
  return html`${table(
    "Images and conclusions",
    [
      { head: "image" },
      { head: "conclusion" },
      { head: "contradictions", number: true },
      { head: "worth knowing", number: true },
    ],
    dossiers.map((dossier, i) => [
      html`<a href="#image-${i + 1}"><bdi>${dossier.image}</bdi></a>`,
      dossier.conclusion,
      count(dossier, "contradicts"),
      count(dossier, "notable"),
    ]),
  )}${
    failures.length > 0 &&
    html`<h3>Not examined</h3>${table(
      "Files that could not be examined",
      [{ head: "file" }, { head: "reason" }],
      failures.map(({ image, error }) => [html`<bdi>${image}</bdi>`, html`<bdi>${error}</bdi>`]),
    )}`
  }`;
}

/** Picture, conclusion and facts of an image, then its evidence by kind. */
function imageBody(dossier: Dossier, id: string, under: UnderMap | undefined): Html {
  const { evidence, conclusion, meaning, width = 1, height = 1 } = dossier;
  const examined = evidence.filter(({ finding }) => finding !== "unable");
  const unable = evidence.filter(({ finding }) => finding === "unable");
  const told = evidence.filter(({ finding }) => ["contradicts", "verifies", "notable"].includes(finding));
  const kinds = [...new Set(examined.map(({ kind }) => kind))];
  return html`<div class="conclusion">${pictureOf(under)}<div>
<h3>${capital(conclusion)}</h3><p>${meaning}</p>${
    told.length > 0 &&
    html`<ul class="told">${told.map(
      ({ method, title, finding, sentence }) =>
        html`<li>${badge(finding)} <a href="#${id}-${method}">${title}</a>: <bdi>${sentence}</bdi></li>`,
    )}</ul>`
  }${factList(factsOf(dossier))}</div></div>
${kinds.map(
  (kind) =>
    html`<h3>${KINDS[kind]}</h3>${examined
      .filter((found) => found.kind === kind)
      .map((found) => methodEvidence(`${id}-${found.method}`, found, under, { width, height }))}`,
)}${unable.length > 0 && html`<h3>Could not be examined</h3>${unexamined(unable)}`}`;
}

const pictureOf = (under: UnderMap | undefined): Html =>
  under === undefined
    ? html`<p class="no-picture">The image cannot be decoded, so that no picture is shown.</p>`
    : html`<div class="layers ${under.className}" role="img" aria-label="The image that was examined"></div>`;

const factsOf = (dossier: Dossier) => [
  { label: "File", value: dossier.image },
  { label: "SHA-256", value: dossier.sha256 },
  { label: "Size", value: `${whole(dossier.bytes)} bytes` },
  {
    label: "Format",
    value: `${dossier.format}${dossier.width === undefined ? "" : `, ${dossier.width} x ${dossier.height} pixels`}`,
  },
  ...(dossier.modified === undefined ? [] : [{ label: "Last written", value: dossier.modified }]),
  {
    label: "Examined with",
    value: Object.entries(dossier.versions)
      .map(([program, version]) => `${program} ${version}`)
      .join(", "),
  },
];

const ABSENT = html`<p>No detector of generated images is part of Fovea: none can be tested honestly here, for that needs pictures of
every generator, old and new, as they come out of messengers and web sites, and published detectors fail on those. Looked at
instead is what a file declares: content credentials, IPTC's digital source type, and the settings that generators write. A
generated picture that declares nothing cannot be told from a photograph by this dossier.</p>
<p>Not examined either: whether the picture was found on the web or in another claim, whether it shows a screen or a print,
what can be seen in it (shadows, reflections, perspective), and the noise of one particular sensor.</p>`;

const READING = html`<p>The file was read and not changed: its SHA-256 is the same before and after. Four conclusions are
possible. <b>Origin verified</b>: a signer whom you trust has signed the file, and it is unchanged since. <b>Contradiction found</b>: two
facts of the file cannot both be true. <b>Not enough evidence</b>: neither of these, as for most honest photographs. <b>Cannot be
told</b>: no method could examine the file.</p>
<p>Any number of findings that are worth knowing makes no contradiction. Missing metadata are no sign of forgery: messengers and web
sites remove them. A photograph that was saved again by a messenger has lost most of what compression and pixels could say: ask for
the original file.</p>`;

const AGAIN = "The same file, version and settings give the same evidence.";
