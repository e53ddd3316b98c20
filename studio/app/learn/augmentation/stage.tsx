// One picture, sixteen variants: sliders set how far each layer goes, the library draws.
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { address, keepState } from "../../frame/address.ts";
import { nextSeed } from "../../frame/whole.ts";
import { Pixels } from "../../pixel-grid/pixels.tsx";
import { Refusal } from "../../ui/refusal.tsx";
import { useEngine } from "../engine.ts";
import { Choice } from "../parts/choice.tsx";
import { Seed } from "../parts/seed.tsx";
import { pictureName, stamp } from "../picture/picture.ts";
import { PictureChooser } from "../picture/picture-chooser.tsx";
import type { Variants } from "./job.ts";
import { Numbers } from "./numbers.tsx";
import {
  FACTORS,
  FALLBACK,
  type FactorName,
  FILLS,
  FLIPS,
  LIMITS,
  type Settings,
  settingsOf,
  VARIANTS,
} from "./state.ts";
import "./augmentation.css";

/** The variants that are shown: challenges look at them. */
export const drawn = signal<Variants | undefined>(undefined);

const TITLES: Readonly<Record<FactorName, string>> = {
  rotation: "Rotation",
  translation: "Translation",
  zoom: "Zoom",
  brightness: "Brightness",
  contrast: "Contrast",
};
const FLIP_TITLES = { none: "none", horizontal: "left to right", vertical: "top to bottom", both: "both" } as const;
const FILL_TITLES = {
  reflect: "its mirror image",
  constant: "black",
  nearest: "its edge",
  wrap: "its other side",
} as const;

export function Augmentation() {
  const settings = settingsOf(address.value.state);
  const image = { name: pictureName(FALLBACK), stamp: stamp.value };
  const { output, error, isComputing } = useEngine("variants", { image, settings });
  useEffect(() => {
    if (output !== undefined) drawn.value = output;
  }, [output]);
  return (
    <>
      <Refusal sentence={error} />
      <section class="stage augmentation" aria-label="The picture and its variants" aria-busy={isComputing}>
        {output === undefined ? (
          error === undefined && <p class="muted">Drawing variants ...</p>
        ) : (
          <>
            <figure class="original">
              <Pixels picture={output.original} label="The picture as it is" />
              <figcaption class="muted">the picture as it is</figcaption>
              <Numbers settings={output.settings} picture={output.original} different={output.different} />
            </figure>
            <ol class="variants">
              {output.variants.map((variant, i) => (
                <li key={i}>
                  <Pixels picture={variant} label={`Variant ${i + 1} of ${VARIANTS}`} />
                </li>
              ))}
            </ol>
          </>
        )}
      </section>
      <Controls settings={settings} />
      <PictureChooser fallback={FALLBACK} />
    </>
  );
}

function Controls({ settings }: { readonly settings: Settings }) {
  return (
    <div class="controls">
      {FACTORS.map((name) => (
        <label key={name}>
          {TITLES[name]}{" "}
          <input
            type="range"
            min={0}
            max={LIMITS[name][0]}
            step={LIMITS[name][1]}
            value={settings[name]}
            onInput={({ currentTarget }) => keepState({ [name]: currentTarget.value })}
          />{" "}
          <output>{settings[name].toFixed(2)}</output>
        </label>
      ))}
      <Choice label="Flip" name="flip" values={FLIPS} titles={FLIP_TITLES} value={settings.flip} />
      <Choice label="Outside of the picture" name="fill" values={FILLS} titles={FILL_TITLES} value={settings.fill} />
      <Seed label="Seed" seed={settings.seed} />
      <button type="button" onClick={() => keepState({ seed: nextSeed(settings.seed) })}>
        Draw again
      </button>
      <label>
        <input
          type="checkbox"
          checked={settings.training}
          onChange={({ currentTarget }) => keepState({ training: currentTarget.checked ? undefined : "no" })}
        />{" "}
        While training
      </label>
    </div>
  );
}
