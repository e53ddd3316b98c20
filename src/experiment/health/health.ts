// Runs the checks on a source: opened, looked at once, then check by check. A check that cannot run is named with the
// reason.
import { defined } from "../../core/defined.js";
import { oneOf } from "../../core/errors.js";
import { checkOptions } from "../../core/options.js";
import {
  type CollectorName,
  MOST_CROPPED,
  type OpenedSource,
  openSource,
  type SourceOptions,
} from "../../data/index.js";
import { baseName } from "../../platform/paths.js";
import { findJournal } from "../journal/journal-file.js";
import { journalPath } from "../journal/place.js";
import { CHECK_NAMES, type Check, type CheckName, type HealthFinding, type Need } from "./check.js";
import { CHECKS } from "./checks.js";
import { unjudgedLabels } from "./labels.js";
import { type HealthSubject, type SubjectOptions, subjectOf } from "./subject.js";
import { unjudgedTargets } from "./targets.js";

/** Options of a health check: the checks to run, and the settings that they follow. */
export interface HealthOptions extends Omit<SubjectOptions, "collect"> {
  /** Checks to run. Default: all. */
  readonly checks?: readonly CheckName[] | undefined;
  /** Names of a manifest's columns. Default: the usual names. */
  readonly columns?: SourceOptions | undefined;
}

/** Findings of a source of images, and the checks that made them. */
export interface Health {
  /** Images that were looked at, with their parts, groups and labels. */
  readonly subject: HealthSubject;
  /** Findings in the order of the table, errors first. */
  readonly findings: readonly HealthFinding[];
  /** Number of findings of each kind. */
  readonly counts: Readonly<Record<string, number>>;
  /** Checks that ran, in the order of the table. */
  readonly ran: readonly CheckName[];
  /** Checks that were asked for and did not run, and why, in the order of the table. */
  readonly notRun: readonly { readonly check: CheckName; readonly why: string }[];
}

const OPTIONS = [
  "journal",
  "journalFolder",
  "signal",
  "onLook",
  "onProgress",
  "base",
  "threads",
  "memory",
  "seed",
  "checks",
  "columns",
];

/**
 * Checks whether images can be trusted: a folder, a manifest, an archive, or a source that was opened before.
 * @param from its path, beside which a label journal is read; or an opened source
 * @param options.checks names of `CHECKS`. Default: all
 * @throws FoveaError for a source without images, and for options that do not exist
 * @example
 * await writeFile("photos.csv", "path,label\nphoto.png,cat\n");
 * const { findings, ran, notRun } = await checkHealth("photos.csv", { checks: ["dark", "small-classes", "bursts"] });
 * notRun; // [{ check: "bursts", why: "the source has neither parts nor groups" }, ...]
 * findingsJson(findings); // kind, severity, files, evidence, remedy and check of each
 */
export async function checkHealth(from: string | OpenedSource, options: HealthOptions = {}): Promise<Health> {
  checkOptions("checkHealth", options, OPTIONS);
  const { checks = CHECK_NAMES, columns, journal, ...others } = options;
  for (const name of checks) oneOf("checkHealth checks", name, CHECK_NAMES);
  const isPath = typeof from === "string";
  const source = isPath ? await openSource(from, columns ?? {}) : from;
  const beside = journal ?? (isPath ? await findJournal({ train: from }) : undefined);
  const isOfMore = isPath && beside !== undefined && beside.where !== (await journalPath(from));
  const journalFolder = isOfMore ? baseName(from) : undefined;
  const subject = await subjectOf(source, {
    collect: [...new Set(checks.flatMap((name) => CHECKS[name].collects))],
    ...defined({ journalFolder }),
    ...others,
    ...defined({ journal: beside }),
  });
  return healthOf(subject, checks);
}

/**
 * Runs checks on images that were looked at. A check that the images have no facts for is in `notRun`, with the reason.
 * @param subject images that were looked at, with their parts, groups and labels
 * @param checks names of the checks. Default: all
 */
export async function healthOf(subject: HealthSubject, checks: readonly CheckName[] = CHECK_NAMES): Promise<Health> {
  const wanted = new Set(checks);
  const findings: HealthFinding[] = [];
  const ran: CheckName[] = [];
  const notRun: { check: CheckName; why: string }[] = [];
  for (const check of Object.values(CHECKS)) {
    if (!wanted.has(check.name)) continue;
    const why = lacking(check, subject);
    if (why !== undefined) {
      notRun.push({ check: check.name, why });
      continue;
    }
    for (const finding of await check.run(subject)) findings.push(finding);
    ran.push(check.name);
  }
  const counts: Record<string, number> = {};
  for (const { kind } of findings) counts[kind] = (counts[kind] ?? 0) + 1;
  return { subject, findings: sorted(findings), counts, ran, notRun };
}

const RANKS = { error: 0, warning: 1, note: 2 } as const;

const sorted = (findings: readonly HealthFinding[]): HealthFinding[] =>
  [...findings].sort((a, b) => RANKS[a.severity] - RANKS[b.severity]);

const NEEDS: Readonly<Record<Need, (subject: HealthSubject) => string | undefined>> = {
  "parts or groups": ({ images }) =>
    differ(images.map(({ part }) => part)) || differ(images.map(({ group }) => group))
      ? undefined
      : "the source has neither parts nor groups",
  classes: ({ targets, targetsError }) =>
    targets?.kind === "classes" || targets?.kind === "labels"
      ? undefined
      : (targetsError ?? "the images have no classes"),
  "classes to judge": unjudgedLabels,
  "numbers to judge": unjudgedTargets,
  "EXIF times": ({ looks }) =>
    [...looks.photos.values()].some(({ taken }) => taken !== undefined) ? undefined : "no image has an EXIF time",
};

const uncollected = (name: CollectorName, count: number): string =>
  name === "tiles" && count > MOST_CROPPED
    ? `parts of pictures are looked for among up to ${MOST_CROPPED.toLocaleString("en-US")} images, and these are ${count.toLocaleString("en-US")}`
    : `the pass over the images collected no ${name}`;

const differ = (values: readonly unknown[]): boolean => new Set(values).size > 1;

/** The reason why a check cannot run on a source; undefined where it can. */
function lacking({ needs, collects }: Check, subject: HealthSubject): string | undefined {
  const missing = collects.find((name) => !subject.looks.collected.has(name));
  if (missing !== undefined) return uncollected(missing, subject.images.length);
  for (const need of needs) {
    const why = NEEDS[need](subject);
    if (why !== undefined) return why;
  }
  return undefined;
}
