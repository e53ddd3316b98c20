// Two pinned runs beside each other: what was set differently, in words, and what came of it, with how sure that is.
import type { FigureDifference, RunComparison } from "../../../contract/facts.js";
import { metric, whole } from "../../frame/numbers.ts";
import { Refusal } from "../../ui/refusal.tsx";
import { useCall } from "../../ui/use-call.ts";

interface Props {
  readonly project: string;
  readonly first: string;
  readonly second: string;
}

export function Comparison({ project, first, second }: Props) {
  const { value, error } = useCall("compare", { project, first, second });
  return (
    <section class="card comparison" aria-label={`${second} against ${first}`}>
      <h3>
        <bdi>{second}</bdi> against <bdi>{first}</bdi>
      </h3>
      <Refusal sentence={error} />
      {value !== undefined && <Compared comparison={value} />}
    </section>
  );
}

function Compared({
  comparison: { settings, figures, shared, tested, mcnemar },
}: {
  readonly comparison: RunComparison;
}) {
  return (
    <>
      {settings.length === 0 ? (
        <p class="muted">Their recipes are the same.</p>
      ) : (
        <ul class="settings-apart">
          {settings.map(({ setting, first, second }) => (
            <li key={setting}>
              {setting} <bdi class="figures">{first}</bdi> &gt; <bdi class="figures">{second}</bdi>
            </li>
          ))}
        </ul>
      )}
      {figures.length > 0 && <FigureTable figures={figures} />}
      {mcnemar !== undefined && (
        <p>
          {whole(mcnemar.secondOnly)} images are right only now, {whole(mcnemar.firstOnly)} were right only before.
          McNemar's exact p is {probability(mcnemar.pValue)}
          {mcnemar.pValue < SURE ? "." : ": as much may be chance."}
        </p>
      )}
      <p class="muted">
        {shared === 0
          ? "They were tested on different images, so that their figures are no fair comparison."
          : `Intervals of 95 % by the bootstrap, on the ${whole(shared)} test images that both were judged by${
              tested.every((count) => count === shared) ? "" : ` of ${tested.map(whole).join(" and ")}`
            }.`}
      </p>
    </>
  );
}

/** A p-value below which a difference is seldom chance. */
const SURE = 0.05;

const probability = (p: number): string => (p < 0.001 ? "below 0.001" : metric(p));

const FigureTable = ({ figures }: { readonly figures: readonly FigureDifference[] }) => (
  <div class="scroll">
    <table>
      <thead>
        <tr>
          <th scope="col">Test figure</th>
          <th scope="col" class="number">
            Before
          </th>
          <th scope="col" class="number">
            Now
          </th>
          <th scope="col" class="number">
            Difference
          </th>
        </tr>
      </thead>
      <tbody>
        {figures.map(({ title, first, second, difference, low, high, direction }) => (
          <tr key={title}>
            <th scope="row">
              <bdi>{title}</bdi>
            </th>
            <td class="number">{metric(first)}</td>
            <td class="number">{metric(second)}</td>
            <td class="number">
              {signed(difference)}{" "}
              {low !== undefined && high !== undefined && (
                <small class="muted">
                  {signed(low)} to {signed(high)}
                </small>
              )}{" "}
              <small>{verdictOf({ difference, direction })}</small>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

const signed = (value: number): string => `${value > 0 ? "+" : value < 0 ? "\u2212" : ""}${metric(Math.abs(value))}`;

function verdictOf({ difference, direction }: Pick<FigureDifference, "difference" | "direction">): string {
  if (difference === 0) return "the same";
  return difference > 0 === (direction === "up") ? "better" : "worse";
}
