// Slices of the images by what they have in common, the worst first: a bar for the share that is right, with its interval.
import { useState } from "preact/hooks";
import type { Breakdown } from "../../../contract/understand-facts.js";
import { address, linkTo } from "../../frame/address.ts";
import { percent, whole } from "../../frame/numbers.ts";
import { choose } from "./choice.ts";

interface Props {
  readonly project: string;
  readonly breakdown: Breakdown;
}

/** Slices that are shown at first. */
const SHOWN = 12;

export function Slices({ project, breakdown: { slices, accuracy, isUnseen } }: Props) {
  const [isWhole, setWhole] = useState(false);
  const chosen = address.value.state.slice;
  const shown = isWhole ? slices : slices.slice(0, SHOWN);
  return (
    <section class="slices">
      <h2>Where it is worst</h2>
      {slices.length === 0 && <p class="muted">Nothing tells these images apart.</p>}
      <ol style={{ "--all": `${100 * accuracy.share}%` }}>
        {shown.map(({ id, attribute, value, share, low, high, count }) => (
          <li key={id}>
            <button type="button" class="plain" aria-pressed={chosen === id} onClick={() => choose({ slice: id })}>
              <span class="name">
                <small>{attribute}</small> <bdi>{value}</bdi>
              </span>
              <span class="track">
                <i style={{ width: `${100 * share}%` }} />
                <b style={{ left: `${100 * low}%`, width: `${100 * (high - low)}%` }} />
              </span>
              <output>{percent(share)}</output>
              <span class="visually-hidden">
                , between {percent(low)} and {percent(high)},
              </span>
              <small>of {whole(count)}</small>
            </button>
          </li>
        ))}
      </ol>
      {slices.length > SHOWN && (
        <button type="button" class="plain" onClick={() => setWhole(!isWhole)}>
          {isWhole ? "Show the worst only" : `Show all ${slices.length}`}
        </button>
      )}
      <small>
        The share that is right with its 95 % interval, sorted by the upper end of that; the line is all images. Who
        looks at many slices finds some bad ones by chance.
        {isUnseen && (
          <>
            {" "}
            Slices by pixels, brightness and colours need a{" "}
            <a href={linkTo(["work", project, "data"])}>look at all images</a>.
          </>
        )}
      </small>
    </section>
  );
}
