// The importance of each parameter by two methods, and how far their answers differ on trials drawn anew.

import type { ImportanceFacts, ImportanceShare } from "../../../contract/study-facts.js";
import { percent } from "../../frame/numbers.ts";

/** With fewer complete trials the answers differ more than they say. */
const FEW = 30;

export function ImportanceChart({ facts, objective }: { readonly facts: ImportanceFacts; readonly objective: string }) {
  const { needs, complete, drawn, answers, methods } = facts;
  if (complete < needs)
    return (
      <p class="muted">
        Importance needs at least {needs} complete trials; this study has {complete}.
      </p>
    );
  const names = [...new Set(methods.flatMap(({ shares }) => shares.map(({ name }) => name)))];
  if (methods.every(({ shares }) => shares.every(({ share }) => share === 0)))
    return (
      <p class="muted">All {complete} complete trials have the same value, so no parameter explains anything yet.</p>
    );
  return (
    <>
      <table class="importance">
        <thead>
          <tr>
            <th scope="col">Parameter</th>
            {methods.map(({ method }) => (
              <th key={method} scope="col">
                {method}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {names.map((name) => (
            <tr key={name}>
              <th scope="row">
                <bdi>{name}</bdi>
              </th>
              {methods.map(({ method, shares }) => (
                <td key={method}>
                  <ShareBar share={shares.find((share) => share.name === name)} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <small>
        fANOVA: the share of the variance of {objective} that a parameter explains alone. PED-ANOVA: how far the best
        tenth of the trials differ from all in it. Bars are means of {answers} answers, each on {drawn.toLocaleString()}{" "}
        of {complete.toLocaleString()} complete trials drawn anew; the line spans the lowest to the highest.
        {complete < FEW && ` From ${complete} trials they are a first hint only.`}
      </small>
    </>
  );
}

function ShareBar({ share }: { readonly share: ImportanceShare | undefined }) {
  if (share === undefined) return <span class="muted">–</span>;
  const at = (value: number): string => `${(100 * value).toFixed(2)}%`;
  return (
    <span class="share" title={`${percent(share.low)} to ${percent(share.high)}`}>
      <span class="track" aria-hidden="true">
        <i class="mean" style={{ width: at(share.share) }} />
        <i class="span" style={{ left: at(share.low), width: at(share.high - share.low) }} />
      </span>
      <span class="figure-small">{percent(share.share)}</span>
      <span class="visually-hidden">
        , {percent(share.low)} to {percent(share.high)}
      </span>
    </span>
  );
}
