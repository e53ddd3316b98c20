// The form of training: a network, variants of images, how long; what is seldom changed is folded away.

import type { NetworkChoice, ProjectFacts, TrainChoices } from "../../../contract/facts.js";
import type { TrainSettings } from "../../../contract/training-calls.js";
import { whole } from "../../frame/numbers.ts";
import { ChoiceField, NumberField } from "../../ui/field.tsx";
import { MoreSettings } from "./more-settings.tsx";
import { ADVICE, AUGMENTATIONS } from "./settings.ts";
import { TargetFields } from "./target-fields.tsx";

interface Props {
  readonly project: ProjectFacts;
  readonly choices: TrainChoices;
  readonly settings: TrainSettings;
  readonly onChange: (changes: Partial<TrainSettings>) => void;
  readonly onStart: () => void;
  readonly isStarting: boolean;
}

export function SettingsForm({ project, choices, settings, onChange, onStart, isStarting }: Props) {
  const { classNames } = project;
  return (
    <form
      class="stack settings"
      onSubmit={(event) => {
        event.preventDefault();
        onStart();
      }}
    >
      {choices.targets.length > 0 ? (
        <TargetFields {...{ choices, settings, onChange }} />
      ) : (
        <p>
          Predicts the class of an image, one of {whole(classNames.length)}:{" "}
          <bdi class="muted">
            {classNames.slice(0, 8).join(", ")}
            {classNames.length > 8 && ", ..."}
          </bdi>
        </p>
      )}
      <fieldset>
        <legend>Network</legend>
        <div class="choices">
          {advised(choices.networks).map(({ name, title, missing }) => (
            <label key={name} class="choice">
              <input
                type="radio"
                name="model"
                checked={settings.model === name}
                disabled={missing !== undefined}
                onChange={() => onChange({ model: name })}
              />
              <span>
                <strong>{ADVICE[name]?.[0] ?? name}</strong>
                <small>{missing ?? ADVICE[name]?.[1] ?? title}</small>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      <ChoiceField
        label="Variants of the images"
        help={AUGMENTATIONS.find(([name]) => name === settings.augment)?.[2]}
        value={settings.augment}
        options={AUGMENTATIONS.map(([name, title]) => [name, title])}
        onChange={(augment) => onChange({ augment })}
      />
      <NumberField
        label="Epochs"
        help="Times that every image is seen, at most; the weights of the best epoch are kept."
        value={settings.epochs}
        min={1}
        max={10_000}
        onChange={(epochs) => onChange({ epochs })}
      />
      <MoreSettings settings={settings} onChange={onChange} />
      <button type="submit" class="primary" disabled={isStarting}>
        Train
      </button>
    </form>
  );
}

/** Those that there is advice about first, then the others that can be used. */
function advised(networks: readonly NetworkChoice[]): readonly NetworkChoice[] {
  const known = networks.filter(({ name }) => name in ADVICE);
  return [...known, ...networks.filter(({ name, missing }) => !(name in ADVICE) && missing === undefined)];
}
