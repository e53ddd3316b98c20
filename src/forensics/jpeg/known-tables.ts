// Luminance tables of programs that do not write libjpeg's. Photoshop's settings are those that Pillow's presets are
// named for (`python tools/known-quantization.py`); mozjpeg's is its default base, by N. Robidoux (jcparam.c).

/** Hash of a table (`tableHash`) > program and setting. */
export const KNOWN_TABLES: Readonly<Record<string, string>> = {
  d6cab5a2: "Adobe Photoshop or Pillow's preset, saved for the web, low",
  f68747d3: "Adobe Photoshop or Pillow's preset, saved for the web, medium",
  "475fedcf": "Adobe Photoshop or Pillow's preset, saved for the web, high",
  "305e0fd8": "Adobe Photoshop or Pillow's preset, maximum",
  e77ea37c: "Adobe Photoshop or Pillow's preset, saved for the web, maximum",
  ff6430e4: "Adobe Photoshop or Pillow's preset, low",
  "6e58be4c": "Adobe Photoshop or Pillow's preset, medium",
  "15a36b6e": "Adobe Photoshop or Pillow's preset, high",
};

/** The steps of mozjpeg's default table at quality 50, in zigzag order. */
export const MOZJPEG_ZIGZAG: readonly number[] = [
  ...[16, 16, 16, 16, 17, 16, 18, 20, 20, 18, 25, 27, 24, 27, 25, 37, 34, 31, 31, 34, 37, 56, 40, 43, 40, 43, 40, 56],
  ...[
    85, 53, 62, 53, 53, 62, 53, 85, 75, 91, 74, 69, 74, 91, 75, 135, 106, 94, 94, 106, 135, 156, 131, 124, 131, 156,
    189,
  ],
  ...[169, 169, 189, 238, 226, 238, 311, 311, 418],
];
