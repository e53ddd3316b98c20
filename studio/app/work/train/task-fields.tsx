// The task that images of a class each are learnt for: to tell the class, or whether two are of one identity.
import type { ProjectFacts, TaskName, TrainChoices } from "../../../contract/facts.js";
import type { TrainSettings } from "../../../contract/training-calls.js";
import { whole } from "../../frame/numbers.ts";
import { ChoiceField } from "../../ui/field.tsx";
import { LossField } from "./target-fields.tsx";

interface Props {
  readonly project: ProjectFacts;
  readonly choices: TrainChoices;
  readonly settings: TrainSettings;
  readonly onChange: (changes: Partial<TrainSettings>) => void;
}

/** Words for a task of classes: its choice, and the sentence below, which goes on with their names. */
const WORDS: Readonly<Partial<Record<TaskName, readonly [title: string, sentence: (count: string) => string]>>> = {
  classification: ["Classes of images", (count) => `Predicts the class of an image, one of ${count}:`],
  verification: [
    "Same or not: identities",
    (count) =>
      `Learns to compare two images: each of the ${count} classes is an identity, and whole identities are held out:`,
  ],
};

export function TaskFields({ project: { classNames }, choices: { tasks, losses }, settings, onChange }: Props) {
  const task = settings.task ?? tasks[0] ?? "classification";
  const [, sentence] = WORDS[task] ?? WORDS.classification!;
  return (
    <>
      {tasks.length > 1 && (
        <ChoiceField
          label="To learn"
          value={task}
          options={tasks.map((name) => [name, WORDS[name]?.[0] ?? name])}
          onChange={(wanted) => onChange({ task: wanted === tasks[0] ? undefined : wanted, loss: undefined })}
        />
      )}
      <p>
        {sentence(whole(classNames.length))}{" "}
        <bdi class="muted">
          {classNames.slice(0, 8).join(", ")}
          {classNames.length > 8 && ", ..."}
        </bdi>
      </p>
      <LossField losses={losses[task]} loss={settings.loss} onChange={onChange} />
    </>
  );
}
