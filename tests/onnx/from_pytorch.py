#!/usr/bin/python3
"""Runs docs/from-pytorch.md: python3 from_pytorch.py CNNC

Fenced blocks with a file's name are written to it, indented lines are run, in their order, and the program must say that it
has PyTorch's result. The text that the page shows must be the one that is imported. The trained weights, which are loaded from
the network, are random ones here."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]


def steps(page):
    """(file, content), ("dsl", text) or (None, command)"""
    for match in re.finditer(r"^```(\w+)(?: (\S+))?\n(.*?)^```$|^    ([^\n]*)$", page, re.MULTILINE | re.DOTALL):
        kind, name, content, command = match.groups()
        if command:
            yield None, command
        elif name or kind == "dsl":
            yield name or "dsl", content


def main(cnnc):
    page = (ROOT / "docs/from-pytorch.md").read_text().replace('weights="DEFAULT"', "weights=None")
    python = pathlib.Path(sys.executable).parent
    path = f"{pathlib.Path(cnnc).resolve().parent}:{python}:{os.environ['PATH']}"
    environment = {**os.environ, "CNNC": str(ROOT), "PATH": path}
    printed = ""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in steps(page):
            if name == "dsl":
                imported = (pathlib.Path(folder) / "imported.dsl").read_text()
                assert imported == content, f"the page shows another text than\n{imported}"
            elif name:
                (pathlib.Path(folder) / name).write_text(content)
            else:
                print(content, flush=True)
                run = subprocess.run(content, shell=True, check=True, cwd=folder, env=environment, text=True,
                                     stdout=subprocess.PIPE)
                printed += run.stdout
    assert printed.count("as PyTorch has it: yes") == 2, printed


main(sys.argv[1])
