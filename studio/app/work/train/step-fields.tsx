// Settings that training has in common, whether of one run or of each trial of a study.
import type { TrainSettings } from "../../../contract/training-calls.js";
import { NumberField } from "../../ui/field.tsx";

type StepSettings = Pick<TrainSettings, "batchSize" | "patience" | "seed">;

interface Props {
  readonly settings: StepSettings;
  readonly onChange: (changes: Partial<StepSettings>) => void;
  /** The thing that is trained. */
  readonly what: "run" | "trial";
}

export function StepFields({ settings, onChange, what }: Props) {
  return (
    <>
      <NumberField
        label="Images per step"
        help="Number of images for each change of the weights: more are faster and steadier, fewer often learn better from little data."
        value={settings.batchSize}
        min={1}
        max={4096}
        onChange={(batchSize) => onChange({ batchSize })}
      />
      <NumberField
        label="Patience"
        help={`A ${what} ends after this number of epochs without an improvement on the validation images.`}
        value={settings.patience}
        min={0}
        max={10_000}
        onChange={(patience) => onChange({ patience })}
      />
      <NumberField
        label="Seed"
        help={`The same seed gives the same ${what === "run" ? "weights" : "trials"}, to the last bit.`}
        value={settings.seed}
        min={0}
        max={2 ** 32 - 1}
        onChange={(seed) => onChange({ seed })}
      />
    </>
  );
}
