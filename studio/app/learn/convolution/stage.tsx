// The stage of convolution: input, kernel and output; products and sum; controls and formulas.
import { useState } from "preact/hooks";
import { address, keepState } from "../../frame/address.ts";
import { useEngine } from "../engine.ts";
import { windowOf } from "../parts/window.ts";
import { PictureChooser } from "../picture/picture-chooser.tsx";
import { type Cell, cellOf, cellText } from "../pixel-grid/cells.ts";
import { Controls } from "./controls.tsx";
import { Formulas } from "./formulas.tsx";
import { InputGrid } from "./input-grid.tsx";
import { KernelEditor } from "./kernel-editor.tsx";
import { OutputMaps } from "./output-maps.tsx";
import { Products } from "./products.tsx";
import { FALLBACK, FIRST_OUTPUT, settingsIn } from "./state.ts";
import type { View } from "./view.ts";
import { wishOf } from "./wish.ts";
import "./convolution.css";

export function Stage() {
  const settings = settingsIn(address.value.state);
  const { output, input, error } = useEngine("convolve", wishOf(settings));
  const [pointed, setPointed] = useState<Cell>();
  const [pointedOutput, setPointedOutput] = useState<Cell>();
  const view = ((): View | undefined => {
    if (output === undefined || input === undefined) return undefined;
    const { height, width, picture } = output;
    const at = cellOf(address.value.state.at, height, width, FIRST_OUTPUT);
    return {
      facts: output,
      wish: input,
      window: windowOf(picture.height, picture.width, input.size, input.strides, input.padding),
      at: pointedOutput ? cellOf(cellText(pointedOutput), height, width, at) : at,
      filter: Math.min(settings.filter, output.filters - 1),
      pointed,
      pointInput: setPointed,
      pointOutput: setPointedOutput,
      pick: (cell) => {
        setPointedOutput(undefined);
        keepState({ at: cellText(cell) });
      },
    };
  })();
  return (
    <>
      <PictureChooser fallback={FALLBACK} />
      {error !== undefined && (
        <p class="error" role="alert">
          {error}
        </p>
      )}
      <div class="stage convolution">
        {view && <InputGrid {...view} />}
        <span class="sign" aria-hidden="true">
          ∗
        </span>
        <KernelEditor settings={settings} />
        <span class="sign" aria-hidden="true">
          =
        </span>
        {view && <OutputMaps {...view} />}
      </div>
      <Controls settings={settings} />
      {view && <Products {...view} />}
      {view && <Formulas {...view} />}
    </>
  );
}
