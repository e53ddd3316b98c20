// Columns of a manifest to predict, and the loss for numbers.

import type { TargetChoice, TrainChoices } from "../../../contract/facts.js";
import type { TrainSettings } from "../../../contract/training-calls.js";
import { ChoiceField } from "../../ui/field.tsx";
import { TASK_VIEWS } from "../../ui/task-views.ts";

interface Props {
  readonly choices: TrainChoices;
  readonly settings: TrainSettings;
  readonly onChange: (changes: Partial<TrainSettings>) => void;
}

const LOSSES: Readonly<Record<string, string>> = {
  mse: "Squared error",
  mae: "Absolute error",
  huber: "Huber: squared near, absolute far",
  poisson: "Poisson deviance, for counts",
  gamma: "Gamma deviance, for amounts above 0",
  tweedie: "Tweedie deviance, for amounts with zeros",
  crossentropy: "Crossentropy",
  "center-points": "Center points",
  arcface: "ArcFace: angles",
  triplet: "Triplets: distances",
  dice: "Dice: the overlap of classes",
  "dice-crossentropy": "Dice and crossentropy together",
  focal: "Focal: pixels that are hard",
  "lovasz-crossentropy": "Lovasz and crossentropy together",
};

export function TargetFields({ choices: { targets, losses }, settings, onChange }: Props) {
  const [column = targets[0]!.column] = settings.target ?? [];
  const task = settings.task ?? targets.find((target) => target.column === column)?.task ?? "classification";
  return (
    <>
      <ChoiceField
        label="To predict"
        help="Columns of the manifest, and what each was taken for."
        value={column}
        options={targets.map((target) => [target.column, `${target.column} (${TASK_VIEWS[target.task].target})`])}
        onChange={(wanted) => onChange(settingsFor(targets, wanted))}
      />
      <LossField losses={losses[task]} loss={settings.loss} onChange={onChange} />
    </>
  );
}

interface LossProps extends Pick<Props, "onChange"> {
  readonly losses: readonly string[];
  readonly loss: string | undefined;
}

/** A choice of losses, where there are several. */
export const LossField = ({ losses, loss, onChange }: LossProps) =>
  losses.length > 1 && (
    <ChoiceField
      label="Loss"
      help="The measure of an error: what counts as wrong by how much."
      value={loss ?? losses[0]!}
      options={losses.map((name) => [name, LOSSES[name] ?? name])}
      onChange={(wanted) => onChange({ loss: wanted })}
    />
  );

/** Settings that go with a column; a loss of before may have no meaning for it. */
export function settingsFor(targets: readonly TargetChoice[], column: string): Partial<TrainSettings> {
  const task = targets.find((target) => target.column === column)?.task;
  return { target: [column], ...(task === undefined ? {} : { task }), loss: undefined };
}
