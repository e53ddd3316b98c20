// The stage of pooling: input with its window, output, what the window keeps in each channel, the output's size.
import { address } from "../../frame/address.ts";
import { Refusal } from "../../ui/refusal.tsx";
import { useEngine } from "../engine.ts";
import { shownChannel } from "../parts/channels.ts";
import { Choice } from "../parts/choice.tsx";
import { ColorChoice, SideChoice } from "../parts/picture-choices.tsx";
import { SizeFormulas } from "../parts/size-formulas.tsx";
import { PADDINGS } from "../parts/window.ts";
import { WindowInput } from "../parts/window-input.tsx";
import { useWindow } from "../parts/window-view.ts";
import { wishFor } from "../picture/picture.ts";
import { PictureChooser } from "../picture/picture-chooser.tsx";
import { Kept } from "./kept.tsx";
import { PooledMap } from "./pooled-map.tsx";
import { FALLBACK, FIRST_OUTPUT, KINDS, type Settings, SIZES, STRIDES, settingsIn } from "./state.ts";
import type { View } from "./view.ts";
import "../parts/window.css";

export function Stage() {
  const { state } = address.value;
  const settings = settingsIn(state);
  const { output, input, error } = useEngine("pool", {
    picture: wishFor(settings.name, { color: settings.color, size: settings.side }),
    kind: settings.kind,
    size: settings.size,
    strides: settings.stride,
    padding: settings.padding,
  });
  const seen = useWindow(FIRST_OUTPUT, output?.picture, input);
  const channel = shownChannel(state, output?.channels ?? 3, "green");
  const view: View | undefined = seen && output && input && { ...seen, facts: output, kind: input.kind, channel };
  return (
    <>
      <PictureChooser fallback={FALLBACK} />
      <Refusal sentence={error} />
      <div class="stage window-stage">
        {view && <WindowInput {...view} called="window" />}
        <span class="sign" aria-hidden="true">
          →
        </span>
        {view && <PooledMap {...view} />}
      </div>
      <Controls settings={settings} />
      {view && <Kept {...view} />}
      {view && <Formulas {...view} />}
    </>
  );
}

const WINDOW_TITLES = Object.fromEntries(SIZES.map((size) => [String(size), `${size} × ${size}`]));

function Controls({ settings }: { readonly settings: Settings }) {
  const { name, side, color, kind, size, stride, follows, padding } = settings;
  return (
    <div class="controls">
      <Choice
        label="Keep"
        name="kind"
        values={KINDS}
        value={kind}
        titles={{ max: "the largest", average: "the mean" }}
      />
      <Choice label="Window" name="size" values={SIZES.map(String)} value={String(size)} titles={WINDOW_TITLES} />
      <Choice
        label="Stride"
        name="stride"
        values={["window", ...STRIDES.map(String)]}
        value={follows ? "window" : String(stride)}
        titles={{ window: "as the window" }}
      />
      <Choice label="Padding" name="padding" values={PADDINGS} value={padding} />
      <ColorChoice color={color} />
      <SideChoice name={name} side={side} />
    </div>
  );
}

function Formulas({ facts, window }: View) {
  const { channels } = facts;
  return (
    <section class="formula formulas" aria-label="Formulas">
      <SizeFormulas window={window} input={facts.picture} output={facts} />
      <p>
        channels: {channels} in, <strong>{channels}</strong> out; parameters: <strong>0</strong>, nothing is learned
      </p>
    </section>
  );
}
