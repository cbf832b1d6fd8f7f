"""What `packages/notices/make` wrote names every part, and nothing of the machine: `notices.py FOLDER ROOT`.

Seen to fail without the texts of MPL crates, and without the libraries in C."""

import json
import os
import sys
from pathlib import Path

folder, root = Path(sys.argv[1]), sys.argv[2]
text = (folder / "THIRD-PARTY.txt").read_text(encoding="utf-8")
bill = json.loads((folder / "sbom.cdx.json").read_text(encoding="utf-8"))
parts = bill["components"]
linked = [part for part in parts if part["scope"] == "required"]
assert len(linked) > 100, len(linked)
lines = text.splitlines()
for part in linked:
    begins = " ".join(filter(None, [part["name"], part.get("version")])) + ": "
    assert any(line.startswith(begins) for line in lines), begins
    assert part.get("licenses"), part["name"]
names = {part["name"] for part in parts}
for name in ["oniguruma", "libwebp", "mimalloc", "idiomorph", "pulldown-cmark"]:
    assert name in names, name
for words in ["Mozilla Public License", "SIL OPEN FONT LICENSE", "Apache License", "Redistribution and use in source and binary forms"]:
    assert words in text, words
references = [part["bom-ref"] for part in parts]
assert len(references) == len(set(references)), "two parts with one reference"
known = {*references, bill["metadata"]["component"]["bom-ref"]}
for one in bill["dependencies"]:
    assert {one["ref"], *one["dependsOn"]} <= known, one
for place in [root, ".cargo/registry", os.path.expanduser("~/")]:
    assert place not in text and place not in json.dumps(bill), place
