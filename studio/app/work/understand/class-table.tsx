// The classes as the model tells them, a row each: sorted by any column, and a row shows its images.
import type { ComponentChildren } from "preact";
import type { ClassFacts, Share } from "../../../contract/understand-facts.js";
import { address, keepState } from "../../frame/address.ts";
import { metric, whole } from "../../frame/numbers.ts";
import { choose } from "./choice.ts";

interface Props {
  readonly classes: readonly ClassFacts[];
  readonly classNames: readonly string[];
}

const COLUMNS = [
  ["name", "Class"],
  ["precision", "Precision"],
  ["recall", "Recall"],
  ["f1", "F1"],
  ["support", "Images"],
  ["chosen", "Said"],
  ["right", "Both"],
] as const;
type Column = (typeof COLUMNS)[number][0];

/** Columns that begin with their lowest, for that is what one looks for. */
const RISING: readonly Column[] = ["name", "precision", "recall", "f1"];

export function ClassTable({ classes, classNames }: Props) {
  const { sort, class: shown } = address.value.state;
  const isReversed = sort?.startsWith("-") ?? false;
  const by = COLUMNS.find(([column]) => column === sort?.replace(/^-/, ""))?.[0] ?? "f1";
  const isRising = RISING.includes(by) !== isReversed;
  const rows = sorted(classes, by, isRising);
  return (
    <section class="class-table">
      <h2>Classes</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <section class="scroll limited" aria-label="Classes with their figures" tabIndex={0}>
        <table>
          <thead>
            <tr>
              {COLUMNS.map(([column, title]) => (
                <th
                  key={column}
                  scope="col"
                  class={column === "name" ? "" : "number"}
                  aria-sort={column === by ? (isRising ? "ascending" : "descending") : undefined}
                >
                  <button
                    type="button"
                    class="plain"
                    onClick={() => keepState({ sort: column === by && !isReversed ? `-${column}` : column })}
                  >
                    {title} {column === by && <span aria-hidden="true">{isRising ? "↑" : "↓"}</span>}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ classIndex, precision, recall, f1, support, chosen, right, intervals }) => (
              <tr key={classIndex} data-chosen={shown === String(classIndex)}>
                <th scope="row">
                  <button
                    type="button"
                    class="plain"
                    aria-pressed={shown === String(classIndex)}
                    onClick={() => choose({ class: String(classIndex) })}
                  >
                    <bdi>{classNames[classIndex]}</bdi>
                  </button>
                </th>
                <Figure share={intervals.precision}>{metric(precision)}</Figure>
                <Figure share={intervals.recall}>{metric(recall)}</Figure>
                <td class="number">{metric(f1)}</td>
                <td class="number">{whole(support)}</td>
                <td class="number">{whole(chosen)}</td>
                <td class="number">{whole(right)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <small>
        Beneath precision and recall: 95 % intervals by Wilson's score. Images have the label, said are taken for it,
        both are right.
      </small>
    </section>
  );
}

function Figure({ share: { low, high }, children }: { readonly share: Share; readonly children: ComponentChildren }) {
  return (
    <td class="number">
      {children}
      <small>
        {low.toFixed(2)} to {high.toFixed(2)}
      </small>
    </td>
  );
}

function sorted(classes: readonly ClassFacts[], by: Column, isRising: boolean): ClassFacts[] {
  const value = (row: ClassFacts): number => (by === "name" ? row.classIndex : row[by]);
  return [...classes].sort((a, b) => (isRising ? 1 : -1) * (value(a) - value(b)) || a.classIndex - b.classIndex);
}
