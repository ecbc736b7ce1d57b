#!/usr/bin/python3
"""The end points of runs as flat names and numbers: {"scaffold": {"peak": 3}} becomes "scaffold/peak" = 3.

Run with one summary.json it prints a table; scripts/sweep uses the functions.
"""

import json
import sys


def flatten(value, name=""):
    """Numbers, texts and truth values of nested objects and lists, in file order, as {name: value}."""
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    else:
        return {name: value}
    flat = {}
    for key, inner in items:
        flat.update(flatten(inner, f"{name}/{key}" if name else str(key)))
    return flat


def text(value):
    """A cell of a table: four significant digits are enough to read, the files keep all."""
    if isinstance(value, float):
        return f"{value:.4g}"
    return "" if value is None else str(value)


def print_table(rows, out=sys.stdout):
    """Columns as wide as their widest cell; numbers on the right, texts on the left."""
    if not rows:
        return
    cells = [[text(value) for value in row] for row in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    for row, values in zip(cells, rows):
        parts = [
            cell.rjust(width) if isinstance(value, (int, float)) else cell.ljust(width)
            for cell, width, value in zip(row, widths, values)
        ]
        print("  " + "  ".join(parts).rstrip(), file=out)


def main():
    if len(sys.argv) != 2:
        print("usage: summary_table.py SUMMARY.json", file=sys.stderr)
        return 2
    try:
        with open(sys.argv[1], encoding="utf-8") as file:
            summary = json.load(file)
    except (OSError, ValueError) as error:
        print(f"error: {sys.argv[1]}: {error}", file=sys.stderr)
        return 2
    print_table([[name, value] for name, value in flatten(summary).items()])
    return 0


if __name__ == "__main__":
    sys.exit(main())
