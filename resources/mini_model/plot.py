"""Draw the training curve from log.csv:  python plot.py log.csv curve.svg"""
import csv
import sys

WIDTH, HEIGHT, LEFT, BOTTOM = 720, 300, 56, 36


def main(source, target):
    rows = [[float(v) for v in r] for r in csv.reader(open(source))]
    rows = rows[::max(1, len(rows) // 400)]
    most, top = rows[-1][1], 2.0
    x = lambda tokens: LEFT + (WIDTH - LEFT - 12) * tokens / most
    y = lambda loss: 12 + (HEIGHT - BOTTOM - 12) * (1 - min(loss, top) / top)
    line = lambda k, colour, scale: f'<polyline fill="none" stroke="{colour}" stroke-width="1.5" points="' + " ".join(f"{x(r[1]):.1f},{y(r[k] * scale):.1f}" for r in rows) + '"/>'
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" font-family="sans-serif" font-size="11">',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>']
    for k in range(5):
        loss = top * k / 4
        out.append(f'<text x="{LEFT - 8}" y="{y(loss) + 4:.1f}" text-anchor="end">{loss:.1f}</text><line x1="{LEFT}" x2="{WIDTH - 12}" y1="{y(loss):.1f}" y2="{y(loss):.1f}" stroke="#ddd"/>')
    for m in range(0, int(most / 1e6) + 1, max(1, int(most / 8e6))):
        out.append(f'<text x="{x(m * 1e6):.1f}" y="{HEIGHT - 16}" text-anchor="middle">{m} M</text>')
    out += [line(4, "#2563a8", 1.0), line(5, "#b8860b", 1.0), f'<text x="{WIDTH - 20}" y="24" text-anchor="end" fill="#2563a8">loss, smoothed</text>',
            f'<text x="{WIDTH - 20}" y="40" text-anchor="end" fill="#b8860b">learning rate, share of its peak</text>', f'<text x="{WIDTH / 2}" y="{HEIGHT - 2}" text-anchor="middle">tokens</text>', "</svg>"]
    open(target, "w").write("\n".join(out) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
