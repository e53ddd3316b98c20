// Tenths of the images by their predictions: actual over predicted in each with its interval. A tenth shows its points.
import type { Decile } from "../../../contract/understand-facts.js";
import { metric, whole } from "../../frame/numbers.ts";

interface Props {
  readonly deciles: readonly Decile[];
  readonly chosen: number | undefined;
  readonly onChoose: (decile: number | undefined) => void;
}

const WIDTH = 460;
const HEIGHT = 180;
const EDGE = 34;

export function Deciles({ deciles, chosen, onChoose }: Props) {
  const ends = deciles.flatMap(({ ratio, low, high }) => [ratio, low, high]).filter(Number.isFinite);
  const [least, most] = [Math.min(0.9, ...ends), Math.max(1.1, ...ends)];
  const y = (value: number): number =>
    8 + (HEIGHT - 28) * (1 - (Math.min(most, Math.max(least, value)) - least) / (most - least));
  const step = (WIDTH - EDGE - 8) / Math.max(1, deciles.length);
  return (
    <section class="deciles">
      <h3>Actual over predicted, by tenths of the predictions</h3>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label="Actual over predicted in each tenth; 1 is right">
        <path class="same" d={`M${EDGE} ${y(1)}H${WIDTH - 8}`} />
        {[least, 1, most].map((tick) => (
          <text key={tick} x={EDGE - 4} y={y(tick) + 4} text-anchor="end">
            {tick.toFixed(2)}
          </text>
        ))}
        {deciles.map(({ number, ratio, low, high }, i) => {
          const x = EDGE + (i + 0.5) * step;
          return (
            <g key={number} class={number === chosen ? "chosen" : ""}>
              <path d={`M${x} ${y(low)}V${y(high)}M${x - 5} ${y(low)}h10M${x - 5} ${y(high)}h10`} />
              <circle cx={x} cy={y(ratio)} r={4} />
              <text x={x} y={HEIGHT - 4} text-anchor="middle">
                {number}
              </text>
            </g>
          );
        })}
      </svg>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <section class="scroll" aria-label="Tenths with their figures" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Tenth</th>
              <th scope="col" class="number">
                Predicted
              </th>
              <th scope="col" class="number">
                Actual
              </th>
              <th scope="col" class="number">
                Residual
              </th>
              <th scope="col" class="number">
                Images
              </th>
            </tr>
          </thead>
          <tbody>
            {deciles.map(({ number, actual, predicted, rows }) => (
              <tr key={number} data-chosen={number === chosen}>
                <th scope="row">
                  <button
                    type="button"
                    class="plain"
                    aria-pressed={number === chosen}
                    onClick={() => onChoose(number === chosen ? undefined : number)}
                  >
                    {number}
                  </button>
                </th>
                <td class="number">{metric(predicted)}</td>
                <td class="number">{metric(actual)}</td>
                <td class="number">{metric(actual - predicted)}</td>
                <td class="number">{whole(rows)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}
