// Every weight with whether it is trained and how many of its numbers the steps have changed.
import { whole } from "../../frame/numbers.ts";
import { amount } from "./group-row.tsx";
import { GROUP_FACTS, GROUPS } from "./groups.ts";
import type { Transferred } from "./job.ts";
import { summaryOf } from "./summary.ts";

export function WeightTable({ found }: { readonly found: Transferred }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <section class="weight-table" aria-label="Weights" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">Part</th>
            <th scope="col">Weights from</th>
            <th scope="col" class="number">
              Weights
            </th>
            <th scope="col" class="number">
              Trained
            </th>
            <th scope="col" class="number">
              Changed
            </th>
            <th scope="col" class="number">
              By up to
            </th>
          </tr>
        </thead>
        <tbody>
          {GROUPS.map((group) => {
            const { params, trained, changed, change, formula } = summaryOf(found.groups[group]);
            return (
              <tr key={group} data-group={group}>
                <th scope="row">{GROUP_FACTS[group].title}</th>
                <td>{formula}</td>
                <td class="number">{whole(params)}</td>
                <td class="number">{whole(trained)}</td>
                <td class="number">{whole(changed)}</td>
                <td class="number">{changed === 0 ? "–" : amount(change)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p class="muted">
        The network is called with training off, so the means and variances of its normalization stay as they were
        learned: of 4 · n numbers 2 · n are never trained. Frozen numbers are the same to the bit.
      </p>
    </section>
  );
}
