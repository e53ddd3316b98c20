// A layer's output for the picture: all channels side by side, one of them large. Rows of numbers are bars.
import { useMemo } from "preact/hooks";
import { metric } from "../frame/numbers.ts";
import { Pixels } from "../pixel-grid/pixels.tsx";
import type { LayerMaps } from "./maps.ts";
import { channelOf, channelPicture, channelSheet } from "./maps.ts";

interface Props {
  readonly maps: LayerMaps;
  readonly channel: number;
  readonly onChoose: (channel: number) => void;
}

export function LayerChannels(props: Props) {
  return props.maps.shape.length === 3 ? <Channels {...props} /> : <Numbers maps={props.maps} />;
}

function Channels({ maps, channel, onChoose }: Props) {
  const [height, width, channels] = maps.shape as [number, number, number];
  const chosen = Math.min(channel, channels - 1);
  const { low, high } = channelOf(maps, chosen);
  // The sheet is as square as the shape of a map allows.
  const columns = Math.max(1, Math.min(channels, Math.round(Math.sqrt((channels * 1.6 * height) / width))));
  const sheet = useMemo(() => channelSheet(maps, columns), [maps, columns]);
  const pick = (event: MouseEvent): void => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const column = Math.floor(((event.clientX - box.left) / box.width) * sheet.columns);
    const row = Math.floor(((event.clientY - box.top) / box.height) * sheet.rows);
    if (row * columns + column < channels) onChoose(row * columns + column);
  };
  const [left, top] = [(chosen % columns) / columns, Math.floor(chosen / columns) / sheet.rows];
  return (
    <div class="layer-channels">
      <figure>
        <Pixels picture={channelPicture(maps, chosen)} label={`Channel ${chosen} of ${maps.layer} for this picture`} />
        <figcaption class="muted">
          channel {chosen}: from {metric(low)} to {metric(high)}
        </figcaption>
        <label>
          Channel{" "}
          <input
            type="range"
            min={0}
            max={channels - 1}
            value={chosen}
            onInput={({ currentTarget }) => onChoose(Number(currentTarget.value))}
          />
        </label>
      </figure>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the slider does the same by keys */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a short cut for the slider */}
      <div class="channel-sheet" onClick={pick}>
        <Pixels picture={sheet.picture} label={`All ${channels} channels of ${maps.layer}`} />
        <i
          style={{
            left: `${100 * left}%`,
            top: `${100 * top}%`,
            width: `${100 / columns}%`,
            height: `${100 / sheet.rows}%`,
          }}
        />
      </div>
    </div>
  );
}

/** Most numbers that are drawn as bars of their own. */
const MOST_BARS = 128;

function Numbers({ maps }: { readonly maps: LayerMaps }) {
  const { low, high } = channelOf(maps, 0);
  const count = maps.data.length;
  const shown = maps.data.subarray(0, MOST_BARS);
  const [least, most] = [Math.min(0, low), Math.max(0, high)];
  const y = (value: number): number => (100 * (most - value)) / (most - least || 1);
  return (
    <figure class="layer-numbers">
      <svg
        viewBox={`0 0 ${shown.length} 100`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`The ${shown.length < count ? `first ${shown.length} of ${count}` : count} numbers of ${maps.layer} for this picture, from ${metric(low)} to ${metric(high)}`}
      >
        {Array.from(shown, (value, i) => (
          <rect key={i} x={i + 0.1} width={0.8} y={Math.min(y(value), y(0))} height={Math.abs(y(value) - y(0))} />
        ))}
      </svg>
      <figcaption class="muted">
        {shown.length < count ? `the first ${shown.length} of ${count} numbers` : `${count} numbers`}: from{" "}
        {metric(low)} to {metric(high)}
      </figcaption>
    </figure>
  );
}
