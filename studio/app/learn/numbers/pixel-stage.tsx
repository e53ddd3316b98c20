// The picture as a grid, its channels apart, and the bytes of the pixel that one points at.
import { useMemo } from "preact/hooks";
import { address, keepState } from "../../frame/address.ts";
import { whole } from "../../frame/numbers.ts";
import type { Cell, Mark } from "../../pixel-grid/cells.ts";
import { rgbaOf, rgbaOfChannel } from "../../pixel-grid/paint.ts";
import { PixelGrid } from "../../pixel-grid/pixel-grid.tsx";
import type { PictureFacts } from "../engine/pictures.ts";
import { byteAt, CHANNELS, SHOWN } from "../parts/channels.ts";
import { Choice } from "../parts/choice.tsx";
import { SideChoice } from "../parts/picture-choices.tsx";
import { sideIn } from "../parts/picture-settings.ts";
import { bits, byteText, hex, NUMBER_BASES } from "./byte-text.ts";
import { Colors } from "./colors.tsx";
import { baseIn, nameIn, shownIn } from "./state.ts";

interface Props {
  readonly picture: PictureFacts;
  readonly at: Cell;
  readonly onPoint: (cell: Cell | undefined) => void;
  readonly onPick: (cell: Cell) => void;
}

export function PixelStage({ picture, at, onPoint, onPick }: Props) {
  const { state } = address.value;
  const shown = shownIn(state);
  const base = baseIn(state);
  const { width, height } = picture;
  const channel = SHOWN.indexOf(shown) - 1;
  const rgba = useMemo(() => (channel < 0 ? rgbaOf(picture) : rgbaOfChannel(picture, channel)), [picture, channel]);
  const text = useMemo(
    () =>
      channel < 0
        ? undefined
        : (row: number, column: number) => byteText(byteAt(picture, { row, column }, channel)!, base),
    [picture, channel, base],
  );
  const bytesAt = (cell: Cell) => [0, 1, 2].map((c) => byteAt(picture, cell, c)!) as [number, number, number];
  const marks: readonly Mark[] = [{ ...at, rows: 1, columns: 1, kind: "cursor" }];
  const shared = { rows: height, columns: width, marks, at, onPoint, onPick } as const;
  const describe = (cell: Cell): string =>
    `Row ${cell.row}, column ${cell.column}: ${bytesAt(cell)
      .map((byte, c) => `${CHANNELS[c]} ${byte}`)
      .join(", ")}`;
  return (
    <>
      <div class="stage">
        <PixelGrid
          {...shared}
          label="The picture's pixels; arrow keys go from one to the next"
          cell={448 / Math.max(width, height)}
          rgba={rgba}
          describe={describe}
          {...(text && { text })}
        />
        <div class="channels">
          {CHANNELS.map((name, c) => (
            <ChannelGrid key={name} name={name} channel={c} picture={picture} marks={marks} />
          ))}
        </div>
        <PixelFacts at={at} bytes={bytesAt(at)} picture={picture} />
      </div>
      <div class="controls">
        <Choice label="Show" name="show" values={SHOWN} value={shown} />
        {channel >= 0 && <Choice label="Values" name="base" values={NUMBER_BASES} value={base} />}
        <SideChoice name={nameIn(state)} side={sideIn(state)} />
      </div>
    </>
  );
}

interface ChannelProps {
  readonly name: (typeof CHANNELS)[number];
  readonly channel: number;
  readonly picture: PictureFacts;
  readonly marks: readonly Mark[];
}

function ChannelGrid({ name, channel, picture, marks }: ChannelProps) {
  const rgba = useMemo(() => rgbaOfChannel(picture, channel), [picture, channel]);
  const isShown = shownIn(address.value.state) === name;
  return (
    <button type="button" aria-pressed={isShown} onClick={() => keepState({ show: isShown ? "colour" : name })}>
      <PixelGrid
        label={`The ${name} channel`}
        rows={picture.height}
        columns={picture.width}
        cell={96 / picture.width}
        rgba={rgba}
        marks={marks}
      />
      {name}
    </button>
  );
}

interface FactsProps {
  readonly at: Cell;
  readonly bytes: readonly [number, number, number];
  readonly picture: PictureFacts;
}

function PixelFacts({ at, bytes, picture }: FactsProps) {
  const { width, height, data } = picture;
  const first = 3 * (at.row * width + at.column);
  return (
    <div class="pixel-facts">
      <h2>
        Row {at.row}, column {at.column}
      </h2>
      <svg class="swatch" viewBox="0 0 10 2" preserveAspectRatio="none" aria-hidden="true">
        <rect width="10" height="2" fill={`rgb(${bytes.join(" ")})`} />
      </svg>
      <table>
        <thead>
          <tr>
            <th scope="col">Channel</th>
            <th scope="col" class="number">
              Decimal
            </th>
            <th scope="col">Hexadecimal</th>
            <th scope="col">Binary</th>
          </tr>
        </thead>
        <tbody>
          {CHANNELS.map((name, c) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td class="number">{bytes[c]}</td>
              <td class="mono">{hex(bytes[c]!)}</td>
              <td class="mono">{bits(bytes[c]!)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="formula">
        shape ({height}, {width}, 3): {height} · {width} · 3 = {whole(data.length)} bytes
        <br />
        this pixel begins at byte ({at.row} · {width} + {at.column}) · 3 = {whole(first)}
      </p>
      <Colors picture={picture} />
    </div>
  );
}
