// The input with its footprint, which one drags; a pixel under the pointer lights the outputs that it reaches.
import { useMemo } from "preact/hooks";
import { address } from "../../frame/address.ts";
import { among } from "../parts/among.ts";
import { Choice } from "../parts/choice.tsx";
import { borderOf, footprintOf, outputAt, reachOf } from "../parts/window.ts";
import type { Mark } from "../pixel-grid/cells.ts";
import { rgbaOf, rgbaOfChannel } from "../pixel-grid/paint.ts";
import { PixelGrid } from "../pixel-grid/pixel-grid.tsx";
import { channelNames, type View } from "./view.ts";

/** The most that a map may be wide, in pixels of the page. */
export const MAP_WIDTH = 400;

const SHOWN = ["colour", "red", "green", "blue"] as const;

export function InputGrid(view: View) {
  const { facts, window, at, pointed, pointInput, pick } = view;
  const { picture } = facts;
  const { width, height, channels, data } = picture;
  const shown = channels === 3 ? among(SHOWN, address.value.state.show, "colour") : "red";
  const channel = SHOWN.indexOf(shown) - 1;
  const rgba = useMemo(() => (channel < 0 ? rgbaOf(picture) : rgbaOfChannel(picture, channel)), [picture, channel]);
  const text = useMemo(
    () =>
      channel < 0
        ? undefined
        : (row: number, column: number) => String(data[channels * (row * width + column) + channel]),
    [data, channels, width, channel],
  );
  const border = borderOf(window);
  const marks: readonly Mark[] = [
    footprintOf(window, at),
    ...(pointed ? [{ ...pointed, rows: 1, columns: 1, kind: "cursor" } as const] : []),
  ];
  return (
    <div class="map">
      <h2>
        Input{" "}
        <small>
          {height} × {width} × {channels}
        </small>
      </h2>
      <PixelGrid
        label="Input: drag the footprint, or move it by arrow keys"
        rows={height}
        columns={width}
        rgba={rgba}
        cell={MAP_WIDTH / (width + border.left + border.right)}
        border={border}
        marks={marks}
        at={at}
        onPoint={pointInput}
        onPick={(cell) => pick(outputAt(window, cell))}
        walk={{ at, rows: facts.height, columns: facts.width, onPick: pick }}
        describe={() => spokenFootprint(view)}
        {...(text && { text })}
      />
      <small class="said">{saidOf(view)}</small>
      {channels === 3 && <Choice label="Show" name="show" values={SHOWN} value={shown} />}
    </div>
  );
}

function spokenFootprint({ window, at }: View): string {
  const { row, column, rows } = footprintOf(window, at);
  return `Footprint at rows ${row} to ${row + rows - 1}, columns ${column} to ${column + rows - 1}`;
}

/** What is known of the pixel under the pointer, else of the footprint. */
function saidOf(view: View): string {
  const { facts, window, pointed } = view;
  if (pointed === undefined) return spokenFootprint(view);
  const { picture } = facts;
  const { row, column } = pointed;
  const values = channelNames(picture.channels)
    .map((name, c) => `${name} ${picture.data[picture.channels * (row * picture.width + column) + c]}`)
    .join(", ");
  const reach = reachOf(window, pointed);
  const count = reach === undefined ? 0 : reach.rows * reach.columns;
  return `Row ${row}, column ${column}: ${values}; reaches ${count === 1 ? "1 output" : `${count} outputs`}`;
}
