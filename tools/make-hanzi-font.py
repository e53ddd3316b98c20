"""Makes assets/fonts/fovea-hanzi.woff2, the Chinese glyphs that reports embed, from Noto Sans SC (OFL 1.1).

    npm pack @fontsource/noto-sans-sc && tar xzf fontsource-noto-sans-sc-*.tgz
    pip install fonttools brotli
    python tools/make-hanzi-font.py package assets/fonts

The outlines are copied unchanged; what is dropped is hinting, layout and every character outside the set below:
GB 2312 (6,763 characters, among them the 3,755 that CASIA's writers wrote), kana, CJK punctuation, full-width forms.
The result is named "Fovea Hanzi", which keeps clear of the reserved name "Source".
"""

import glob
import os
import sys

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont


def wanted():
    for high in range(0xB0, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                yield ord(bytes([high, low]).decode("gb2312"))
            except UnicodeDecodeError:
                pass  # the five holes at the end of level 1
    for first, last in ((0x3000, 0x303F), (0x3041, 0x30FF), (0x3105, 0x312F), (0xFF01, 0xFF5E)):
        yield from range(first, last + 1)


def main(package, out):
    slices = sorted(glob.glob(os.path.join(package, "files", "noto-sans-sc-*-400-normal.woff2")))
    fonts = [TTFont(path) for path in slices]
    source = {}
    for font in fonts:
        glyphs = font.getGlyphSet()
        for code, name in font.getBestCmap().items():
            source.setdefault(code, (glyphs, name))

    codes = sorted(set(wanted()))
    missing = [code for code in codes if code not in source]
    codes = [code for code in codes if code in source]
    print(f"{len(codes)} characters; not in the source:", "".join(map(chr, missing)))

    names = {code: f"u{code:04X}" for code in codes}
    outlines, metrics = {".notdef": TTGlyphPen(None).glyph()}, {".notdef": (1000, 0)}
    for code in codes:
        glyphs, name = source[code]
        pen = TTGlyphPen(None)
        glyphs[name].draw(pen)  # draws components too, so every glyph becomes a simple one
        glyph = pen.glyph()
        outlines[names[code]] = glyph
        glyph.recalcBounds(None)
        metrics[names[code]] = (glyphs[name].width, getattr(glyph, "xMin", 0))

    head = fonts[0]
    builder = FontBuilder(head["head"].unitsPerEm, isTTF=True)
    builder.setupGlyphOrder([".notdef", *names.values()])
    builder.setupGlyf(outlines)
    builder.setupHorizontalMetrics(metrics)
    builder.setupHorizontalHeader(ascent=head["hhea"].ascent, descent=head["hhea"].descent)
    copyright_line = next(str(n) for n in head["name"].names if n.nameID == 0)
    builder.setupNameTable(
        {
            "copyright": copyright_line,
            "familyName": "Fovea Hanzi",
            "styleName": "Regular",
            "uniqueFontIdentifier": "FoveaHanzi-Regular",
            "fullName": "Fovea Hanzi",
            "psName": "FoveaHanzi-Regular",
            "version": "Version 1.000; a subset of Noto Sans SC 2.004",
            "licenseDescription": "This Font Software is licensed under the SIL Open Font License, Version 1.1.",
            "licenseInfoURL": "https://openfontlicense.org",
        },
        mac=False,
    )
    builder.setupCharacterMap(names)
    builder.setupOS2(
        sTypoAscender=head["OS/2"].sTypoAscender,
        sTypoDescender=head["OS/2"].sTypoDescender,
        usWinAscent=head["hhea"].ascent,
        usWinDescent=-head["hhea"].descent,
        usWeightClass=400,
        fsType=0,
    )
    builder.setupPost(keepGlyphNames=False)
    builder.font["head"].created = builder.font["head"].modified = 3786912000  # 2024-01-01: the same bytes each time
    builder.font.recalcTimestamp = False
    builder.font.flavor = "woff2"
    path = os.path.join(out, "fovea-hanzi.woff2")
    builder.save(path)
    with open(os.path.join(package, "LICENSE"), encoding="utf-8") as licence:
        text = licence.read().split("\n", 1)[1]
    with open(os.path.join(out, "OFL.txt"), "w", encoding="utf-8") as file:
        file.write(f"Fovea Hanzi is a subset of Noto Sans SC.\nCopyright {copyright_line}\n{text}")
    print(path, os.path.getsize(path), "bytes")


if __name__ == "__main__":
    main(*sys.argv[1:3])
