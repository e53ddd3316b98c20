// The output of a moving window: a map whose pixels move it, and on which the outputs light up that an input pixel reaches.
import type { ComponentChildren } from "preact";
import type { Cell, Mark } from "../../pixel-grid/cells.ts";
import { PixelGrid } from "../../pixel-grid/pixel-grid.tsx";
import { reachOf } from "./window.ts";
import { MAP_WIDTH } from "./window-input.tsx";
import type { WindowView } from "./window-view.ts";

interface Props extends WindowView {
  readonly channels: number;
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
  readonly text?: ((row: number, column: number) => string) | undefined;
  /** The value of a cell in words. */
  readonly valueText: (cell: Cell) => string;
  /** Stands below the map. */
  readonly children?: ComponentChildren;
}

export function WindowOutput(props: Props) {
  const { window, at, pointed, pointOutput, pick, channels, rgba, text, valueText, children } = props;
  const [height, width] = [window.rows.outputs, window.columns.outputs];
  const reach = pointed && reachOf(window, pointed);
  const marks: readonly Mark[] = [...(reach ? [reach] : []), { ...at, rows: 1, columns: 1, kind: "footprint" }];
  const describe = (cell: Cell): string => `Output, row ${cell.row}, column ${cell.column}: ${valueText(cell)}`;
  return (
    <div class="map">
      <h2>
        Output{" "}
        <small>
          {height} × {width} × {channels}
        </small>
      </h2>
      <PixelGrid
        label="Output: a pixel shows where it comes from"
        rows={height}
        columns={width}
        rgba={rgba}
        cell={Math.min(MAP_WIDTH / width, MAP_WIDTH / height)}
        marks={marks}
        at={at}
        onPoint={pointOutput}
        onPick={pick}
        describe={describe}
        {...(text && { text })}
      />
      <small class="said">{describe(at)}</small>
      {children}
    </div>
  );
}
