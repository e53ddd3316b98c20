// "This is wrong": puts a photo with its right label into the data, from the next training on; until then it can be taken back.
import { useState } from "preact/hooks";
import type { ProjectFacts } from "../../../contract/facts.js";
import { goTo } from "../../frame/address.ts";
import { sentenceOf } from "../../frame/sentence.ts";
import { know } from "../../frame/store.ts";
import { host } from "../../host/index.js";
import { base64Of } from "../../ui/asking.ts";
import { Refusal } from "../../ui/refusal.tsx";
import type { Asked } from "./asked.ts";
import { saidOf } from "./strip.tsx";

interface Props {
  readonly project: ProjectFacts;
  readonly item: Asked;
}

export function Correction({ project, item }: Props) {
  const [isOpen, setOpen] = useState(false);
  const [label, setLabel] = useState(project.classNames.find((name) => name !== saidOf(item)) ?? "");
  const [added, setAdded] = useState<{ readonly label: string; readonly version: number }>();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const right = RIGHT[project.labelKind ?? "classes"];
  const trying = async (work: () => Promise<void>): Promise<void> => {
    setError(undefined);
    setBusy(true);
    try {
      await work();
    } catch (failure) {
      setError(sentenceOf(failure));
    } finally {
      setBusy(false);
    }
  };
  const add = (): Promise<void> =>
    trying(async () => {
      const image = { name: item.name, base64: await base64Of(item.blob) };
      const why = `${item.run} said ${saidOf(item)}`;
      const answer = await (await host()).call("addPhoto", { project: project.id, image, label, why });
      setAdded({ label, version: know(answer.project).labelVersion });
    });
  const undo = (): Promise<void> =>
    trying(async () => {
      know(await (await host()).call("undo", { project: project.id }));
      setAdded(undefined);
      setOpen(false);
    });
  if (added !== undefined)
    return (
      <div class="correction" role="status">
        <p>
          Added to the training images as <bdi>{added.label}</bdi>. The file lies beside the label journal, which names
          it; your own files stay as they are.
        </p>
        <div class="row">
          <button type="button" class="primary" onClick={() => goTo(["work", project.id, "train"])}>
            Train again
          </button>
          {added.version === project.labelVersion && (
            <button type="button" disabled={isBusy} onClick={undo}>
              Undo
            </button>
          )}
        </div>
        <Refusal sentence={error} />
      </div>
    );
  if (!isOpen)
    return (
      <div class="correction">
        <button type="button" onClick={() => setOpen(true)}>
          This is wrong
        </button>
      </div>
    );
  return (
    <form
      class="correction"
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <div class="row">
        <span>{right}</span>
        {project.labelKind === "classes" ? (
          <select aria-label={right} value={label} onChange={({ currentTarget }) => setLabel(currentTarget.value)}>
            {project.classNames.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        ) : (
          <input
            type="text"
            aria-label={right}
            value={label}
            onInput={({ currentTarget }) => setLabel(currentTarget.value)}
          />
        )}
      </div>
      <div class="row">
        <button type="submit" class="primary" disabled={isBusy || label.trim() === ""}>
          Add to the data
        </button>
        <button type="button" class="plain" onClick={() => setOpen(false)}>
          Cancel
        </button>
      </div>
      <Refusal sentence={error} />
    </form>
  );
}

const RIGHT = {
  classes: "It is",
  labels: "Its labels, with ; between them",
  numbers: "Its number; of several with ; between them",
} as const;
