// Confidence of the model where it was right and where it was wrong; a threshold says which images go to a person.
import type { JudgedImage } from "../../../contract/facts.js";
import { address, keepState } from "../../frame/address.ts";
import { percent } from "../../frame/numbers.ts";

const BINS = 20;
const WIDTH = 520;
const HEIGHT = 150;

export function Confidence({ judged }: { readonly judged: readonly JudgedImage[] }) {
  const threshold = Math.min(1, Math.max(0, Number(address.value.state.threshold ?? 0.5) || 0));
  const isRight = ({ label, predicted }: JudgedImage): boolean => label === predicted;
  const right = binned(judged.filter(isRight));
  const wrong = binned(judged.filter((image) => !isRight(image)));
  const kept = judged.filter(({ confidence }) => confidence >= threshold);
  const wrongKept = kept.filter((image) => !isRight(image)).length;
  const x = 10 + threshold * (WIDTH - 20);
  return (
    <section class="confidence">
      <h2>How sure it was</h2>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT * 2 + 30}`}
        role="img"
        aria-label="Confidence where right, above, and where wrong, below"
      >
        <Bars bins={right} top={0} color="var(--right)" />
        <Bars bins={wrong} top={HEIGHT + 8} color="var(--wrong)" />
        <path d={`M${x} 0V${HEIGHT * 2 + 10}`} stroke="var(--ink)" stroke-width="1.5" />
        {[0, 0.25, 0.5, 0.75, 1].map((tick) => (
          <text key={tick} x={10 + tick * (WIDTH - 20)} y={HEIGHT * 2 + 26} text-anchor="middle">
            {percent(tick)}
          </text>
        ))}
      </svg>
      <label class="row">
        Refer below
        <input
          type="range"
          min={0}
          max={1}
          step={0.01}
          value={threshold}
          onInput={({ currentTarget }) => keepState({ threshold: currentTarget.value })}
        />
        <output>{percent(threshold)}</output>
      </label>
      <p role="status">
        <strong>{percent(1 - kept.length / judged.length)}</strong> go to a person; of the rest{" "}
        <strong>{percent(kept.length === 0 ? 0 : wrongKept / kept.length)}</strong> are wrong ({wrongKept} of{" "}
        {kept.length}).
      </p>
    </section>
  );
}

function binned(images: readonly JudgedImage[]): number[] {
  const bins = new Array<number>(BINS).fill(0);
  for (const { confidence } of images) bins[Math.min(BINS - 1, Math.floor(confidence * BINS))]!++;
  return bins;
}

function Bars({
  bins,
  top,
  color,
}: {
  readonly bins: readonly number[];
  readonly top: number;
  readonly color: string;
}) {
  const highest = Math.max(1, ...bins);
  const width = (WIDTH - 20) / BINS;
  return (
    <g>
      {bins.map((count, i) => {
        const height = (HEIGHT - 8) * (count / highest);
        return (
          <rect
            key={i}
            x={10 + i * width + 0.5}
            y={top + HEIGHT - height}
            width={width - 1}
            height={height}
            fill={color}
          />
        );
      })}
    </g>
  );
}
