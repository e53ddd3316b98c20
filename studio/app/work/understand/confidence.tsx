// Confidence of the model where it was right and where it was wrong; a threshold says which images go to a person, and how wrong
// the rest may be.
import type { JudgedImage } from "../../../contract/facts.js";
import type { Breakdown } from "../../../contract/understand-facts.js";
import { address, keepState } from "../../frame/address.ts";
import { percent, whole } from "../../frame/numbers.ts";
import { choose, type Side, sideOf, thresholdOf } from "./choice.ts";

const BINS = 20;
const WIDTH = 520;
const HEIGHT = 110;

export function Confidence({ breakdown: { judged, referral } }: { readonly breakdown: Breakdown }) {
  const { state } = address.value;
  const threshold = thresholdOf(state);
  const { referred, decided, wrong, bound } = referral[Math.round(threshold * 100)]!;
  const isRight = ({ label, predicted }: JudgedImage): boolean => label === predicted;
  const x = 10 + threshold * (WIDTH - 20);
  return (
    <section class="confidence">
      <h2>How sure it was</h2>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT * 2 + 30}`}
        role="img"
        aria-label="Confidence where right, above, and where wrong, below"
      >
        <Bars images={judged.filter(isRight)} top={0} color="var(--right)" title="right" />
        <Bars images={judged.filter((image) => !isRight(image))} top={HEIGHT + 8} color="var(--wrong)" title="wrong" />
        <rect class="referred" x={10} width={x - 10} y={0} height={HEIGHT * 2 + 10} />
        <path d={`M${x} 0V${HEIGHT * 2 + 10}`} stroke="var(--ink)" stroke-width="1.5" />
        {[0, 0.25, 0.5, 0.75, 1].map((tick) => (
          <text key={tick} x={10 + tick * (WIDTH - 20)} y={HEIGHT * 2 + 26} text-anchor={anchorOf(tick)}>
            {percent(tick)}
          </text>
        ))}
      </svg>
      <label class="row threshold">
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
      <p role="status" class="referral">
        <strong>{percent(referred / judged.length)}</strong> go to a person; of the rest{" "}
        <strong>{percent(decided === 0 ? 0 : wrong / decided)}</strong> are wrong ({whole(wrong)} of {whole(decided)}),
        and at most <strong>{percent(bound)}</strong> with 95 % confidence.
      </p>
      <div class="row">
        <SideButton side="referred" count={referred}>
          Images for a person
        </SideButton>
        <SideButton side="wrong" count={wrong}>
          Wrong among the rest
        </SideButton>
      </div>
      <small>
        The bound is exact for one threshold (Clopper and Pearson); a threshold that was chosen on these images has more
        errors on others.
      </small>
    </section>
  );
}

const anchorOf = (tick: number): "start" | "middle" | "end" => (tick === 0 ? "start" : tick === 1 ? "end" : "middle");

interface SideProps {
  readonly side: Side;
  readonly count: number;
  readonly children: string;
}

function SideButton({ side, count, children }: SideProps) {
  return (
    <button type="button" aria-pressed={sideOf(address.value.state) === side} onClick={() => choose({ side })}>
      {children} ({whole(count)})
    </button>
  );
}

interface BarsProps {
  readonly images: readonly JudgedImage[];
  readonly top: number;
  readonly color: string;
  readonly title: string;
}

function Bars({ images, top, color, title }: BarsProps) {
  const bins = new Array<number>(BINS).fill(0);
  for (const { confidence } of images) bins[Math.min(BINS - 1, Math.floor(confidence * BINS))]!++;
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
      <text x={14} y={top + 14}>
        {title}, {whole(images.length)}
      </text>
    </g>
  );
}
