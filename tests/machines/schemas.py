"""Schemas of `pamphlet schema`, read by the validator of the Python project: what the program accepts they accept, and what it
refuses for its shape they refuse. Takes the program's path; prints each difference, then how many files were read."""

import datetime
import json
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import yaml
from jsonschema import Draft7Validator, Draft202012Validator

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = sys.argv[1]
NOW = "2026-11-20 09:00"

# Faults of the shape of a value or a table: a schema sees them.
SEEN = {
    "unknown-field", "wrong-type", "missing-field", "not-allowed-value", "bad-date", "bad-url", "bad-email", "bad-lang",
    "bad-tel", "too-long", "unknown-setting", "missing-setting",
}  # fmt: skip
# Those that it sees in part: a token's colour is any text to it.
IN_PART = {"wrong-setting", "time-in-clock-change", "empty-file"}


# Fixtures whose faults hang on another entry or on an address, which no schema sees.
BEYOND = {"missing-field.address", "not-allowed-value.itself"}


class Yaml12(yaml.SafeLoader):
    """YAML 1.2, as editors and Pamphlet read it: no dates, and `yes` is a word."""


Yaml12.yaml_implicit_resolvers = {
    sign: [(tag, pattern) for tag, pattern in known if not tag.endswith((":timestamp", ":bool"))]
    for sign, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Yaml12.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))


