// The kernel that made a channel, over its window of the picture at one place: products and sums down to the number that the map
// has there. Another place is a click on the map, or an arrow key.
import { useMemo } from "preact/hooks";
import type { Input } from "../../../contract/calls.js";
import type { LayerFacts, SumFacts } from "../../../contract/network-facts.js";
import { address, keepState } from "../../frame/address.ts";
import { metric } from "../../frame/numbers.ts";
import type { LayerMaps } from "../../network/maps.ts";
import { channelOf } from "../../network/maps.ts";
import type { Cell } from "../../pixel-grid/cells.ts";
import { rangeOf, rgbaOfValues } from "../../pixel-grid/paint.ts";
import { PixelGrid } from "../../pixel-grid/pixel-grid.tsx";
import { Refusal } from "../../ui/refusal.tsx";
import { useCall } from "../../ui/use-call.ts";
import { Products } from "./products.tsx";

interface Props {
  readonly asked: Input<"previews">;
  readonly layer: LayerFacts;
  readonly maps: LayerMaps;
  readonly channel: number;
  readonly onLayer: (layer: string) => void;
}

export function Kernel({ asked, layer, maps, channel, onLayer }: Props) {
  const [rows, columns] = maps.shape.length === 3 ? (maps.shape as [number, number, number]) : [1, 1];
  const at = placeIn(address.value.state.at, rows, columns);
  const { value, previous, error } = useCall("channelSum", {
    ...asked,
    layer: layer.name,
    channel,
    at: [at.row, at.column],
  });
  const sum = value ?? (previous?.channel === channel ? previous : undefined);
  return (
    <section class="kernel" aria-label="The kernel behind the channel" aria-busy={value === undefined && !error}>
      <h2>
        Channel {channel} of {layer.name}, from its kernel
      </h2>
      <div class="kernel-parts">
        {maps.shape.length === 3 && <MapGrid layer={layer.name} maps={maps} channel={channel} at={at} />}
        {error !== undefined ? (
          <Refusal sentence={error} />
        ) : sum === undefined ? (
          <p class="muted">Taking the number apart ...</p>
        ) : (
          <div class="stack">
            <Made sum={sum} asked={layer.name} onLayer={onLayer} />
            <Products sum={sum} />
          </div>
        )}
      </div>
    </section>
  );
}

/** Row and column of an address; the middle where it names none. */
function placeIn(text: string | undefined, rows: number, columns: number): Cell {
  const [row = Number.NaN, column = Number.NaN] = (text ?? "").split("-").map((part) => Number.parseInt(part, 10));
  const isInside = row >= 0 && row < rows && column >= 0 && column < columns;
  return isInside ? { row, column } : { row: Math.floor(rows / 2), column: Math.floor(columns / 2) };
}

interface MapProps {
  readonly layer: string;
  readonly maps: LayerMaps;
  readonly channel: number;
  readonly at: Cell;
}

/** Side of the map in pixels of the page. */
const SIDE = 300;

function MapGrid({ layer, maps, channel, at }: MapProps) {
  const [rows, columns] = maps.shape as [number, number, number];
  const { values } = useMemo(() => channelOf(maps, channel), [maps, channel]);
  const rgba = useMemo(() => rgbaOfValues(values, rangeOf(values)), [values]);
  return (
    <figure>
      <PixelGrid
        label={`Channel ${channel} of ${layer}; arrow keys choose a place`}
        rows={rows}
        columns={columns}
        rgba={rgba}
        cell={SIDE / Math.max(rows, columns)}
        at={at}
        marks={[{ ...at, rows: 1, columns: 1, kind: "cursor" }]}
        onPick={({ row, column }) => keepState({ at: `${row}-${column}` })}
        describe={({ row, column }) => `row ${row}, column ${column}: ${metric(values[row * columns + column]!)}`}
      />
      <figcaption class="muted">
        row {at.row}, column {at.column}: {metric(values[at.row * columns + at.column]!)}
      </figcaption>
    </figure>
  );
}

interface MadeProps {
  readonly sum: SumFacts;
  /** The layer that was asked for. */
  readonly asked: string;
  readonly onLayer: (layer: string) => void;
}

/** The layers that the number is made by and of. */
function Made({ sum: { layer, from, shape, bias, sum }, asked, onLayer }: MadeProps) {
  const [height, width, inputs] = shape;
  return (
    <div class="formula">
      {layer !== asked && (
        <p>
          The channels of {asked} are those of{" "}
          <button type="button" class="link" onClick={() => onLayer(layer)}>
            {layer}
          </button>
          , whose kernel this is.
        </p>
      )}
      <p>
        {height} × {width} × {inputs} weights over{" "}
        {from === "" ? (
          "the picture"
        ) : (
          <button type="button" class="link" onClick={() => onLayer(from)}>
            {from}
          </button>
        )}
        : products {metric(sum - bias)} + bias {metric(bias)} = <strong>{metric(sum)}</strong>, before the activation
      </p>
    </div>
  );
}
