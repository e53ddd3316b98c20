// Settings of training that are seldom changed, folded away.
import type { TrainSettings } from "../../../contract/training-calls.js";
import { NumberField } from "../../ui/field.tsx";
import { StepFields } from "./step-fields.tsx";

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
          label="Learning rate"
          help="Adam's: smaller is slower and steadier."
          value={settings.learningRate}
          min={1e-7}
          max={1}
          step="any"
          onChange={(learningRate) => onChange({ learningRate })}
        />
        <StepFields {...{ settings, onChange }} what="run" />
      </div>
    </details>
  );
}