def plain(value):
    """A value as editors give it to a validator: dates are text."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return value


def toml(text):
    return plain(tomllib.loads(text.removeprefix("\ufeff")))


def front_matter(text):
    text = text.lstrip("\ufeff")
    fence = text[:3]
    if fence not in ("+++", "---"):
        return {}
    inner = re.split(rf"^{re.escape(fence)}\s*$", text, flags=re.M)[1]
    return toml(inner) if fence == "+++" else yaml.load(inner, Yaml12) or {}


def front_matter_ends(text):
    lines = text.split("\n")
    return next((n for n, line in enumerate(lines[1:], 2) if line.rstrip() == lines[0].strip("\ufeff \r")), len(lines))


def written(site):
    """The schemas that the program writes for a site, each sound in itself."""
    with tempfile.TemporaryDirectory() as folder:
        ran = subprocess.run([PROGRAM, "--root", site, "schema", "-o", folder], capture_output=True, text=True)
        if ran.returncode:
            return None
        schemas = {file.name.removesuffix(".schema.json"): json.loads(file.read_text()) for file in Path(folder).iterdir()}
    for schema in schemas.values():
        if json.dumps(schema) not in SOUND:
            Draft202012Validator.check_schema(schema)
            SOUND.add(json.dumps(schema))
    return schemas


SOUND = set()


def said(site):
    """File → the code and the line of each fault that `check` says of it."""
    ran = subprocess.run([PROGRAM, "--root", site, "check", "--now", NOW, "--format", "json"], capture_output=True, text=True)
    faults = {}
    for line in ran.stdout.splitlines():
        if line.startswith("{"):
            fault = json.loads(line)
            faults.setdefault(fault["file"], []).append((fault["code"], fault["line"] or 0))
    return faults


def instances(site, schemas):
    """File, the schema that is for it, what it holds; of what cannot be parsed, nothing."""
    languages = set(re.findall(r"^\[+languages\.(\w+)", (site / "site.toml").read_text(), flags=re.M))
    found = [(site / "site.toml", "site")] + [(file, "theme") for file in site.glob("themes/*/theme.toml")]
    for file in sorted((site / "content").rglob("*")):
        below = file.relative_to(site / "content").parts
        if file.name.startswith("."):
            continue
        in_collection = len(below) > 1 and below[0] in schemas
        collection = below[0] if in_collection else "pages"
        above = [folder for folder in file.parents if folder.is_relative_to(site / "content" / below[0])]
        bundle = in_collection and any((folder / "index.md").is_file() for folder in above[:-1])
        is_translation = len(file.suffixes) > 1 and file.suffixes[-2][1:] in languages
        ending = ".translation" if is_translation and f"{collection}.translation" in schemas else ""
        if file.suffix == ".md":
            # A part of a bundle has of the bundle what it does not state.
            is_part = bundle and not file.name.startswith("index.")
            found.append((file, None if is_part else collection + ending))
        elif in_collection and not bundle and file.suffix in (".toml", ".json", ".yaml", ".yml"):
            found.append((file, f"{collection}{ending}.rows"))
    for file, name in found:
        if name is None:
            continue
        try:
            text = file.read_text()
            read = {".md": front_matter, ".toml": toml, ".json": json.loads}.get(file.suffix, lambda text: yaml.load(text, Yaml12))
            yield file, name, read(text)
        except (ValueError, IndexError, OSError, yaml.YAMLError):
            pass


def refusals(schema, value, dialect=Draft202012Validator):
    checks = dialect(schema, format_checker=dialect.FORMAT_CHECKER)
    return [f"{'.'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in checks.iter_errors(value)]


def compare(site, shown):
    """Each file on which a schema and the program differ, and how many agree: accepted, refused."""
    schemas = written(site)
    if schemas is None:
        return [], 0, 0
    faults = said(site)
    wrong, accepted, refused = [], 0, 0
    for file, name, value in instances(site, schemas):
        below = file.relative_to(site).as_posix()
        # What stands in the text of a page is no field.
        last = front_matter_ends(file.read_text()) if file.suffix == ".md" else 1_000_000
        codes = {code for code, line in faults.get(below, []) if line <= last}
        errors = refusals(schemas[name], value)
        if errors and not codes & (SEEN | IN_PART):
            wrong.append(f"{shown}/{below} ({name}): refused, though the program says {sorted(codes)}: {errors[:3]}")
        elif not errors and codes & SEEN:
            wrong.append(f"{shown}/{below} ({name}): accepted, though the program says {sorted(codes)}")
        accepted += not errors
        refused += bool(errors)
    return wrong, accepted, refused


def fixture(file, home):
    """The small site of tests/faults/NAME.txt; nothing if it is more than texts."""
    if file.stem in BEYOND:
        return None
    site = home / "site"
    shutil.copytree(ROOT / "tests/faults/base", site)
    parts = re.split(r"^-- (.*) --\n", file.read_text(), flags=re.M)[1:]
    for heading, text in zip(parts[::2], parts[1::2]):
        # What an author does about the fault comes later.
        if heading in ("said", "command", "never shows") or heading.startswith("then "):
            continue
        if " " in heading:
            return None
        place = site / heading
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return site


# Of the project's own site: schema, what is written, whether it is accepted.
REPORT = 'title = "A"\nkind = "report"\nsummary = "S"\ndate = 2026-05-14\nthemes = ["great-places"]\nauthors = ["a"]\n'
SITE = 'title = "A"\nbase_url = "https://www.example.org/"\n[organisation]\nname = "A"\n'
WRITTEN = [
    ("publications", REPORT, True),
    ("publications", REPORT + 'sumary = "x"\n', False),
    ("publications", REPORT.replace('"report"', '"reprot"'), False),
    ("publications", REPORT.replace("2026-05-14", '"14 May 2026"'), False),
    ("publications", REPORT.replace('kind = "report"\n', ""), False),
    ("publications", REPORT + 'weight = "heavy"\n', False),
    ("publications", REPORT + 'weight = "3"\nsample = "true"\n', True),
    ("publications", REPORT + 'publish_at = 2026-05-14\n', False),
    ("publications", REPORT + 'publish_at = "2026-05-14 00:01"\n', True),
    ("publications", REPORT + "publish_at = 2026-05-14T00:01:00+01:00\n", True),
    ("publications", REPORT + 'topics = "one"\n', True),
    ("publications", REPORT + "topics = [1]\n", False),
    ("publications", REPORT + 'image = "a.jpg"\n', True),
    ("publications", REPORT + 'image = { fiel = "a.jpg" }\n', False),
    ("publications", REPORT + "status = \"withdrawn\"\n", False),
    ("publications", REPORT + 'status = "withdrawn"\nwithdrawn = { date = 2026-06-01, reason = "r" }\n', True),
    ("publications", REPORT + 'status = "withdrawn"\nwithdrawn = { date = 2026-06-01 }\n', False),
    ("publications.translation", 'title = "A"\n', True),
    ("publications.translation", 'titel = "A"\n', False),
    ("people", 'title = "A"\nwebsite = "www.example.org"\n', False),
    ("people", 'title = "A"\nemail = "nobody"\n', False),
    ("topics.rows", '[[topics]]\ntitle = "A"\n', True),
    ("topics.rows", '[[topic]]\ntitle = "A"\n', False),
    ("topics.rows", '[[topics]]\ntitel = "A"\n', False),
    ("site", SITE, True),
    ("site", SITE + "[budgets]\npage_kb = 60\n", True),
    ("site", SITE + "[budgets]\npage_kb = \"60\"\n", False),
    ("site", SITE + "[budgets]\npage_kbs = 60\n", False),
    ("site", SITE.replace("base_url", "base-url"), False),
    ("site", SITE + '[severities]\nlong-title = "off"\n', True),
    ("site", SITE + '[severities]\nlong-titel = "off"\n', False),
    ("site", SITE + '[tokens]\nbrick = "teal"\n', True),
    ("site", SITE + '[tokens]\nbrik = "teal"\n', False),
    ("site", SITE + "[settings]\nhome_publications = 3\n", True),
    ("site", SITE + "[settings]\nhome_publikations = 3\n", False),
    ("site", SITE + '[collections.publications.fields]\nward = { type = "text", requird = true }\n', False),
    ("site", SITE + '[collections.publications.fields.ward]\ntype = "list"\n[collections.publications.fields.ward.fields]\na = "text"\n', True),
    ("site", SITE + '[[menus.main]]\ntitle = "A"\n', False),
    ("theme", 'extends = "civic"\n[lists.publications]\nper_page = 5\n[lists.publications.where]\nsample = false\n', True),
    ("theme", 'extends = "civic"\n[lists.publications]\nformats = ["pdf"]\n', False),
    ("theme", 'extends = "civic"\n[budgets]\npage_kb = 60\n', False),
]  # fmt: skip


def main():
    wrong = []
    own = written(ROOT)
    for name, text, is_accepted in WRITTEN:
        # Language servers read draft 7, in which a schema must say the same.
        for dialect in (Draft202012Validator, Draft7Validator):
            errors = refusals(own[name], toml(text), dialect)
            if (not errors) != is_accepted:
                wrong.append(f"{name}: {text!r} should {'' if is_accepted else 'not '}be accepted: {errors}")
    theme = ROOT / "src/cli/live/site/theme.toml"
    wrong += refusals(own["theme"], toml(theme.read_text()))
    accepted = refused = 0
    with tempfile.TemporaryDirectory() as home:
        begun = Path(home) / "begun"
        subprocess.run([PROGRAM, "init", begun, "-q"], check=True, capture_output=True)
        for kind in ("report", "blog", "press", "event", "person", "theme", "place", "project", "page"):
            # What is begun is to be filled in; only missing fields are said to be wrong.
            subprocess.run([PROGRAM, "--root", begun, "new", kind, f"A {kind}"], check=True, capture_output=True)
        sites = [ROOT, ROOT / "docs", ROOT / "tests/hosts/site", *sorted((ROOT / "tests/sites").glob("*/in")), begun]
        for site in sites:
            shown = site.relative_to(ROOT).as_posix() if site.is_relative_to(ROOT) else "begun"
            found, fine, bad = compare(site, shown)
            wrong += found
            accepted += fine
            refused += bad
    for file in sorted((ROOT / "tests/faults").glob("*.txt")):
        with tempfile.TemporaryDirectory() as home:
            site = fixture(file, Path(home))
            if site is not None:
                found, fine, bad = compare(site, f"tests/faults/{file.name}: ")
                wrong += found
                refused += bad
    print(json.dumps({"wrong": wrong, "accepted": accepted, "refused": refused}))


main()
