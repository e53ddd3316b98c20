// Prints the floats of one array as NumPy does: as few digits as tell a float32 from its neighbours, at most eight
// after the point, in scientific notation where sizes differ widely, all in one column. The rules are FloatingFormat's
// in NumPy 2's arrayprint.py.

/** Digits after the point at most. */
const PRECISION = 8;
/** Sizes from which, and below which, scientific notation is used, and the ratio between the largest and smallest. */
const LARGE = 1e6;
const SMALL = Math.fround(1e-4);
const WIDE = 1000;

/** Digits of a number and the exponent of ten of the first one. */
interface Decimal {
  readonly digits: string;
  readonly exponent: number;
}

/** x > 0 exactly: its digits as far as they go, at most 101. */
function exactly(x: number): Decimal {
  const [mantissa, exponent] = x.toExponential(100).split("e") as [string, string];
  return { digits: mantissa.replace(".", ""), exponent: Number(exponent) };
}

/** x > 0 rounded to `count` digits. */
function roundedTo(count: number, x: number): Decimal {
  const { digits, exponent } = exactly(x);
  const cut = rounded(digits, count);
  return { digits: cut.digits.slice(0, count), exponent: exponent + Number(cut.carried) };
}

/** The shortest digits that give the same float32; none for 0. */
function shortest(x: number): Decimal {
  if (x === 0) return { digits: "", exponent: 0 };
  for (let count = 1; count < 9; count++) {
    const { digits, exponent } = roundedTo(count, x);
    if (Math.fround(Number(`${digits[0]}.${digits.slice(1)}e${exponent}`)) === x)
      return { digits: digits.replace(/0+$/, ""), exponent };
  }
  const all = roundedTo(9, x);
  return { ...all, digits: all.digits.replace(/0+$/, "") };
}

/** Decimal digits cut to `count`, rounded by what is cut off, a tie to the even digit; one more digit after a carry. */
function rounded(digits: string, count: number): { readonly digits: string; readonly carried: boolean } {
  const kept = digits.slice(0, count);
  const rest = digits.slice(count);
  const isTie = /^50*$/.test(rest);
  const up = isTie ? Number(kept.at(-1) ?? 0) % 2 === 1 : rest >= "5";
  if (!up) return { digits: kept, carried: false };
  const next = (BigInt(kept === "" ? 0 : kept) + 1n).toString().padStart(count, "0");
  return { digits: next, carried: next.length > count };
}

/** x >= 0 as `12.5`, `3.`: the point is always there. */
function positional(x: number): string {
  const { digits, exponent } = shortest(x);
  const fraction = Math.max(0, digits.length - 1 - exponent);
  if (fraction <= PRECISION) {
    const [whole, rest = ""] = x === 0 ? ["0"] : fixed(digits, exponent);
    return `${whole}.${rest}`;
  }
  // Rounded from the exact value, which has fewer than 100 decimals where this notation is used.
  const [whole, decimals] = x.toFixed(100).split(".") as [string, string];
  const cut = rounded(whole + decimals, whole.length + PRECISION).digits;
  const point = cut.length - PRECISION;
  return `${cut.slice(0, point)}.${cut.slice(point).replace(/0+$/, "")}`;
}

/** Digits with the point where the exponent says: whole part and decimals. */
function fixed(digits: string, exponent: number): [whole: string, decimals: string] {
  if (exponent < 0) return ["0", "0".repeat(-exponent - 1) + digits];
  const padded = digits.padEnd(exponent + 1, "0");
  return [padded.slice(0, exponent + 1), padded.slice(exponent + 1)];
}

/** x >= 0 as mantissa `1.25` or `1.` and exponent `+06`; with `decimals`, the exact value rounded to so many. */
function scientific(x: number, decimals?: number): { readonly mantissa: string; readonly exponent: string } {
  if (x === 0) return { mantissa: `0.${"0".repeat(decimals ?? 0)}`, exponent: "+00" };
  const { digits, exponent } = decimals === undefined ? shortest(x) : roundedTo(decimals + 1, x);
  const size = String(Math.abs(exponent)).padStart(2, "0");
  return { mantissa: `${digits[0]}.${digits.slice(1)}`, exponent: `${exponent < 0 ? "-" : "+"}${size}` };
}

const signOf = (x: number): string => (x < 0 || Object.is(x, -0) ? "-" : "");

/** Extends a format of finite numbers to nan and inf, all equally wide. */
function withSpecial(
  values: readonly number[],
  left: number,
  right: number,
  finite: (x: number) => string,
): (x: number) => string {
  const special = values.filter((x) => !Number.isFinite(x));
  const offset = right + 1;
  const wide =
    special.length === 0 ? left : Math.max(left, 3 - offset, 3 + Number(special.includes(-Infinity)) - offset);
  const named = (x: number): string => (Number.isNaN(x) ? "nan" : `${signOf(x)}inf`);
  return (x) => (Number.isFinite(x) ? finite(x).padStart(wide + offset) : named(x).padStart(wide + offset));
}

/** Function that prints any of these float32 numbers, all equally wide. */
export function floatFormat(values: readonly number[]): (x: number) => string {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return withSpecial(values, 0, 0, String);
  const sizes = finite.filter((x) => x !== 0).map(Math.abs);
  const largest = sizes.reduce((a, b) => Math.max(a, b), 0);
  const least = sizes.reduce((a, b) => Math.min(a, b), Infinity);
  const isWide = sizes.length > 0 && (largest >= LARGE || least < SMALL || Math.fround(largest / least) > WIDE);
  const parts = finite.map((x) => {
    const { mantissa, exponent } = isWide
      ? scientific(Math.abs(x))
      : { mantissa: positional(Math.abs(x)), exponent: "" };
    const [whole, decimals] = mantissa.split(".") as [string, string];
    return { whole: signOf(x) + whole, decimals, exponent };
  });
  const longest = (key: "whole" | "decimals" | "exponent"): number =>
    parts.reduce((most, part) => Math.max(most, part[key].length), 0);
  const [left, decimals, exponent] = [longest("whole"), longest("decimals"), longest("exponent")];
  if (!isWide)
    return withSpecial(values, left, decimals, (x) => {
      const text = signOf(x) + positional(Math.abs(x));
      return text.padEnd(text.indexOf(".") + 1 + decimals);
    });
  const right = exponent + 1 + decimals;
  return withSpecial(values, left, right, (x) => {
    const { mantissa, exponent: power } = scientific(Math.abs(x), decimals);
    return `${signOf(x)}${mantissa}e${power[0]}${power.slice(1).padStart(exponent - 1, "0")}`;
  });
}
