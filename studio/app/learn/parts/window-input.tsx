// The input with its window, which one drags; a pixel under the pointer lights the outputs that it reaches.
import { useMemo } from "preact/hooks";
import type { Cell, Mark } from "../../pixel-grid/cells.ts";
import { rgbaOf, rgbaOfChannel } from "../../pixel-grid/paint.ts";
import { PixelGrid } from "../../pixel-grid/pixel-grid.tsx";
import type { PictureFacts } from "../engine/pictures.ts";
import { byteAt, channelNames, SHOWN } from "./channels.ts";
import { Choice } from "./choice.tsx";
import { borderOf, footprintOf, outputAt, reachOf } from "./window.ts";
import type { WindowView } from "./window-view.ts";

/** The most that a map may be wide, in pixels of the page. */
export const MAP_WIDTH = 400;

interface Props extends WindowView {
  /** The page's word for the window. */
  readonly called: "footprint" | "window";
  /** The channel that is shown, -1 for all together. */
  readonly channel: number;
}

export function WindowInput(view: Props) {
  const { picture, window, at, pointed, pointInput, pick, called, channel } = view;
  const { width, height, channels } = picture;
  const rgba = useMemo(() => (channel < 0 ? rgbaOf(picture) : rgbaOfChannel(picture, channel)), [picture, channel]);
  const text = useMemo(() => (channel < 0 ? undefined : textOf(picture, channel)), [picture, channel]);
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
        label={`Input: drag the ${called}, or move it by arrow keys`}
        rows={height}
        columns={width}
        rgba={rgba}
        cell={MAP_WIDTH / (width + border.left + border.right)}
        border={border}
        borderText={called === "footprint" ? "0" : ""}
        marks={marks}
        at={at}
        onPoint={pointInput}
        onPick={(cell) => pick(outputAt(window, cell))}
        walk={{ at, rows: window.rows.outputs, columns: window.columns.outputs, onPick: pick }}
        describe={() => placeOf(view)}
        {...(text && { text })}
      />
      <small class="said">{pointed === undefined ? placeOf(view) : pixelOf(view, pointed)}</small>
      {channels === 3 && <Choice label="Show" name="show" values={SHOWN} value={SHOWN[channel + 1]!} />}
    </div>
  );
}

const textOf =
  (picture: PictureFacts, channel: number) =>
  (row: number, column: number): string =>
    String(byteAt(picture, { row, column }, channel));

/** The window's place in words. */
function placeOf({ window, at, called }: Props): string {
  const { row, column, rows, columns } = footprintOf(window, at);
  const span = (name: string, first: number, count: number): string =>
    count === 1 ? `${name} ${first}` : `${name}s ${first} to ${first + count - 1}`;
  return `The ${called} is at ${span("row", row, rows)}, ${span("column", column, columns)}`;
}

/** The pixel under the pointer in words: its values, and the number of outputs that it reaches. */
function pixelOf({ picture, window }: Props, pointed: Cell): string {
  const { row, column } = pointed;
  const values = channelNames(picture.channels)
    .map((name, c) => `${name} ${byteAt(picture, pointed, c)}`)
    .join(", ");
  const reach = reachOf(window, pointed);
  const count = reach === undefined ? 0 : reach.rows * reach.columns;
  return `Row ${row}, column ${column}: ${values}; reaches ${count === 1 ? "1 output" : `${count} outputs`}`;
}
