// The visual language that reports and Studio share: one set of colours, light and dark, in which text and marks can be
// told from their page, and numbers from the cells that they stand on.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { DEEPEST_UNDER_INK } from "../../src/report/charts/theme.js";
import { type ColorToken, DARK, FONT_STACK, LIGHT, MONO_STACK, RADIUS } from "../../src/report/charts/tokens.js";

const css = readFileSync(new URL("../../../studio/app/frame/tokens.css", import.meta.url), "utf8");

/** The declarations of a rule of the Studio's style sheet, each name with its value on one line. */
function declarations(selector: string): Record<string, string> {
  const block = css.slice(css.indexOf(`${selector} {`));
  const body = block.slice(block.indexOf("{") + 1, block.indexOf("}"));
  return Object.fromEntries(
    [...body.matchAll(/--([a-z0-9-]+):\s*([^;]+);/g)].map(([, name, value]) => [name!, value!.replaceAll(/\s+/g, " ")]),
  );
}

const colorsOf = (found: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(found).filter(([, value]) => /^#[0-9a-f]{6}$/.test(value)));

test("the Studio's tokens are those of the reports", () => {
  const light = declarations(":root");
  assert.deepEqual(colorsOf(light), LIGHT);
  assert.deepEqual(colorsOf(declarations(':root[data-theme="dark"]')), DARK);
  assert.deepEqual([light.font, light.mono, light.radius], [FONT_STACK, MONO_STACK, `${RADIUS}px`]);
});

type Rgb = readonly number[];

const rgb = (color: string): Rgb => [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));

/** Relative luminance, as WCAG 2 has it. */
function luminance(color: Rgb): number {
  const [red, green, blue] = color.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(a: Rgb, b: Rgb): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high! + 0.05) / (low! + 0.05);
}

const MARKS: readonly ColorToken[] = ["right", "wrong", "series-1", "series-2", "series-3", "series-4"];

for (const [theme, colors] of [
  ["light", LIGHT],
  ["dark", DARK],
] as const) {
  const of = (token: ColorToken): Rgb => rgb(colors[token]);

  test(`text can be read and marks can be seen, ${theme}`, () => {
    assert.equal(Math.round(contrast([0, 0, 0], [255, 255, 255])), 21);
    for (const background of ["page", "soft"] as const) {
      for (const token of ["ink", "muted", "right", "wrong", "series-1"] as const)
        assert.ok(contrast(of(token), of(background)) >= 4.5, `${token} on ${background}`);
      for (const token of MARKS) assert.ok(contrast(of(token), of(background)) >= 3, `${token} on ${background}`);
    }
    for (const token of ["right", "series-1"] as const)
      assert.ok(contrast(of("on-accent"), of(token)) >= 4.5, `on-accent on ${token}`);
  });

  test(`numbers can be read on the deepest cells, ${theme}`, () => {
    for (const token of ["right", "wrong"] as const) {
      const cell = of(token).map((value, i) => DEEPEST_UNDER_INK * value + (1 - DEEPEST_UNDER_INK) * of("soft")[i]!);
      assert.ok(contrast(of("ink"), cell) >= 4.5, `${token}: ${contrast(of("ink"), cell).toFixed(2)}`);
    }
  });
}
