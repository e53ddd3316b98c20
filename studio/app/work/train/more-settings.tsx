// Settings of training that are seldom changed, folded away.
import type { TrainSettings } from "../../../contract/calls.js";
import { NumberField } from "../../ui/field.tsx";

interface Props {
  readonly settings: TrainSettings;
  readonly onChange: (changes: Partial<TrainSettings>) => void;
}

export function MoreSettings({ settings, onChange }: Props) {
  return (
    <details>
      <summary>More settings</summary>
      <div class="stack more">
        <NumberField
          label="Images a step"
          value={settings.batchSize}
          min={1}
          max={4096}
          onChange={(batchSize) => onChange({ batchSize })}
        />
        <NumberField
          label="Learning rate"
          help="Adam's: smaller is slower and steadier."
          value={settings.learningRate}
          min={1e-7}
          max={1}
          step="any"
          onChange={(learningRate) => onChange({ learningRate })}
        />
        <NumberField
          label="Patience"
          help="Epochs without improvement before training ends."
          value={settings.patience}
          min={0}
          max={10_000}
          onChange={(patience) => onChange({ patience })}
        />
        <NumberField
          label="Seed"
          help="The same seed gives the same weights, to the last bit."
          value={settings.seed}
          min={0}
          max={2 ** 32 - 1}
          onChange={(seed) => onChange({ seed })}
        />
      </div>
    </details>
  );
}
