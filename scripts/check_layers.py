#!/usr/bin/env python3
"""Checks that the layers of ARCHITECTURE.md hold, by reading the #include lines.

A folder of src/ includes itself, the folders above it in LAYERS, and include/sluice. src/cli includes the public API and
base alone. A private header (*_private.h) stays in its own folder. A unit test (*_test.c) keeps to the layers like the file it tests, and may use
tests/support besides.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LAYERS = (
    "base sys text signal store bus graph feature trace link detect engine desk gateway server sim cli"
).split()
CLI_MAY_INCLUDE = {"base", "cli"}
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]', re.MULTILINE)


def problems_of(path):
    folder = path.relative_to(ROOT / "src").parts[0]
    if folder not in LAYERS:
        yield f"src/{folder} is not a layer of scripts/check_layers.py: give it its place there and in ARCHITECTURE.md"
        return
    for mark, name in INCLUDE.findall(path.read_text(encoding="utf-8")):
        if mark == "<":
            if name.startswith("sluice/") and not (ROOT / "include" / name).exists():
                yield f"<{name}> is not in include/sluice"
            continue
        target = ROOT / "src" / name
        if path.name.endswith("_test.c") and (ROOT / "tests" / name).exists():
            continue
        if not target.exists():
            yield f'"{name}" is not found from src/, the root of all includes'
            continue
        layer = Path(name).parts[0]
        if name.endswith("_private.h") and layer != folder:
            yield f'"{name}" is private to src/{layer}'
        elif folder == "cli" and layer not in CLI_MAY_INCLUDE:
            yield f'"{name}": the CLI uses include/sluice and base, nothing else'
        elif LAYERS.index(layer) > LAYERS.index(folder):
            yield f'"{name}": {layer} is a higher layer than {folder}'


def main():
    files = sorted(p for p in (ROOT / "src").rglob("*.[ch]"))
    found = [f"{path.relative_to(ROOT)}: {problem}" for path in files for problem in problems_of(path)]
    for public in sorted((ROOT / "include/sluice").glob("*.h")):
        for mark, name in INCLUDE.findall(public.read_text(encoding="utf-8")):
            if mark == '"' or ("/" in name and not name.startswith("sluice/")):
                found.append(f"{public.relative_to(ROOT)}: {name}: public headers include <sluice/…> and C's own only")
    print("\n".join(found) if found else f"{len(files)} files keep the layers")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
