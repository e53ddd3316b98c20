// A sentence about a change of labels, for some seconds, with the way back.
import { useEffect } from "preact/hooks";
import type { Relabelling } from "./relabel.ts";

interface Props {
  readonly relabelling: Relabelling;
  readonly canUndo: boolean;
}

const SHOWN_FOR = 8000;

export function Told({ relabelling: { told, isBusy, undo, quiet }, canUndo }: Props) {
  useEffect(() => {
    if (told === undefined) return;
    const timer = setTimeout(quiet, SHOWN_FOR);
    return () => clearTimeout(timer);
  }, [told]);
  const text = isBusy ? "Writing the journal ..." : told;
  return (
    <div class="told" role="status">
      {text !== undefined && (
        <p>
          <bdi>{text}</bdi>
          <button type="button" class="plain" disabled={isBusy || !canUndo} onClick={undo}>
            Undo
          </button>
        </p>
      )}
    </div>
  );
}
