// The stage of pooling: input with its window, output, what the window keeps in each channel, the output's size.
import { address } from "../../frame/address.ts";
import { useEngine } from "../engine.ts";
import { shownChannel } from "../parts/channels.ts";
import { Choice } from "../parts/choice.tsx";
import { sizeFormula, windowOf } from "../parts/window.ts";
import { WindowInput } from "../parts/window-input.tsx";
import { useWindow } from "../parts/window-view.ts";
import { isSmall, wishFor } from "../picture/picture.ts";
import { PictureChooser } from "../picture/picture-chooser.tsx";
import { Kept } from "./kept.tsx";
import { PooledMap } from "./pooled-map.tsx";
import { FALLBACK, FIRST_OUTPUT, KINDS, type Settings, SIDES, SIZES, STRIDES, settingsIn } from "./state.ts";
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
  const viewOf = useWindow(FIRST_OUTPUT);
  const view = ((): View | undefined => {
    if (output === undefined || input === undefined) return undefined;
    const { picture } = output;
    const window = windowOf(picture.height, picture.width, input.size, input.strides, input.padding);
    const channel = shownChannel(state, picture.channels, "green");
    return { ...viewOf(picture, window), facts: output, kind: input.kind, channel };
  })();
  return (
    <>
      <PictureChooser fallback={FALLBACK} />
      {error !== undefined && (
        <p class="error" role="alert">
          {error}
        </p>
      )}
      <div class="stage window-stage">
        {view && <WindowInput {...view} called="window" />}
        <span class="sign" aria-hidden="true">
          →
        </span>
        {view && <PooledMap {...view} />}
      </div>
      <Controls settings={settings} />
      {view && <Kept {...view} />}
      {view && <SizeFormulas {...view} />}
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
      <Choice label="Padding" name="padding" values={["valid", "same"]} value={padding} />
      <Choice
        label="Channels"
        name="color"
        values={["rgb", "grayscale"]}
        value={color}
        titles={{ rgb: "red, green, blue", grayscale: "grey" }}
      />
      {!isSmall(name) && <Choice label="Longer side" name="side" values={SIDES.map(String)} value={String(side)} />}
    </div>
  );
}

function SizeFormulas({ facts, window }: View) {
  const { picture, height, width, channels } = facts;
  const isSquare = picture.height === picture.width;
  return (
    <section class="formula formulas" aria-label="Formulas">
      <p>
        {isSquare ? "rows and columns" : "rows"}: {sizeFormula(window.rows)} = <strong>{height}</strong>
      </p>
      {!isSquare && (
        <p>
          columns: {sizeFormula(window.columns)} = <strong>{width}</strong>
        </p>
      )}
      <p>
        channels: {channels} in, <strong>{channels}</strong> out; parameters: <strong>0</strong>, nothing is learned
      </p>
    </section>
  );
}
