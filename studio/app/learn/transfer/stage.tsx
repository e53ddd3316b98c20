// Transfer: which layers are frozen, what is trained, and which weights a few steps have changed.
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { address, keepState } from "../../frame/address.ts";
import { percent, whole } from "../../frame/numbers.ts";
import { Pixels } from "../../pixel-grid/pixels.tsx";
import { Refusal } from "../../ui/refusal.tsx";
import { useEngine } from "../engine.ts";
import { Choice } from "../parts/choice.tsx";
import { Seed } from "../parts/seed.tsx";
import { SHIPPED_SIZE } from "../parts/shipped-size.ts";
import { Groups } from "./group-row.tsx";
import { GROUPS, type GroupName } from "./groups.ts";
import type { Transferred } from "./job.ts";
import { JUDGED_ON, MOST_STEPS, PAIRS, RATES, TRAINED_ON, trainText, wishIn } from "./state.ts";
import { WeightTable } from "./weight-table.tsx";
import "./transfer.css";

/** The transfer that was computed last: what challenges look at. */
export const transferred = signal<Transferred | undefined>(undefined);

const PRESETS: readonly (readonly [title: string, trained: readonly GroupName[]])[] = [
  ["New head only", ["head"]],
  ["Last block too", ["block4", "head"]],
  ["Everything", GROUPS],
];

export function Stage() {
  const { state } = address.value;
  const wish = wishIn(state);
  const { output, error, isComputing } = useEngine("transfer", wish);
  useEffect(() => {
    if (output !== undefined) transferred.value = output;
  }, [output]);
  return (
    <>
      <Refusal sentence={error} />
      <div class="row">
        {PRESETS.map(([title, trained]) => (
          <button
            key={title}
            type="button"
            aria-pressed={trainText(wish.trained) === trainText(trained)}
            onClick={() => keepState({ train: trainText(trained) })}
          >
            {title}
          </button>
        ))}
      </div>
      <Groups wish={wish} found={output} isComputing={isComputing} />
      <div class="controls">
        <Choice
          label="Learning rate"
          name="rate"
          values={RATES}
          value={RATES.find((rate) => Number(rate) === wish.rate)!}
        />
        <label>
          Steps{" "}
          <input
            type="range"
            min={1}
            max={MOST_STEPS}
            value={wish.steps}
            onInput={({ currentTarget }) => keepState({ steps: currentTarget.value })}
          />{" "}
          <output>{wish.steps}</output>
        </label>
        <Choice label="Characters" name="pair" values={PAIRS} value={wish.pair} />
        <Seed label="Seed of the head" seed={wish.seed} />
        <output class="muted">{isComputing ? "Training ..." : ""}</output>
      </div>
      {output && (
        <div class="transfer-facts" aria-busy={isComputing}>
          <Outcome found={output} />
          <WeightTable found={output} />
        </div>
      )}
    </>
  );
}

function Outcome({ found }: { readonly found: Transferred }) {
  const { params, before, after, wish } = found;
  const right = (accuracy: number): number => Math.round(accuracy * 2 * JUDGED_ON);
  return (
    <section class="stack">
      <div class="formula">
        <div class="fact">
          <span class="muted">parameters</span>{" "}
          <span id="parameters">
            {whole(params.trainable)} trained + {whole(params.total - params.trainable)} frozen = {whole(params.total)}
          </span>
        </div>
        <div class="fact">
          <span class="muted">trained</span> <span>{percent(params.trainable / params.total)}</span>
        </div>
        <div class="fact">
          <span class="muted">loss before, after</span>{" "}
          <span>
            {before.loss.toPrecision(3)}, {after.loss.toPrecision(3)}
          </span>
        </div>
        <div class="fact">
          <span class="muted">right of {2 * JUDGED_ON} others</span>{" "}
          <span id="accuracy">
            {right(before.accuracy)}, {right(after.accuracy)}
          </span>
        </div>
      </div>
      <div>
        <h2>
          Trained on {2 * TRAINED_ON} written images of <bdi lang="zh">{[...wish.pair].join(" and ")}</bdi>
        </h2>
        <ul class="written">
          {Array.from({ length: 2 * TRAINED_ON }, (_, i) => (
            <li key={i}>
              <Pixels picture={imageOf(found.images, i)} label={`Image ${i + 1}: ${wish.pair[i % 2]}`} />
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

const [HEIGHT, WIDTH] = SHIPPED_SIZE;
const imageOf = (images: Uint8Array, i: number) => ({
  ...{ width: WIDTH, height: HEIGHT, channels: 1 },
  data: images.subarray(i * HEIGHT * WIDTH, (i + 1) * HEIGHT * WIDTH),
});
