// The card of a run: lines that a person wrote, facts of the run's files, and which rule asks for what.
import { VERSION } from "../../core/version.js";
import { joinPath } from "../../platform/paths.js";
import type { CardDuty, CardFacts, CardSection, CardState } from "../../report/card-facts.js";
import { CARD_FILE, type CardLines, EMPTY_LINES, printCard, readCard, readCardLines } from "../run/card-lines.js";
import type { RunFolder } from "../run/index.js";
import { type RunRecord, readRecord } from "./record.js";
import { known, missing, type Topic } from "./rows.js";
import { ELSEWHERE, LINE_DUTIES, type Places, RULE_NAMES, RULES, TOPIC_PLACES } from "./rules.js";
import { effortTopic, replayTopic, versionsTopic } from "./topics/again.js";
import { dataTopic, healthTopic, lineageTopic, modelTopic } from "./topics/data.js";
import { calibrationTopic, failuresTopic, metricsTopic, slicesTopic } from "./topics/results.js";

/** The page of a card, beside card.json. */
export const CARD_PAGE = "card.html";

/** Sections that files tell, in their order on the card. */
const TOPICS: Readonly<Record<keyof typeof TOPIC_PLACES, { readonly title: string; readonly write: Topic }>> = {
  model: { title: "Model", write: modelTopic },
  data: { title: "Data", write: dataTopic },
  health: { title: "Health of the data", write: healthTopic },
  lineage: { title: "Lineage", write: lineageTopic },
  metrics: { title: "Figures", write: metricsTopic },
  calibration: { title: "Calibration and referral", write: calibrationTopic },
  slices: { title: "Slices", write: slicesTopic },
  failures: { title: "Failures", write: failuresTopic },
  effort: { title: "Time and energy", write: effortTopic },
  replay: { title: "Certificate of the replay", write: replayTopic },
  versions: { title: "Versions", write: versionsTopic },
};

const LINE_NAMES = Object.keys(LINE_DUTIES) as readonly (keyof typeof LINE_DUTIES & keyof CardLines)[];
const TOPIC_NAMES = Object.keys(TOPICS) as readonly (keyof typeof TOPICS)[];
const STATEMENTS = "statements";

/** The card of a run: lines of people, and facts of files. */
export interface Card {
  /** Lines that people write, such as the purpose; empty before that. */
  readonly lines: CardLines;
  /** Sections, and the places in rules that ask for each. */
  readonly facts: CardFacts;
}

/**
 * Lines of a card that are still empty.
 * @param lines Lines of a card.
 * @returns Names of the empty ones, in the order of the card.
 * @example missingLines((await writeCard(await RunFolder.open("runs/pets"), "card")).lines).length; // 9: nobody wrote any
 */
export const missingLines = (lines: CardLines): string[] => LINE_NAMES.filter((name) => lines[name].trim() === "");

/** A section with what a person wrote; a model without a base has no other weights to name a licence of. */
const statements = ({ lines }: RunRecord): CardSection => ({
  id: STATEMENTS,
  title: "Purpose and use",
  tables: [],
  rows: LINE_NAMES.map((name) => {
    const { title } = LINE_DUTIES[name];
    const isLicence = name === "dataLicence" || name === "weightsLicence";
    return lines[name].trim() === ""
      ? missing(title, isLicence ? "not stated" : "not written yet")
      : known(title, lines[name], `${CARD_FILE}#/lines/${name}`);
  }),
});

const placesOf = (places: Places): string[] => RULE_NAMES.map((rule) => places[rule]);

const worst = (states: readonly CardState[]): CardState =>
  (["missing", "broken", "open"] as const).find((state) => states.includes(state)) ?? "known";

function dutiesOf(sections: readonly CardSection[], lines: CardLines): CardDuty[] {
  return [
    ...LINE_NAMES.map((name): CardDuty => {
      const { title, places } = LINE_DUTIES[name];
      const state = lines[name].trim() === "" ? "missing" : "known";
      return { title, section: STATEMENTS, person: true, state, places: placesOf(places) };
    }),
    ...TOPIC_NAMES.map((name): CardDuty => {
      const rows = sections.find(({ id }) => id === name)?.rows ?? [];
      const state = worst(rows.map((row) => row.state));
      return { title: TOPICS[name].title, section: name, person: false, state, places: placesOf(TOPIC_PLACES[name]) };
    }),
    ...ELSEWHERE.map(
      ({ title, places }): CardDuty => ({ title, person: true, state: "missing", places: placesOf(places) }),
    ),
  ];
}

/** The facts of a card. */
export function cardFacts(record: RunRecord, time = new Date()): CardFacts {
  const sections = [
    statements(record),
    ...TOPIC_NAMES.map((id): CardSection => {
      const { title, write } = TOPICS[id];
      const { rows, tables = [] } = write(record);
      return { id, title, rows, tables };
    }),
  ];
  return {
    name: record.facts.name,
    createdBy: `Fovea ${VERSION}`,
    time: time.toISOString(),
    sections,
    rules: RULE_NAMES.map((rule) => RULES[rule]),
    duties: dutiesOf(sections, record.lines),
  };
}

/**
 * The card of a finished run, of which nothing is written.
 * @param folder A finished run.
 * @throws FoveaError for a folder that is no finished run, and for a damaged card.json
 * @example const { facts } = await readRunCard(await RunFolder.open("runs/pets"));
 */
export async function readRunCard(folder: RunFolder): Promise<Card> {
  const lines = await readCardLines(folder);
  return { lines, facts: cardFacts(await readRecord(folder, lines)) };
}

/**
 * Writes the card of a finished run: card.html, and card.json with the lines that a person writes and the facts.
 * @param out folder of both. Default the run's
 * @param folder A finished run.
 * @returns the card, whose lines are those in `out`, else those of the run; all are empty where there are none yet
 * @throws FoveaError for a folder that is no finished run, and for a damaged card.json
 * @example const { facts } = await writeCard(await RunFolder.open("runs/pets"));
 */
export async function writeCard(folder: RunFolder, out = folder.path): Promise<Card> {
  const { files, path } = folder;
  await files.makeDirectory(out);
  const { lines = EMPTY_LINES } = (await readCard(out, files)) ?? (await readCard(path, files)) ?? {};
  const facts = cardFacts(await readRecord(folder, lines));
  const { renderCardPage } = await import("../../report/pages/card-page.js");
  await folder.write(joinPath(out, CARD_FILE), printCard({ lines, facts }));
  await folder.write(joinPath(out, CARD_PAGE), (await renderCardPage(facts)).html);
  return { lines, facts };
}
