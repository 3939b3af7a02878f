# SPDX-License-Identifier: MIT
"""Figures as they are kept and shown."""

import json


def table(head, rows):
    """Lines of a Markdown table; all columns but the first are figures."""
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]

    def line(row):
        cells = [row[0].ljust(widths[0])]
        cells += [text.rjust(width) for text, width in zip(row[1:], widths[1:])]
        return "| " + " | ".join(cells) + " |"
    rule = "|" + "|".join("-" * (width + 1) + (":" if i else "-")
                          for i, width in enumerate(widths)) + "|"
    return [line(head), rule, *map(line, rows)]


def keep(results, path):
    """Writes them as JSON."""
    with open(path, "w", encoding="utf-8") as stream:
        json.dump(results, stream, indent=1, sort_keys=True)
        stream.write("\n")
