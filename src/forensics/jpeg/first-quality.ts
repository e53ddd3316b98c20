// The quality of a first compression: the steps of all frequencies together, which libjpeg's tables tie to each other.
import { medianOf } from "../signal/grid.js";
import type { FirstQuantization } from "./first-quantization.js";
import { FREQUENCIES } from "./low-frequencies.js";
import { standardTable } from "./quantization.js";

/** Share of the gain of any steps that libjpeg's tables must reach to be believed. */
const STANDARD_SHARE = 0.85;
/** The first qualities that are tried. */
const QUALITIES = Array.from({ length: 66 }, (_, i) => 30 + i);

/** The first quantisation of all frequencies. */
export interface FirstQuality {
  /** By libjpeg's tables; undefined where they explain the coefficients worse than other steps. */
  readonly quality: number | undefined;
  /** The fit of each frequency; undefined where the quality's step is that of the last quantisation. */
  readonly chosen: readonly (FirstQuantization | undefined)[];
  /** Gain of all frequencies together (nats for each block) above what the middle of all qualities gains. */
  readonly gain: number;
  /** Share of the blocks that went through it. */
  readonly share: number;
}

/** The steps of the quality that explains most, or the best of each frequency where no quality comes near these. */
export function chosenFits(fits: readonly (readonly FirstQuantization[])[]): FirstQuality {
  const ofQuality = (quality: number): (FirstQuantization | undefined)[] => {
    const table = standardTable("luminance", quality);
    return fits.map((steps, f) => steps.find(({ step, gain }) => step === table[FREQUENCIES[f]!] && gain > 0));
  };
  const gainOf = (chosen: readonly (FirstQuantization | undefined)[]): number =>
    chosen.reduce((sum, fit) => sum + (fit?.gain ?? 0), 0);
  const gains = QUALITIES.map((quality) => gainOf(ofQuality(quality)));
  const best = gains.indexOf(Math.max(...gains));
  const free = fits.map((steps) => steps.reduce((a, b) => (b.gain > a.gain ? b : a)));
  const isStandard = gains[best]! >= STANDARD_SHARE * gainOf(free);
  const chosen = isStandard ? ofQuality(QUALITIES[best]!) : free;
  const total = gainOf(chosen);
  const weighted = chosen.reduce((sum, fit) => sum + (fit === undefined ? 0 : fit.gain * fit.share), 0);
  return {
    quality: isStandard ? QUALITIES[best]! : undefined,
    chosen,
    gain: total - medianOf(gains),
    share: weighted / (total || 1),
  };
}
