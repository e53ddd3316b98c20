// The network as a row of its layers, each drawn by what it puts out: maps as a stack of planes, a row of numbers as a bar.
// A layer is a button.
import { memo } from "preact/compat";
import type { LayerFacts, NetworkFacts } from "../../contract/network-facts.js";
import { Pixels } from "../pixel-grid/pixels.tsx";
import { shapeText } from "./formulas.ts";
import type { LayerMaps } from "./maps.ts";
import { channelPicture } from "./maps.ts";

import "./network.css";

interface Props {
  readonly network: NetworkFacts;
  readonly maps: ReadonlyMap<string, LayerMaps>;
  readonly chosen: string;
  readonly onChoose: (layer: string) => void;
}

/** The side of the largest plane, in pixels of the page. */
const LARGEST = 96;
const SMALLEST = 10;
/** Distance between two planes. */
const STEP = 5;
const MOST_PLANES = 6;

export function Diagram({ network, maps, chosen, onChoose }: Props) {
  const largest = Math.max(network.input[0]!, network.input[1]!);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <section class="network" aria-label="Layers, from the picture to the answer" tabIndex={0}>
      <ol>
        {network.layers.map((layer) => (
          <li key={layer.name}>
            <button
              type="button"
              class="layer"
              data-kind={kindOf(layer)}
              aria-pressed={layer.name === chosen}
              onClick={() => onChoose(layer.name)}
            >
              <Figure layer={layer} maps={maps.get(layer.name)} largest={largest} />
              <strong>{layer.name}</strong>
              <span>{shapeText(layer.output)}</span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

const KINDS: readonly (readonly [RegExp, string])[] = [
  [/Conv2D/, "convolution"],
  [/Pooling/, "pooling"],
  [/^Dense$/, "dense"],
];

/** The kind of layer that sets its colour: convolution, pooling, dense; the others stay quiet. */
export const kindOf = ({ type }: LayerFacts): string => KINDS.find(([pattern]) => pattern.test(type))?.[1] ?? "other";

interface FigureProps {
  readonly layer: LayerFacts;
  readonly maps: LayerMaps | undefined;
  readonly largest: number;
}

/** Drawn again only where the layer puts out something else. */
const Figure = memo(({ layer, maps, largest }: FigureProps) => {
  if (layer.output.length !== 3) return <Bar count={layer.output[0]!} maps={maps} />;
  const [height, width, channels] = layer.output as [number, number, number];
  // Areas, not sides, would let the deep layers vanish.
  const side = (extent: number): number => Math.max(SMALLEST, LARGEST * Math.sqrt(extent / largest));
  const planes = Math.min(MOST_PLANES, 1 + Math.floor(Math.log2(channels)), channels);
  const reach = (planes - 1) * STEP;
  return (
    <span class="planes" style={{ width: `${side(width) + reach}px`, height: `${side(height) + reach}px` }}>
      {Array.from({ length: planes }, (_, i) => planes - 1 - i).map((plane) => (
        <span
          key={plane}
          class="plane"
          style={{
            left: `${plane * STEP}px`,
            top: `${reach - plane * STEP}px`,
            width: `${side(width)}px`,
            height: `${side(height)}px`,
          }}
        >
          {maps && <Pixels picture={channelPicture(maps, plane)} />}
        </span>
      ))}
    </span>
  );
});

function Bar({ count, maps }: { readonly count: number; readonly maps: LayerMaps | undefined }) {
  const height = Math.min(LARGEST, 14 + 9 * Math.log2(count));
  return (
    <span class="planes" style={{ width: "12px", height: `${height}px` }}>
      <span class="plane" style={{ inset: 0 }}>
        {maps && <Pixels picture={channelPicture(maps, 0)} />}
      </span>
    </span>
  );
}
