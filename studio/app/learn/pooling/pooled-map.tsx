// The output of pooling: one channel with its values, or all together as a picture again.
import { useMemo } from "preact/hooks";
import type { Cell } from "../../pixel-grid/cells.ts";
import { rgbaOf, rgbaOfChannel } from "../../pixel-grid/paint.ts";
import { channelNames } from "../parts/channels.ts";
import { cellNumber, short } from "../parts/number-text.ts";
import { WindowOutput } from "../parts/window-output.tsx";
import type { View } from "./view.ts";

export function PooledMap(view: View) {
  const { facts, channel } = view;
  const { width, channels, values } = facts;
  const bytes = useMemo(() => ({ channels, data: values }), [channels, values]);
  const rgba = useMemo(() => (channel < 0 ? rgbaOf(bytes) : rgbaOfChannel(bytes, channel)), [bytes, channel]);
  const text = useMemo(
    () =>
      channel < 0
        ? undefined
        : (row: number, column: number) => cellNumber(values[(row * width + column) * channels + channel]!),
    [values, width, channels, channel],
  );
  const names = channelNames(channels);
  const said = ({ row, column }: Cell, c: number): string =>
    `${names[c]} ${short(values[(row * width + column) * channels + c]!)}`;
  const valueText = (cell: Cell): string =>
    channel < 0 ? names.map((_, c) => said(cell, c)).join(", ") : said(cell, channel);
  return <WindowOutput {...view} channels={channels} rgba={rgba} text={text} valueText={valueText} />;
}
