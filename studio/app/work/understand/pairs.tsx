// Error rates of a verifier on pairs of test images; the pairs themselves are in the run's report.
import type { RunDetails } from "../../../contract/facts.js";
import { metric } from "../../frame/numbers.ts";

/** Names of figures, in their order on the page. */
const TITLES: readonly (readonly [key: string, title: string])[] = [
  ["eer", "Equal error rate"],
  ["auc", "AUC"],
  ["tar_at_far_1e_1", "True acceptances at 10% false ones"],
  ["tar_at_far_1e_2", "True acceptances at 1% false ones"],
  ["tar_at_far_1e_3", "True acceptances at 0.1% false ones"],
  ["far", "False acceptances at the threshold"],
  ["frr", "False rejections at the threshold"],
];

export function Pairs({ run, part }: { readonly run: RunDetails; readonly part: string }) {
  const figures = run.metrics[part] ?? {};
  return (
    <section class="numbers">
      <h2>The same or not</h2>
      <dl class="figures">
        {TITLES.filter(([key]) => figures[key] !== undefined).map(([key, title]) => (
          <div key={key}>
            <dt>{title}</dt>
            <dd class="figure">{metric(figures[key]!)}</dd>
          </div>
        ))}
      </dl>
      <p class="muted">The run's report has the curve and the pairs that are judged worst.</p>
    </section>
  );
}
