#!/bin/sh
# Makes the PNGs from lares.svg; run it after the drawing changed. Needs rsvg-convert (Debian: librsvg2-bin).
set -eu
cd "$(dirname "$0")"
for size in 16 24 32 48 64 128 256 512; do
    rsvg-convert --width "$size" --height "$size" --output "lares-$size.png" lares.svg
done
