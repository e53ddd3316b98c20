// The gallery of mistakes: five in a row, the most confident first, ten at once and the others behind a fold. And that of
// what a model looked at.
import type { AttentionFacts, FailureFacts } from "../facts.js";
import { percent, whole } from "../format.js";
import { type Html, html } from "./html.js";
import { className, image } from "./parts.js";

const AT_ONCE = 10;

/** No more image data than this goes into a page; photographs reach it sooner than characters do. */
const MOST_BYTES = 1_800_000;

/**
 * The figures of as many failures as fit.
 * @param total how many mistakes there are, given here or not.
 */
export const failureGallery = (failures: readonly FailureFacts[], classNames: readonly string[], total: number): Html =>
  html`<div id="failures">${folded(
    failures.map((failure) => () => figure(failure, classNames)),
    total,
    "further mistakes, made with less confidence,",
  )}</div>`;

/**
 * Figures of which ten are seen at once, others behind a fold, as many as fit into a page.
 * @param total how many there are, given here or not
 * @param absence words for those that do not fit
 * @param share of the page's images that these may take
 */
export function folded(makers: readonly (() => Html)[], total: number, absence: string, share = 1): Html {
  const figures: Html[] = [];
  let bytes = 0;
  for (const make of makers) {
    if (bytes > share * MOST_BYTES) break;
    const made = make();
    bytes += made.text.length;
    figures.push(made);
  }
  const rest = figures.slice(AT_ONCE);
  const absent = total - figures.length;
  return html`<div class="gallery">${figures.slice(0, AT_ONCE)}</div>
${rest.length > 0 && html`<details><summary>${whole(rest.length)} more</summary><div class="gallery">${rest}</div></details>`}
${absent > 0 && html`<p class="muted">${whole(absent)} ${absence} are not in this page.</p>`}`;
}

/** Images with heat maps over them, each titled by what the model took it for, or by its answer. */
export const attentionGallery = (shown: readonly AttentionFacts[], names: readonly string[]): Html =>
  html`<div class="gallery">${shown.map((attention) => {
    const { image: pixels, file } = attention;
    if ("title" in attention)
      return html`<figure>${image(pixels, `what spoke for ${attention.title}`)}
<figcaption>${className(attention.title)}<span class="file" title="${file}">${file}</span></figcaption></figure>
`;
    const { trueClass, predictedClass, confidence } = attention;
    return html`<figure>${image(pixels, `what spoke for ${names[predictedClass] ?? "?"}`)}
<figcaption>${className(names[predictedClass] ?? "?")} (${percent(confidence, 0)})${trueClass !== predictedClass && html`, is ${className(names[trueClass] ?? "?")}`}<span class="file" title="${file}">${file}</span></figcaption></figure>
`;
  })}</div>`;

/** One mistake, titled by the true class, the predicted class and the confidence: 太 not 大 (87%). */
function figure(
  { trueClass, predictedClass, confidence, image: pixels, file }: FailureFacts,
  names: readonly string[],
): Html {
  const [truth, taken] = [names[trueClass] ?? "?", names[predictedClass] ?? "?"];
  return html`<figure data-cell="cell-${trueClass}-${predictedClass}">${pixels && image(pixels, `${truth} taken for ${taken}`)}
<figcaption>${className(truth)} not ${className(taken)} (${percent(confidence, 0)})${
    file !== undefined && html`<span class="file" title="${file}">${file}</span>`
  }</figcaption></figure>
`;
}
