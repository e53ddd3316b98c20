// One byte: eight bits to set, their number with and without a sign, and the rest of a number that does not fit.
import { address, keepState } from "../../frame/address.ts";
import { useEngine } from "../engine.ts";
import { Choice } from "../parts/choice.tsx";
import { bits, hex } from "./byte-text.ts";
import type { ByteType } from "./job.ts";
import { BYTE_TYPES, byteOf, numberIn, typeIn } from "./state.ts";

const EXAMPLES = { uint8: [0, 1, 255, 256], int8: [-128, 1, 127, 128] } as const;

export function ByteBench() {
  const { state } = address.value;
  const number = numberIn(state);
  const type = typeIn(state);
  const byte = byteOf(number);
  const text = bits(byte);
  const keep = (n: number): void => keepState({ n: String(n) });
  return (
    <section class="byte-bench">
      <h2>One byte</h2>
      <div class="controls">
        <label>
          Number
          <input
            type="number"
            step="1"
            min="-99999"
            max="99999"
            value={number}
            onInput={({ currentTarget }) => keep(Math.trunc(Number(currentTarget.value)))}
          />
        </label>
        <Choice
          label="Type"
          name="type"
          values={BYTE_TYPES}
          value={type}
          titles={{ uint8: "uint8, without a sign", int8: "int8, with a sign" }}
        />
      </div>
      <fieldset class="bits" aria-label="Bits">
        {[...text].map((bit, index) => {
          const worth = 2 ** (7 - index);
          return (
            <span class="bit" key={worth}>
              <button
                type="button"
                aria-pressed={bit === "1"}
                aria-label={`${bit}, the bit worth ${worth}`}
                onClick={() => keep(byteOf(byte ^ worth))}
              >
                {bit}
              </button>
              <small>{type === "int8" && index === 0 ? -128 : worth}</small>
            </span>
          );
        })}
      </fieldset>
      <p class="formula">
        {text.slice(0, 4)} {text.slice(4)} = {hex(byte)}, since {text.slice(0, 4)} is {hex(byte)[2]} and {text.slice(4)}{" "}
        is {hex(byte)[3]}
        <br />
        <Stored number={number} type={type} />
      </p>
      <Examples />
    </section>
  );
}

function Stored({ number, type }: { readonly number: number; readonly type: ByteType }) {
  const { output, input } = useEngine("storedBytes", { numbers: [number], type });
  if (output === undefined || input === undefined) return null;
  const [kept, asked] = [output[0], input.numbers[0]];
  return (
    <>
      <output>
        {asked} as {input.type} = <strong>{kept}</strong>
      </output>
      {kept === asked
        ? ", which fits"
        : ": of the bits only the last eight are kept, so it is off by a multiple of 256"}
    </>
  );
}

function Examples() {
  return (
    <div class="examples">
      {BYTE_TYPES.map((type) => (
        <ExampleRow key={type} type={type} />
      ))}
    </div>
  );
}

function ExampleRow({ type }: { readonly type: ByteType }) {
  const numbers = EXAMPLES[type];
  const { output } = useEngine("storedBytes", { numbers, type });
  return (
    <table>
      <caption>{type}</caption>
      <tbody>
        <tr>
          <th scope="row">number</th>
          {numbers.map((number) => (
            <td key={number} class="number">
              <button type="button" class="plain" onClick={() => keepState({ n: String(number), type })}>
                {number}
              </button>
            </td>
          ))}
        </tr>
        <tr>
          <th scope="row">stored</th>
          {numbers.map((number, i) => (
            <td key={number} class="number">
              {output?.[i]}
            </td>
          ))}
        </tr>
      </tbody>
    </table>
  );
}
