// Verification on its page: error rates, the curve, cosines of both kinds of pairs, and the pairs that are judged worst.
import { rocChart } from "../../charts/verification/roc.js";
import { scoresChart } from "../../charts/verification/scores.js";
import type { FactRow, PairFacts, RunFacts, VerificationFacts } from "../../facts.js";
import { percent, whole } from "../../format.js";
import { folded } from "../gallery.js";
import { type Html, html } from "../html.js";
import { className, type Figures, image, type Section } from "../parts.js";
import type { TaskPage } from "./task-page.js";

/** Share of the page's images for each of both galleries. */
const HALF = 0.5;

/** Names of figures at the head of the page. */
const TITLES: readonly (readonly [key: string, title: string])[] = [
  ["eer", "equal error rate"],
  ["auc", "AUC"],
  ["tar_at_far_1e_2", "true acceptances at 1% false ones"],
  ["tar_at_far_1e_3", "true acceptances at 0.1% false ones"],
];

/** The pieces of a verification's page. */
export function verificationPage(_: RunFacts, evaluation: VerificationFacts): TaskPage {
  return {
    headline: headline(evaluation),
    countsOf: ["identity", "identities"],
    dataCharts: [],
    charts: [rocChart(evaluation), scoresChart(evaluation)],
    sections: (figures) => sections(evaluation, figures),
    attention: "Grad-CAM of the cosine: the brighter a place, the more it made both images alike.",
    sayOneSizeOnly: true,
  };
}

const headline = ({ split, figures }: VerificationFacts): FactRow[] =>
  TITLES.flatMap(([key, title]) => {
    const value = figures[key];
    if (value === undefined) return [];
    return [{ label: `${split} ${title}`, value: key === "auc" ? value.toFixed(4) : percent(value) }];
  });

function sections(evaluation: VerificationFacts, figures: Figures): Section[] {
  const { images, identities, pairs, threshold, missed, falsely, figures: rates, split } = evaluation;
  const [accepted, rejected] = [rates.far ?? 0, rates.frr ?? 0];
  return [
    {
      id: "pairs",
      title: "The same or not",
      body: html`<p>${whole(images)} images of ${className(split)}, of ${whole(identities)} identities that training has not seen, make ${whole(pairs.same)} pairs of one identity and ${whole(pairs.others)} of two. From a cosine of ${threshold.toFixed(3)} on, which validation chose, a pair counts as the same: ${percent(accepted)} of the pairs of two identities are accepted falsely, ${percent(rejected)} of the pairs of one are missed.</p>
<div class="charts">${figures.show("roc")}${figures.show("pair-scores")}</div>`,
    },
    gallery(
      "missed",
      "Missed",
      "Pairs of one identity that count as two, the lowest cosine first.",
      missed,
      rejected * pairs.same,
    ),
    gallery(
      "falsely",
      "Taken for one",
      "Pairs of two identities that count as one, the highest cosine first.",
      falsely,
      accepted * pairs.others,
    ),
  ];
}

function gallery(id: string, title: string, sentence: string, pairs: readonly PairFacts[], total: number): Section {
  if (pairs.length === 0) return { id, title, body: html`<p>There are none.</p>` };
  const makers = pairs.map((pair) => () => figure(pair));
  return {
    id,
    title,
    body: html`<p>${sentence}</p>
${folded(makers, Math.max(pairs.length, Math.round(total)), "further pairs", HALF)}`,
  };
}

/** Both images of a pair over one caption. */
function figure({ score, first, second }: PairFacts): Html {
  const files = [first, second].flatMap(({ file }) => (file === undefined ? [] : [file]));
  return html`<figure class="pair">${[first, second].map(({ image: pixels, file }) => pixels && image(pixels, file ?? "an image of the pair"))}
<figcaption>cosine ${score.toFixed(3)}${files.map((file) => html`<span class="file" title="${file}">${file}</span>`)}</figcaption></figure>
`;
}
