// The page of `fovea health`: each finding as a sentence, what to do about it, and the images that show it side by side.
import { whole } from "../format.js";
import type { HealthFacts, HealthSectionFacts, ShownFindingFacts, ShownImageFacts } from "../health-facts.js";
import { type Content, type Html, html } from "./html.js";
import { factList, image, page, type RenderedPage, type Section, table } from "./parts.js";

const SEVERITIES = ["error", "warning", "note"] as const;
const SEVERITY_WORDS = { error: "Error", warning: "Warning", note: "Note" } as const;

/**
 * Draws the page of checked data; self-contained, as `renderRunPage`'s is.
 * @param facts The findings.
 */
export async function renderHealthPage(facts: HealthFacts): Promise<RenderedPage> {
  const { name, createdBy, sections } = facts;
  return {
    html: await page({
      title: name,
      createdBy,
      kind: "data health",
      head: html`${headline(facts)}${factList(facts.rows)}`,
      sections: [overview(facts), ...sections.map(sectionOf), ...checked(facts)],
    }),
    charts: [],
  };
}

/** Images, and findings by their severity. */
function headline({ images, sections }: HealthFacts): Html {
  const all = sections.flatMap(({ findings }) => findings);
  const total = sections.reduce((sum, { count }) => sum + count, 0);
  const of = (severity: (typeof SEVERITIES)[number]): number =>
    all.filter((finding) => finding.severity === severity).length;
  const more = total - all.length;
  const figures = [
    ["images", images],
    ["findings", total],
    ...(more > 0 ? [] : SEVERITIES.map((severity) => [`${severity}s`, of(severity)] as const)),
  ] as const;
  return html`<dl class="headline">${figures.map(([label, value]) => html`<div><dt>${label}</dt><dd>${whole(value)}</dd></div>`)}</dl>`;
}

function overview({ sections, fix }: HealthFacts): Section {
  const rows = sections.map(({ id, title, count, findings }) => [
    html`<a href="#${id}">${title}</a>`,
    whole(count),
    SEVERITY_WORDS[SEVERITIES.find((severity) => findings.some((finding) => finding.severity === severity)) ?? "note"],
  ]);
  return {
    id: "overview",
    title: "Overview",
    body: html`${
      rows.length === 0
        ? html`<p>Nothing looks wrong: all checks that could run found nothing.</p>`
        : table(
            "Findings by check",
            [{ head: "check" }, { head: "findings", number: true }, { head: "severity" }],
            rows,
          )
    }${fix !== undefined && html`<p class="after">${fix}</p>`}`,
  };
}

/** Findings of all checks under small headings, and checks that did not run, for a section of another page. */
export const healthFindings = ({ sections, notRun }: Pick<HealthFacts, "sections" | "notRun">): Content => [
  sections.length === 0
    ? html`<p>Nothing looks wrong: all checks that could run found nothing.</p>`
    : sections.map((section) => html`<h3>${section.title}</h3>${sectionOf(section).body}`),
  notChecked(notRun),
];

/** Checks that did not run, and why. */
const notChecked = (notRun: HealthFacts["notRun"]): Content =>
  notRun.length > 0 &&
  html`<h3>Not checked</h3>${table(
    "Checks that did not run",
    [{ head: "check" }, { head: "why not" }],
    notRun.map(({ title, why }) => [title, html`<bdi>${why}</bdi>`]),
  )}`;

function sectionOf({ id, title, method, findings, count }: HealthSectionFacts): Section {
  const more = count - findings.length;
  return {
    id,
    title,
    body: html`<p class="muted">${sentence(method)}</p>
${findings.map(findingOf)}
${more > 0 && html`<p class="muted">${whole(more)} more ${more === 1 ? "finding is" : "findings are"} in the JSON (<code>--json</code>) and not in this page.</p>`}`,
  };
}

const sentence = (text: string): string =>
  `${text[0]?.toUpperCase() ?? ""}${text.slice(1)}${text.endsWith(".") ? "" : "."}`;

function findingOf({ severity, evidence, remedy, images, count }: ShownFindingFacts): Html {
  const more = count - images.length;
  return html`<article class="finding ${severity}">
<p><b class="severity">${SEVERITY_WORDS[severity]}</b> <bdi>${sentence(evidence)}</bdi></p>
<p class="remedy"><b>Remedy:</b> <bdi>${sentence(remedy)}</bdi></p>
${images.length > 0 && html`<div class="side-by-side">${images.map(shownImage)}</div>`}
${more > 0 && html`<p class="muted">and ${whole(more)} more ${more === 1 ? "image" : "images"}.</p>`}
</article>
`;
}

function shownImage({ file, part, label, group, size, image: pixels }: ShownImageFacts): Html {
  const facts: Content[] = [
    part !== undefined && html`<b class="part">${part}</b>`,
    label !== undefined && html`<bdi class="label">${label}</bdi>`,
    group !== undefined && html`<span>group <bdi>${group}</bdi></span>`,
    size !== undefined && html`<span class="muted">${size}</span>`,
  ].filter((fact) => fact !== false);
  return html`<figure>${pixels === undefined ? html`<div class="no-picture">no picture</div>` : image(pixels, file)}
<figcaption>${facts.map((fact) => html`<span class="fact">${fact}</span> `)}<span class="file" title="${file}"><bdi>${file}</bdi></span></figcaption></figure>
`;
}

/** Checks without findings, and those that did not run. */
function checked({ clean, notRun }: HealthFacts): Section[] {
  if (clean.length + notRun.length === 0) return [];
  return [
    {
      id: "checked",
      title: "Also checked",
      body: html`${
        clean.length > 0 &&
        table(
          "Checks without findings",
          [{ head: "nothing found" }, { head: "method" }],
          clean.map(({ title, method }) => [title, sentence(method)]),
        )
      }
${notChecked(notRun)}`,
    },
  ];
}
