// The page of a model's card: what a person wrote, what the run's files say, and which rule asks for what. Lines that are
// missing stand out, on a screen and in print.
import type { CardDuty, CardFacts, CardRow, CardSection, CardState, CardTable } from "../card-facts.js";
import { whole } from "../format.js";
import { type Content, type Html, html } from "./html.js";
import { page, type RenderedPage, type Section, table } from "./parts.js";

/** A word for a state, since colour alone says nothing to some readers. */
const STATE_WORDS: Readonly<Record<CardState, string>> = {
  known: "told",
  missing: "missing",
  open: "not known",
  broken: "does not hold",
};

const STYLE = `
.card-rows { margin: 0 0 20px; }
.card-rows div { display: grid; grid-template-columns: minmax(150px, 260px) 1fr minmax(110px, 150px); gap: 4px 16px; padding: 6px 0;
  border-bottom: 1px solid var(--line); break-inside: avoid; font-size: 13px; }
.card-rows dt { color: var(--muted); overflow-wrap: anywhere; }
.card-rows dd { margin: 0; overflow-wrap: anywhere; white-space: pre-line; }
.card-rows .from { color: var(--muted); font-size: 12px; }
.card-rows .missing { padding-left: 12px; border-left: 3px solid var(--wrong); }
.card-rows .broken { padding-left: 12px; border-left: 3px solid var(--wrong); }
.card-rows .open { padding-left: 12px; border-left: 3px solid var(--series-2); }
.missing .state, .broken .state { color: var(--wrong); font-weight: 650; }
.open .state { font-weight: 650; }
#rules td { min-width: 110px; }
@media screen and (max-width: 600px) { .card-rows div { grid-template-columns: minmax(0, 1fr); } }
@media print {
  @page { @bottom-right { content: counter(page) " of " counter(pages); font: 8pt sans-serif; } }
  section { padding-top: 20px; }
  section > p.after { break-before: avoid; break-after: auto; }
  table:not(:has(tbody tr:nth-child(13))) { break-inside: avoid; }
  .card-rows div { grid-template-columns: 30% 1fr 17%; }
  #rules td, #rules th { padding-right: 8px; font-size: 8pt; min-width: 0; } .scroll { overflow: visible; } }
`;

/** Draws a card; self-contained, as `renderRunPage`'s page is. */
export async function renderCardPage(facts: CardFacts): Promise<RenderedPage> {
  const sections = [...facts.sections.map(sectionOf), rulesSection(facts), elsewhereSection(facts)];
  return {
    html: await page({
      title: facts.name,
      createdBy: facts.createdBy,
      kind: "model card",
      head: headline(facts),
      sections,
      style: STYLE,
    }),
    charts: [],
  };
}

/** Numbers of lines by their state. */
function headline({ sections, time }: CardFacts): Html {
  const rows = sections.flatMap((section) => section.rows);
  const count = (state: CardState): number => rows.filter((row) => row.state === state).length;
  const figures = [
    ["lines told", count("known")],
    ["missing, for a person to write", count("missing")],
    ["not known, for a command to find", count("open")],
    ["checks that do not hold", count("broken")],
  ] as const;
  return html`<dl class="headline">${figures.map(([label, value]) => html`<div><dt>${label}</dt><dd>${whole(value)}</dd></div>`)}</dl>
<p class="after">Made on ${time.slice(0, 10)} at ${time.slice(11, 16)} (UTC). Figures are those of the run's files, whose names stand beside them; card.json has the place of each.</p>`;
}

const sectionOf = ({ id, title, rows, tables }: CardSection): Section => ({
  id,
  title,
  body: html`${rows.length > 0 && html`<dl class="card-rows">${rows.map(rowOf)}</dl>`}${tables.map(tableOf)}`,
});

const rowOf = ({ label, value, state, from }: CardRow): Html =>
  html`<div class="${state}"><dt><bdi>${label}</bdi></dt><dd>${state !== "known" && html`<span class="state">${STATE_WORDS[state]}</span>: `}<bdi>${value}</bdi></dd>${from.length > 0 && html`<dd class="from">${filesOf(from)}</dd>`}</div>
`;

/** The files of some places, each once. */
const filesOf = (from: readonly string[]): string =>
  [...new Set(from.map((source) => source.split("#")[0]!))].join(", ");

const tableOf = ({ title, columns, rows, note }: CardTable): Content => [
  html`<h3><bdi>${title}</bdi></h3>`,
  table(
    title,
    columns.map(({ head, number = false }) => ({ head: html`<bdi>${head}</bdi>`, number })),
    rows.map(({ cells }) => cells.map((cell) => html`<bdi>${cell}</bdi>`)),
  ),
  html`<p class="muted after">${note !== undefined && `${note} `}From ${filesOf(rows.flatMap(({ from }) => from))}.</p>`,
];

const stateCell = ({ state }: CardDuty): Html =>
  html`<span class="${state}"><span class="state">${STATE_WORDS[state]}</span></span>`;

/** Lines of the card, and the place in each rule that asks for them. */
const rulesSection = ({ rules, duties }: CardFacts): Section => ({
  id: "rules",
  title: "Rules that ask for it",
  body: html`<ul>${rules.map(({ name, title, certainty }) => html`<li><b>${name}</b>: ${title}. <span class="muted">${certainty}</span></li>`)}</ul>
${dutyTable(
  "Lines of the card by rule",
  rules,
  duties.filter(({ section }) => section !== undefined),
)}
<p class="muted after">Look a place up in the rule before you quote it. Whether a rule applies to this model, and what it then asks for, its text and a lawyer say.</p>`,
});

/** Things that only a person can state: those of the card, and those that no card of a run has. */
const elsewhereSection = ({ rules, duties }: CardFacts): Section => ({
  id: "persons",
  title: "Only a person can state",
  body: html`<p>On this card, from card.json: ${duties
    .filter(({ person, section }) => person && section !== undefined)
    .map(({ title }) => title.toLowerCase())
    .join(", ")}. Elsewhere, for no file of a run knows them:</p>
${dutyTable(
  "Statements that the card does not have",
  rules,
  duties.filter(({ section }) => section === undefined),
)}`,
});

const dutyTable = (name: string, rules: CardFacts["rules"], duties: readonly CardDuty[]): Html =>
  table(
    name,
    [{ head: "line" }, { head: "state" }, ...rules.map((rule) => ({ head: rule.name }))],
    duties.map((duty) => [
      duty.section === undefined ? duty.title : html`<a href="#${duty.section}">${duty.title}</a>`,
      duty.section === undefined ? "not on the card" : stateCell(duty),
      ...duty.places,
    ]),
  );
