// The factors in units of this picture: degrees, pixels, shades.

import type { Variant } from "./job.ts";
import { type Settings, VARIANTS } from "./state.ts";

interface Props {
  readonly settings: Settings;
  readonly picture: Pick<Variant, "width" | "height">;
  /** Number of variants that differ from one another. */
  readonly different: number;
}

const round = (value: number): string => String(Math.round(value * 10) / 10);

export function Numbers({ settings, picture, different }: Props) {
  const { rotation, translation, zoom, brightness, contrast, flip, training } = settings;
  const { width, height } = picture;
  const lines: readonly (readonly [when: boolean, what: string, text: string])[] = [
    [flip !== "none", "flip", flip === "both" ? "½ · ½: each of four ways" : "each with probability ½"],
    [rotation > 0, "rotation", `± ${rotation} · 360° = ± ${round(rotation * 360)}°`],
    [
      translation > 0,
      "translation",
      `± ${translation} · ${height} = ± ${round(translation * height)} rows, ± ${translation} · ${width} = ± ${round(translation * width)} columns`,
    ],
    [zoom > 0, "zoom", `from 1 − ${zoom} = ${round2(1 - zoom)} to 1 + ${zoom} = ${round2(1 + zoom)} of the picture`],
    [brightness > 0, "brightness", `± ${brightness} · 255 = ± ${round(brightness * 255)} shades`],
    [contrast > 0, "contrast", `distances from the mean times ${round2(1 - contrast)} to ${round2(1 + contrast)}`],
  ];
  return (
    <div class="formula">
      {lines
        .filter(([when]) => when)
        .map(([, what, text]) => (
          <div class="fact" key={what}>
            <span class="muted">{what}</span> <span>{text}</span>
          </div>
        ))}
      <div class="fact">
        <span class="muted">different</span>{" "}
        <span id="different">
          {different} of {VARIANTS}
          {training ? "" : ": outside of training, pictures stay as they are"}
        </span>
      </div>
    </div>
  );
}

const round2 = (value: number): string => value.toFixed(2);
