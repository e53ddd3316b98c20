// An early and a deep channel side by side: noise becomes what each fires hardest for.
import { useEffect, useRef, useState } from "preact/hooks";
import { address, keepState } from "../../frame/address.ts";
import { nextSeed, seedIn } from "../../frame/whole.ts";
import { Refusal } from "../../ui/refusal.tsx";
import { useEngine } from "../engine.ts";
import { Seed } from "../parts/seed.tsx";
import { FeaturePanel } from "./feature-panel.tsx";
import { NetworkChooser, stamp } from "./network-chooser.tsx";
import { isMineIn, LOOK_EVERY, SHIPPED, SIDES, type Side, STEPS, stepIn } from "./state.ts";
import "./features.css";

const TITLES: Readonly<Record<Side, string>> = { early: "Early", deep: "Deep" };

/** Milliseconds that a look is shown when the growth is watched again. */
const FRAME = 120;

export function Stage() {
  const { state } = address.value;
  const seed = seedIn(state);
  const step = stepIn(state);
  const isMine = isMineIn(state);
  const { output, error } = useEngine("ownNetwork", isMine ? { stamp: stamp.value } : undefined);
  const network = isMine ? output : SHIPPED;
  return (
    <>
      <NetworkChooser isMine={isMine} name={network?.name} />
      <Refusal sentence={error} />
      {network === undefined ? (
        error === undefined && <p class="muted">Opening the network ...</p>
      ) : (
        <section class="features" aria-label="Two channels">
          {SIDES.map((side) => (
            <FeaturePanel key={side} {...{ side, network, isMine, seed, step }} title={TITLES[side]} />
          ))}
        </section>
      )}
      <div class="controls">
        <label class="wide">
          Step{" "}
          <input
            type="range"
            min={0}
            max={STEPS}
            step={LOOK_EVERY}
            value={step ?? STEPS}
            onInput={({ currentTarget }) => show(Number(currentTarget.value))}
          />{" "}
          <output>
            {step ?? STEPS} of {STEPS}
          </output>
        </label>
        <Replay />
        <Seed label="Seed of the noise" seed={seed} with={{ step: undefined }} />
        <button type="button" onClick={() => keepState({ seed: nextSeed(seed), step: undefined })}>
          Other noise
        </button>
      </div>
    </>
  );
}

const show = (step: number): void => keepState({ step: step >= STEPS ? undefined : String(step) });

function Replay() {
  const [isPlaying, setPlaying] = useState(false);
  const timer = useRef<ReturnType<typeof setInterval> | undefined>(undefined);
  const stop = (): void => {
    clearInterval(timer.current);
    setPlaying(false);
  };
  const play = (): void => {
    let step = 0;
    setPlaying(true);
    show(0);
    timer.current = setInterval(() => {
      step += LOOK_EVERY;
      show(step);
      if (step >= STEPS) stop();
    }, FRAME);
  };
  useEffect(() => () => clearInterval(timer.current), []);
  return (
    <button type="button" onClick={isPlaying ? stop : play}>
      {isPlaying ? "Stop" : "Watch again"}
    </button>
  );
}
