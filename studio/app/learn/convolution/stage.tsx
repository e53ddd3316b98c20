// The stage of convolution: input, kernel and output; products and sum; controls and formulas.
import { useMemo } from "preact/hooks";
import { address } from "../../frame/address.ts";
import { Refusal } from "../../ui/refusal.tsx";
import { useEngine } from "../engine.ts";
import { shownChannel } from "../parts/channels.ts";
import { WindowInput } from "../parts/window-input.tsx";
import { useWindow } from "../parts/window-view.ts";
import { PictureChooser } from "../picture/picture-chooser.tsx";
import { Controls } from "./controls.tsx";
import { Formulas } from "./formulas.tsx";
import { KernelEditor } from "./kernel-editor.tsx";
import { OutputMaps } from "./output-maps.tsx";
import { Products } from "./products.tsx";
import { FALLBACK, FIRST_OUTPUT, settingsIn } from "./state.ts";
import type { View } from "./view.ts";
import { wishOf } from "./wish.ts";
import "../parts/window.css";
import "./convolution.css";

export function Stage() {
  const { state } = address.value;
  // Settings are read anew when they change, not with each move of the footprint.
  const { at: _, ...layer } = state;
  const key = JSON.stringify(layer);
  const settings = useMemo(() => settingsIn(JSON.parse(key)), [key]);
  const { output, input, error } = useEngine("convolve", wishOf(settings));
  const seen = useWindow(FIRST_OUTPUT, output?.picture, input);
  const filter = Math.min(settings.filter, (output?.filters ?? 1) - 1);
  const view: View | undefined = seen && output && input && { ...seen, facts: output, wish: input, filter };
  return (
    <>
      <PictureChooser fallback={FALLBACK} />
      <Refusal sentence={error} />
      <div class="stage window-stage">
        {view && <WindowInput {...view} called="footprint" channel={shownChannel(state, view.picture.channels)} />}
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
