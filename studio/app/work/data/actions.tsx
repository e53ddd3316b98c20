// Changes that can be made to the images that are selected.
import type { ProjectFacts } from "../../../contract/facts.js";
import { whole } from "../../frame/numbers.ts";
import { Refusal } from "../../ui/refusal.tsx";
import { LabelMenu } from "./label-menu.tsx";
import type { Relabelling } from "./relabel.ts";

interface Props {
  readonly project: ProjectFacts;
  readonly classNames: readonly string[];
  /** Images that the actions are about: those that are selected, else that of the cursor. */
  readonly chosen: readonly number[];
  readonly selected: number;
  /** True while the menu of labels is open. */
  readonly isOpen: boolean;
  readonly onOpen: (isOpen: boolean) => void;
  readonly total: number;
  readonly relabelling: Relabelling;
  readonly onSelectAll: () => void;
  readonly onClear: () => void;
  /** Brings the focus back to the grid. */
  readonly onDone: () => void;
}

export function Actions(props: Props) {
  const { project, classNames, chosen, selected, isOpen, onOpen, total, relabelling } = props;
  const { onSelectAll, onClear, onDone } = props;
  const { error, isBusy, relabel, undo } = relabelling;
  const { unlabelled, images } = project;
  const close = (): void => {
    onOpen(false);
    onDone();
  };
  return (
    <div class="actions">
      <div class="row" role="toolbar" aria-label="Selected images">
        <output>{selected > 0 ? `${whole(selected)} selected` : `${whole(total)} images`}</output>
        <button
          type="button"
          class="plain"
          aria-label="Select all"
          onClick={onSelectAll}
          disabled={total === 0 || selected === total}
        >
          All
        </button>
        <button type="button" class="plain" aria-label="Select none" onClick={onClear} disabled={selected === 0}>
          None
        </button>
        <span class="space" />
        <button
          type="button"
          aria-haspopup="dialog"
          aria-expanded={isOpen}
          disabled={selected === 0 || isBusy}
          onClick={() => onOpen(!isOpen)}
        >
          {unlabelled > 0 ? "Label" : "Relabel"}
        </button>
        <button type="button" disabled={selected === 0 || isBusy} onClick={() => relabel(chosen, null).then(onDone)}>
          Leave out
        </button>
        <button type="button" disabled={!project.canUndo || isBusy} onClick={() => undo().then(onDone)}>
          Undo
        </button>
      </div>
      {isOpen && (
        <LabelMenu
          {...{ project, classNames }}
          onClose={close}
          onPick={(label, why) => {
            onOpen(false);
            relabel(chosen, label, why).then(onDone);
          }}
        />
      )}
      <Refusal sentence={error} />
      {unlabelled > 0 && unlabelled === images && (
        <p class="muted">
          No image has a class yet. Select some and press Label: a name that you type makes a new class. The files stay
          where they are.
        </p>
      )}
    </div>
  );
}
