// The footprint's values times the weights, channel by channel, and the sum that becomes the output.
import { byteAt, channelNames } from "../parts/channels.ts";
import { Light } from "../parts/light.tsx";
import { factor, short } from "../parts/number-text.ts";
import { footprintOf } from "../parts/window.ts";
import { type View, valueAt } from "./view.ts";

export function Products(view: View) {
  const { facts, wish, at, filter } = view;
  const { channels } = facts.picture;
  const names = channelNames(channels);
  const { bias } = wish.filters[filter]!;
  const sum = valueAt(facts, facts.sums, at, filter);
  const value = valueAt(facts, facts.values, at, filter);
  const sums = names.map((_, channel) => partAt(view, channel));
  return (
    <section class="products" aria-label="Products and sum">
      <div class="slices">
        {names.map((name, channel) => (
          <ChannelProducts key={name} name={name} channel={channel} view={view} sum={sums[channel]!} />
        ))}
      </div>
      <p class="formula">
        {names.length > 1 ? "red + green + blue + bias: " : "sum + bias: "}
        <output>
          {sums.map(factor).join(" + ")} + {factor(bias)} = <strong>{short(sum)}</strong>
        </output>
        {wish.relu && (
          <>
            {" "}
            and ReLU keeps max(0, {short(sum)}) = <strong>{short(value)}</strong>
          </>
        )}
      </p>
    </section>
  );
}

/** A channel's share of the output that is looked at, from the engine. */
function partAt({ facts, at, filter }: View, channel: number): number {
  const { width, filters, parts, picture } = facts;
  return parts[((at.row * width + at.column) * picture.channels + channel) * filters + filter]!;
}

interface ChannelProps {
  readonly name: string;
  readonly channel: number;
  readonly view: View;
  readonly sum: number;
}

function ChannelProducts({ name, channel, view, sum }: ChannelProps) {
  const { wish, filter } = view;
  const { size } = wish;
  const weights = wish.filters[filter]!.slices[channel]!;
  const rows = Array.from({ length: size }, (_, row) => weights.slice(row * size, (row + 1) * size));
  return (
    <figure class={`slice ${name}`}>
      <figcaption>
        {name}: value · weight, sum <strong>{short(sum)}</strong>
      </figcaption>
      <table class="terms" data-size={size}>
        <tbody>
          {rows.map((row, r) => (
            <tr key={r}>
              {row.map((weight, c) => (
                <Term key={c} view={view} name={name} channel={channel} row={r} column={c} weight={weight} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}

interface TermProps {
  readonly view: View;
  readonly name: string;
  readonly channel: number;
  /** Place in the footprint. */
  readonly row: number;
  readonly column: number;
  readonly weight: number;
}

function Term({ view, name, channel, row, column, weight }: TermProps) {
  const { picture } = view.facts;
  const footprint = footprintOf(view.window, view.at);
  const pixel = { row: footprint.row + row, column: footprint.column + column };
  const byte = byteAt(picture, pixel, channel);
  const isInside = byte !== undefined;
  // The pixel that a product comes from is marked in the picture.
  const point = isInside ? { onPointerEnter: () => view.pointInput(pixel) } : {};
  const value = byte ?? 0;
  return (
    <td {...point} onPointerLeave={() => view.pointInput(undefined)}>
      <Light value={value} channel={name} isOutside={!isInside} />
      <span>· {factor(weight)}</span>
      <b>{short(value * weight)}</b>
    </td>
  );
}
