// The values under the window in each channel, and the one number that is kept of them.
import { byteAt, channelNames } from "../parts/channels.ts";
import { Light } from "../parts/light.tsx";
import { short } from "../parts/number-text.ts";
import { footprintOf } from "../parts/window.ts";
import type { View } from "./view.ts";

/** Windows up to this size are written out. */
const WRITTEN = 4;

export function Kept(view: View) {
  return (
    <section class="products" aria-label="Values kept">
      <div class="slices">
        {channelNames(view.facts.channels).map((name, channel) => (
          <ChannelKept key={name} view={view} name={name} channel={channel} />
        ))}
      </div>
    </section>
  );
}

interface Props {
  readonly view: View;
  readonly name: string;
  readonly channel: number;
}

function ChannelKept({ view, name, channel }: Props) {
  const { facts, at, kind } = view;
  const kept = facts.values[(at.row * facts.width + at.column) * facts.channels + channel]!;
  const rows = coveredBy(view, channel);
  const inside = rows.flat().filter((value) => value !== undefined);
  const isWritten = rows.length <= WRITTEN;
  return (
    <figure class={`slice ${name}`}>
      <figcaption>
        {name}, {kind === "max" ? "the largest of" : "the mean of"} {inside.length}: <strong>{short(kept)}</strong>
      </figcaption>
      {isWritten && (
        <table class="terms">
          <tbody>
            {rows.map((row, r) => (
              <tr key={r}>
                {row.map((value, c) => (
                  <td key={c} data-kept={kind === "max" && value === kept}>
                    {value === undefined ? "outside" : <Light value={value} channel={name} />}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {isWritten && (
        <output>
          {kind === "max" ? `max(${inside.join(", ")})` : `(${inside.join(" + ")}) / ${inside.length}`} = {short(kept)}
        </output>
      )}
    </figure>
  );
}

/** Values of a channel under the window, row by row; undefined beyond the picture's edge, which does not count. */
function coveredBy({ facts, window, at }: View, channel: number): readonly (readonly (number | undefined)[])[] {
  const { picture } = facts;
  const { row, column, rows, columns } = footprintOf(window, at);
  return Array.from({ length: rows }, (_, r) =>
    Array.from({ length: columns }, (_, c) => byteAt(picture, { row: row + r, column: column + c }, channel)),
  );
}
