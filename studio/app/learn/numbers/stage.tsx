// The stage of the page of numbers: a picture whose pixels are bytes, and a byte whose bits one sets.
import { useState } from "preact/hooks";
import { address, keepState } from "../../frame/address.ts";
import type { Cell } from "../../pixel-grid/cells.ts";
import { Refusal } from "../../ui/refusal.tsx";
import { sideIn } from "../parts/picture-settings.ts";
import { usePicture } from "../picture/picture.ts";
import { PictureChooser } from "../picture/picture-chooser.tsx";
import { ByteBench } from "./byte-bench.tsx";
import { PixelStage } from "./pixel-stage.tsx";
import { cellIn, FALLBACK } from "./state.ts";
import "./numbers.css";

export function Stage() {
  const { state } = address.value;
  const { picture, error } = usePicture(FALLBACK, { color: "rgb", size: sideIn(state) });
  const [pointed, setPointed] = useState<Cell>();
  return (
    <>
      <PictureChooser fallback={FALLBACK} />
      <Refusal sentence={error} />
      {picture !== undefined && (
        <PixelStage
          picture={picture}
          at={pointed ?? cellIn(state, picture.height, picture.width)}
          onPoint={setPointed}
          onPick={(cell) => {
            setPointed(undefined);
            keepState({ at: `${cell.row},${cell.column}` });
          }}
        />
      )}
      <ByteBench />
    </>
  );
}
