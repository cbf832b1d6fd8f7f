"""A folder of citations → how pybtex reads those in BibTeX and rispy those in RIS, as JSON: title, address, authors."""

import json
import sys
from pathlib import Path

import rispy
from pybtex.database import parse_string
from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

known = get_default_latex_context_db()
# Those that its list leaves out, and one for which it has another letter.
signs = {"textbraceleft": "{", "textbraceright": "}", "textbar": "|", "textless": "<", "textgreater": ">", "textasciicircum": "^"}
known.add_context_category("signs", macros=[MacroTextSpec(*one) for one in signs.items()], prepend=True)
plain = LatexNodes2Text(latex_context=known, keep_comments=True, strict_latex_spaces=True).latex_to_text


def bibtex(text):
    ((_, entry),) = parse_string(text, "bibtex").entries.items()

    def name(person):
        family = " ".join(person.prelast_names + person.last_names)
        given = " ".join(person.first_names + person.middle_names)
        return plain(family), plain(given)

    return {"title": plain(entry.fields["title"]), "url": entry.fields["url"], "authors": [name(one) for one in entry.persons["author"]]}


def ris(text):
    (entry,) = rispy.loads(text)
    return {"title": entry["title"], "url": entry["urls"][0], "authors": [one.partition(", ")[::2] for one in entry["authors"]]}


read = {}
for file in Path(sys.argv[1]).glob("*/cite.bib"):
    read[file.parent.name] = {
        "pybtex": bibtex(file.read_text(encoding="utf-8")),
        "rispy": ris(file.with_suffix(".ris").read_text(encoding="utf-8")),
    }
print(json.dumps(read))
