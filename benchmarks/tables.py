"""Plain tables, and the statistics of rounds."""
import json
import statistics


def table(rows, left=1):
    """Columns side by side; the first `left` of them flush left."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = ("  ".join(cell.ljust(width) if i < left else cell.rjust(width)
                       for i, (cell, width) in enumerate(zip(row, widths))).rstrip() for row in rows)
    return "\n".join(lines)


def milliseconds(seconds):
    return f"{seconds * 1e3:#.4g}".rstrip(".")


def percent(part):
    return f"{100 * part:.0f} %"


def middle(values):
    return statistics.median(values)


class Log:
    """JSON objects, one a line, in a file; and again as values."""

    def __init__(self, path):
        self.file = open(path, "w")

    def add(self, **members):
        print(json.dumps(members), file=self.file, flush=True)
        return members
