#!/usr/bin/env bash
# Writes test/data/fixtures/exif.jpg: a small grey JPEG with EXIF entries by exiftool, one of them with a control character
# in it. Needs Debian's imagemagick and exiftool.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p test/data/fixtures
out=test/data/fixtures/exif.jpg
convert -size 6x4 gradient:black-white -quality 90 "$out"
exiftool -q -overwrite_original -Make=Maker -Model="Camera 5" -DateTimeOriginal="2024:05:06 07:08:09" \
  -Orientation#=6 -UserComment=$'a\x1b[31mb' "$out"
