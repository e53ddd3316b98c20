// One channel: its picture as it grows, its mean activation, and the share of the highest that is possible.
import { address, keepState } from "../../frame/address.ts";
import { percent } from "../../frame/numbers.ts";
import { Pixels } from "../../pixel-grid/pixels.tsx";
import { Refusal } from "../../ui/refusal.tsx";
import { type Growth, useGrowth } from "./growth.ts";
import { GrowthChart } from "./growth-chart.tsx";
import type { Look } from "./job.ts";
import { chosenIn, chosenText, type NetworkView, type Side, STEPS } from "./state.ts";

interface Props {
  readonly side: Side;
  readonly title: string;
  readonly network: NetworkView;
  readonly isMine: boolean;
  readonly seed: number;
  readonly step: number | undefined;
}

export function FeaturePanel({ side, title, network, isMine, seed, step }: Props) {
  const chosen = chosenIn(address.value.state, side, network);
  const growth = useGrowth(chosen, seed, isMine);
  const shown = lookAt(growth.looks, step);
  const { channels } = network.layers.find(({ path }) => path === chosen.layer)!;
  return (
    <section class="feature card" aria-label={`${title}: channel ${chosen.channel} of ${chosen.layer}`}>
      <h2>{title}</h2>
      <div
        class="feature-picture"
        style={{ aspectRatio: `${network.width} / ${network.height}` }}
        aria-busy={growth.grown === undefined && growth.error === undefined}
      >
        {shown && (
          <Pixels
            picture={shown.picture}
            label={`What channel ${chosen.channel} of ${chosen.layer} fires for, after ${shown.step} of ${STEPS} steps`}
          />
        )}
      </div>
      <Refusal sentence={growth.error} />
      <GrowthChart growth={growth} step={shown?.step ?? 0} />
      <Figures growth={growth} shown={shown} />
      <label class="row">
        Layer{" "}
        <select value={chosen.layer} onChange={({ currentTarget }) => choose(side, currentTarget.value, 0)}>
          {network.layers.map(({ path, channels: count }, i) => (
            <option key={path} value={path}>
              {i + 1} of {network.layers.length}: {path}, {count} channels
            </option>
          ))}
        </select>
      </label>
      <label class="row">
        Channel{" "}
        <input
          type="range"
          min={0}
          max={channels - 1}
          value={chosen.channel}
          onInput={({ currentTarget }) => choose(side, chosen.layer, Number(currentTarget.value))}
        />{" "}
        <output>
          {chosen.channel} of {channels}
        </output>
      </label>
    </section>
  );
}

const choose = (side: Side, layer: string, channel: number): void =>
  keepState({ [side]: chosenText({ layer, channel }), step: undefined });

/** The newest look that is not later than a step. */
const lookAt = (looks: readonly Look[], step = STEPS): Look | undefined =>
  looks.findLast((look) => look.step <= step) ?? looks[0];

const digits = (value: number): string => value.toPrecision(3);

function Figures({
  growth: { grown, looks, climbed },
  shown,
}: {
  readonly growth: Growth;
  readonly shown: Look | undefined;
}) {
  const before = grown?.before ?? looks[0]?.value;
  if (before === undefined || shown === undefined) return <p class="muted">Drawing noise ...</p>;
  return (
    <div class="formula">
      <div class="fact">
        <span class="muted">fires for noise</span> <span class="before">{digits(before)}</span>
      </div>
      <div class="fact">
        <span class="muted">after {shown.step} steps</span> <span class="now">{digits(shown.value)}</span>
      </div>
      <div class="fact">
        <span class="muted">times as hard</span>{" "}
        <span class="times">
          {before > 0
            ? `${digits(shown.value)} / ${digits(before)} = ${digits(shown.value / before)}`
            : "it saw nothing in the noise"}
        </span>
      </div>
      {grown?.ceiling !== undefined && (
        <div class="fact">
          <span class="muted">at most, for any image</span>{" "}
          <span>
            {digits(grown.ceiling)} (proven), of which {percent(shown.value / grown.ceiling)}
          </span>
        </div>
      )}
      {grown !== undefined && climbed !== undefined && grown.after > 1.001 * climbed && (
        <p class="muted note">
          The climb from noise ended at {digits(climbed)}; the picture of step {STEPS} is the best of all that were
          tried.
        </p>
      )}
    </div>
  );
}
