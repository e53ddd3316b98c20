// The form of training: a network, variants of images, how long; what is seldom changed is folded away.

import type { ProjectFacts, TrainChoices } from "../../../contract/facts.js";
import type { TrainSettings } from "../../../contract/training-calls.js";
import { linkTo } from "../../frame/address.ts";
import { ChoiceField, NumberField } from "../../ui/field.tsx";
import { MoreSettings } from "./more-settings.tsx";
import { NetworkCards } from "./network-cards.tsx";
import { AUGMENTATIONS } from "./settings.ts";
import { TargetFields } from "./target-fields.tsx";
import { TaskFields } from "./task-fields.tsx";
import { VariantStrip } from "./variant-strip.tsx";

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
      ) : classNames.length < 2 ? (
        <p>
          Training needs images of two classes; <a href={linkTo(["work", project.id, "data"])}>give some a label</a>{" "}
          first.
        </p>
      ) : (
        <TaskFields {...{ project, choices, settings, onChange }} />
      )}
      <NetworkCards project={project.id} networks={choices.networks} {...{ settings, onChange }} />
      <ChoiceField
        label="Variants of the images"
        help={AUGMENTATIONS.find(([name]) => name === settings.augment)?.[2]}
        value={settings.augment}
        options={AUGMENTATIONS.map(([name, title]) => [name, title])}
        onChange={(augment) => onChange({ augment })}
      />
      <VariantStrip project={project.id} settings={settings} />
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
