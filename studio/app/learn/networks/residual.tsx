// A residual block with and without its shortcut, step by step; and the spread of values that is left after many blocks.
import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { address, keepState } from "../../frame/address.ts";
import { seedIn } from "../../frame/whole.ts";
import { greyOf } from "../../network/maps.ts";
import type { Cell } from "../../pixel-grid/cells.ts";
import { rgbaOfValues } from "../../pixel-grid/paint.ts";
import { PixelGrid } from "../../pixel-grid/pixel-grid.tsx";
import { Pixels } from "../../pixel-grid/pixels.tsx";
import { Refusal } from "../../ui/refusal.tsx";
import { useEngine } from "../engine.ts";
import { pictureName, stamp } from "../picture/picture.ts";
import { PictureChooser } from "../picture/picture-chooser.tsx";
import type { Plane, ResidualFacts } from "./residual-job.ts";
import { BLOCK_CHANNELS, BLOCK_SIDE, MOST_BLOCKS } from "./residual-shape.ts";
import { SpreadChart } from "./spread-chart.tsx";
import { blockOf, blocksOf, channelIn, FALLBACK, hasShortcut } from "./state.ts";

/** The share of the spread that is left after the last block, as last computed, and with what. */
export const left = signal<{ readonly share: number; readonly shortcut: boolean; readonly blocks: number } | undefined>(
  undefined,
);

export function Residual() {
  const { state } = address.value;
  const [blocks, shortcut, block, channel] = [blocksOf(state), hasShortcut(state), blockOf(state), channelIn(state)];
  const image = { name: pictureName(FALLBACK), stamp: stamp.value };
  const asked = { image, seed: seedIn(state), blocks, shortcut, block, channel };
  const { output, input, error } = useEngine("residual", asked);
  useEffect(() => {
    if (output === undefined || input === undefined) return;
    const share = output.spread.at(-1)! / output.spread[0]!;
    left.value = { share, shortcut: input.shortcut, blocks: input.blocks };
  }, [output, input]);
  const set = (name: string) => (event: { readonly currentTarget: HTMLInputElement }) =>
    keepState({ [name]: event.currentTarget.value });
  return (
    <>
      <Refusal sentence={error} />
      {output === undefined || input === undefined ? (
        error === undefined && <p class="muted">Computing the block ...</p>
      ) : (
        <Block facts={output} shortcut={input.shortcut} block={input.block} />
      )}
      <div class="controls">
        <label>
          <input
            type="checkbox"
            checked={shortcut}
            onChange={({ currentTarget }) => keepState({ shortcut: currentTarget.checked ? undefined : "off" })}
          />{" "}
          Shortcut
        </label>
        <label>
          Blocks <input type="range" min={1} max={MOST_BLOCKS} value={blocks} onInput={set("blocks")} />{" "}
          <output>{blocks}</output>
        </label>
        <label>
          Look into block <input type="range" min={1} max={blocks} value={block} onInput={set("block")} />{" "}
          <output>{block}</output>
        </label>
        <label>
          Channel <input type="range" min={0} max={BLOCK_CHANNELS - 1} value={channel} onInput={set("channel")} />{" "}
          <output>{channel}</output>
        </label>
      </div>
      <PictureChooser fallback={FALLBACK} />
      {output && input && <Depth facts={output} shortcut={input.shortcut} channel={input.channel} />}
    </>
  );
}

interface BlockProps {
  readonly facts: ResidualFacts;
  readonly shortcut: boolean;
  readonly block: number;
}

/** Three digits, with a power of ten where they would stand far behind the point. */
const digits = (value: number): string =>
  (value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential(2) : value.toPrecision(3)).replace(/^-/, "−");

function Block({ facts, shortcut, block }: BlockProps) {
  const [cell, setCell] = useState<Cell>({ row: 12, column: 12 });
  const at = cell.row * BLOCK_SIDE + cell.column;
  const { x, made, sum, out } = facts.block;
  const value = (plane: Plane): string => digits(plane[at]!);
  const maps = (title: string, plane: Plane) => (
    <figure>
      <figcaption>{title}</figcaption>
      <PlaneGrid title={`${title}, block ${block}`} plane={plane} cell={cell} onPoint={setCell} />
      <output class="muted">{value(plane)}</output>
    </figure>
  );
  return (
    <section class="stage residual" aria-label={`Block ${block}`} data-shortcut={shortcut}>
      {maps("x goes in", x)}
      <span class="sign">{shortcut ? "+" : "→"}</span>
      {maps("F(x): two convolutions", made)}
      <span class="sign">=</span>
      {maps(shortcut ? "x + F(x)" : "F(x) alone", sum)}
      <span class="sign">→</span>
      {maps("ReLU: comes out", out)}
      <p class="formula" id="sum">
        {shortcut
          ? `x + F(x) = ${value(x)} + ${value(made)} = ${value(sum)}`
          : `F(x) = ${value(sum)}; without its shortcut the block forgets x = ${value(x)}`}
        {`, ReLU: ${value(out)}`}
      </p>
    </section>
  );
}

interface PlaneProps {
  readonly title: string;
  readonly plane: Plane;
  readonly cell: Cell;
  readonly onPoint: (cell: Cell) => void;
}

function PlaneGrid({ title, plane, cell, onPoint }: PlaneProps) {
  const [low, high] = [Math.min(0, ...plane), Math.max(0, ...plane)];
  return (
    <PixelGrid
      label={title}
      rows={BLOCK_SIDE}
      columns={BLOCK_SIDE}
      rgba={rgbaOfValues(plane, { low, high })}
      cell={7}
      at={cell}
      marks={[{ ...cell, rows: 1, columns: 1, kind: "cursor" }]}
      onPoint={(pointed) => pointed && onPoint(pointed)}
      onPick={onPoint}
      describe={({ row, column }) => `row ${row}, column ${column}: ${digits(plane[row * BLOCK_SIDE + column]!)}`}
    />
  );
}

interface DepthProps {
  readonly facts: ResidualFacts;
  readonly shortcut: boolean;
  readonly channel: number;
}

function Depth({ facts, shortcut, channel }: DepthProps) {
  const most = Math.max(...facts.after.map((plane) => Math.max(...plane)));
  const [first, last] = [facts.spread[0]!, facts.spread.at(-1)!];
  return (
    <section class="stack">
      <h2>How far values lie apart after each block</h2>
      <p class="muted">
        Channel {channel} before the first block and after each, all on one scale from 0 to {digits(most)}.
      </p>
      <ol class="residual-depth">
        {facts.after.map((plane, n) => (
          <li key={n}>
            <Pixels
              picture={greyOf(plane, 0, most, BLOCK_SIDE)}
              label={n === 0 ? "before the first block" : `after block ${n}`}
            />
            <span class="muted">{n}</span>
          </li>
        ))}
      </ol>
      <SpreadChart spread={facts.spread} />
      <p>
        <span class="figure" id="left">
          {digits(last / first)}
        </span>{" "}
        times as far apart as before the first block: {digits(last)} / {digits(first)}, by the standard deviation of all
        values.{" "}
        {shortcut
          ? "What went in is carried along, however deep the network is."
          : "Each block has to pass on all that went in, and does not know how yet: nothing is learned."}
      </p>
    </section>
  );
}
