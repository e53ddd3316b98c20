// The colours of the page as a canvas needs them: read from the tokens, and again when light changes to dark.
import { signal } from "@preact/signals";

const NAMES = ["ink", "muted", "line", "soft", "page", "right", "wrong"] as const;
type Name = (typeof NAMES)[number];

export type Palette = Readonly<Record<Name, string>> & { readonly series: readonly string[] };

function read(): Palette {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim() || "#808080";
  const colors = Object.fromEntries(NAMES.map((name) => [name, token(name)])) as Record<Name, string>;
  return { ...colors, series: [1, 2, 3, 4].map((number) => token(`series-${number}`)) };
}

const current = signal(read());

/** The colours as they are now; whoever reads them in a component is drawn again when they change. */
export const palette = (): Palette => current.value;

const readAgain = (): void => {
  current.value = read();
};
new MutationObserver(readAgain).observe(document.documentElement, { attributeFilter: ["data-theme"] });

/** A colour between two of six digits, `share` of the way to the second. */
export function mixed(from: string, to: string, share: number): string {
  const parts = [1, 3, 5].map((at) => {
    const [a, b] = [from, to].map((color) => Number.parseInt(color.slice(at, at + 2), 16)) as [number, number];
    return Math.round(a + (b - a) * share);
  });
  return `rgb(${parts.join(",")})`;
}
