// Findings of data health as text: by check, some sentences of each, what was not checked, what `--fix` does.
import { singleLine } from "../../core/text.js";
import { sentenceOf } from "../../data/index.js";
import {
  CHECKS,
  type CheckName,
  type FixPlan,
  type Health,
  type HealthFinding,
} from "../../experiment/health/index.js";
import { whole } from "../../report/format.js";

/** Sentences of a check that a terminal shows. */
const MOST_SENTENCES = 5;
const MARKS = { error: "!!", warning: " !", note: "  " } as const;

/** All findings, bounded, with what could not be checked. */
export function healthText({ subject, findings, notRun }: Health): string {
  const found = new Map<CheckName, HealthFinding[]>();
  for (const finding of findings) found.set(finding.check, [...(found.get(finding.check) ?? []), finding]);
  const count = `${whole(findings.length)} ${findings.length === 1 ? "finding" : "findings"}`;
  const idle = notRun.map(({ check, why }) => `  ${CHECKS[check].title}: ${singleLine(why)}`);
  return [
    `${singleLine(subject.source.sentence)}\n${findings.length === 0 ? "Nothing looks wrong." : `${count} in ${whole(subject.images.length)} images.`}`,
    ...[...found].map(([check, of]) => sectionText(check, of)),
    ...(idle.length > 0 ? [["Not checked:", ...idle].join("\n")] : []),
  ].join("\n\n");
}

function sectionText(check: CheckName, findings: readonly HealthFinding[]): string {
  const lines = findings
    .slice(0, MOST_SENTENCES)
    .map((finding) => `${MARKS[finding.severity]} ${singleLine(sentenceOf(finding))}`);
  const more = findings.length - lines.length;
  const rest = more > 0 ? [`   ... and ${whole(more)} more; --out writes a page, --json all of them`] : [];
  return [`${CHECKS[check].title}: ${whole(findings.length)}`, ...lines, ...rest].join("\n");
}

const counted = (count: number, noun: string): string => `${whole(count)} ${count === 1 ? noun : `${noun}s`}`;

/** A plan in a sentence, in the tense of what it is for. */
export function fixSentence(
  { leaveOut, relabel, decided }: FixPlan,
  journal: string,
  tense: "would" | "will" | "did",
): string {
  const [leaves, gives] = WORDS[tense];
  const kept =
    decided.length === 0
      ? ""
      : ` ${counted(decided.length, "image")} with an earlier decision ${decided.length === 1 ? "stays" : "stay"} as decided.`;
  const parts = [
    ...(leaveOut.length > 0 ? [`${leaves} ${counted(leaveOut.length, "image")} out`] : []),
    ...(relabel.length > 0 ? [`${gives} ${counted(relabel.length, "image")} another label`] : []),
  ];
  if (parts.length === 0) return `--fix has nothing to write into ${journal}.${kept}`;
  return (
    `--fix ${parts.join(" and ")}, by entries in ${journal}, which training reads; files stay unchanged, and each entry ` +
    `can be taken back.${kept}`
  );
}

const WORDS = {
  would: ["would leave", "would give"],
  will: ["will leave", "will give"],
  did: ["left", "gave"],
} as const;
