// A number as the sum of its inputs: how much each adds, and of one the window, the kernel and their products.
import { useState } from "preact/hooks";
import type { SumFacts } from "../../../contract/network-facts.js";
import { metric, whole } from "../../frame/numbers.ts";
import { rgbaOfValues } from "../../pixel-grid/paint.ts";
import { PixelGrid } from "../../pixel-grid/pixel-grid.tsx";

/** Inputs that are listed: those that add or take away most. */
const LISTED = 12;

export function Products({ sum }: { readonly sum: SumFacts }) {
  const { sums, shape } = sum;
  const order = sums.map((_, input) => input).sort((a, b) => Math.abs(sums[b]!) - Math.abs(sums[a]!));
  const [wanted, setWanted] = useState<number>();
  const input = wanted !== undefined && wanted < sums.length ? wanted : order[0]!;
  const largest = Math.abs(sums[order[0]!]!) || 1;
  const isSingle = shape[0] * shape[1] === 1;
  return (
    <>
      {sums.length > 1 && (
        <section aria-label="What each input adds">
          <h3>
            {sums.length > LISTED
              ? `The ${LISTED} of ${whole(sums.length)} inputs that add most`
              : "What each input adds"}
          </h3>
          <ul class="inputs">
            {order.slice(0, LISTED).map((each) => (
              <li key={each}>
                <button type="button" class="plain" aria-pressed={each === input} onClick={() => setWanted(each)}>
                  input {each}
                  <span class="track" data-sign={sums[each]! < 0 ? "minus" : "plus"}>
                    <i style={{ width: `${(100 * Math.abs(sums[each]!)) / largest}%` }} />
                  </span>
                  <output>{metric(sums[each]!)}</output>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      {isSingle ? <Single sum={sum} input={input} /> : <Window sum={sum} input={input} />}
    </>
  );
}

interface InputProps {
  readonly sum: SumFacts;
  readonly input: number;
}

const Single = ({ sum: { window, weights, sums }, input }: InputProps) => (
  <p class="formula">
    input {input}: {metric(window[input]!)} · {metric(weights[input]!)} = {metric(sums[input]!)}
  </p>
);

/** Cells of this many pixels have room for a number. */
const CELL = 46;
const MOST = 230;

function Window({ sum: { window, weights, shape, sums }, input }: InputProps) {
  const [rows, columns, inputs] = shape;
  const of = (values: readonly number[]): number[] =>
    Array.from({ length: rows * columns }, (_, i) => values[i * inputs + input]!);
  const [under, kernel] = [of(window), of(weights)];
  const products = under.map((value, i) => value * kernel[i]!);
  const figures = [
    ["window", under],
    ["kernel", kernel],
    ["products", products],
  ] as const;
  return (
    <section aria-label={`Input ${input}`}>
      <h3>
        Input {input}: window · kernel = products, together {metric(sums[input]!)}
      </h3>
      <div class="grids">
        {figures.map(([name, values]) => (
          <figure key={name}>
            <PixelGrid
              label={`${name}: ${values.map(metric).join(", ")}`}
              rows={rows}
              columns={columns}
              rgba={rgbaOfValues(values, signed(values))}
              cell={Math.min(CELL, MOST / Math.max(rows, columns))}
              text={(row, column) => short(values[row * columns + column]!)}
            />
            <figcaption class="muted">{name}</figcaption>
          </figure>
        ))}
      </div>
    </section>
  );
}

/** Mid-grey is zero wherever values have both signs. */
function signed(values: readonly number[]): { readonly low: number; readonly high: number } {
  const largest = Math.max(...values.map(Math.abs), 1e-12);
  return values.some((value) => value < 0) ? { low: -largest, high: largest } : { low: 0, high: largest };
}

const short = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2));
