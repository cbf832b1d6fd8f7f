"""The workflows of the manual and of this repository: each is what its host expects, and what they run does what the manual says.

`workflows.py FOLDER`: writes the manual's workflows for GitHub into FOLDER/workflows, for `actionlint`. Needs PyYAML, check-jsonschema,
Git, bash.

Seen to fail with the line that fetches the new state of the repository left out."""

import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
MANUAL = ROOT / "docs/content/automation.md"


def checked(schema, *files):
    checker = Path(sys.executable).parent / "check-jsonschema"
    done = subprocess.run([checker, "--builtin-schema", schema, *files], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def blocks():
    """The manual's blocks in YAML: the words after the fence, and the text."""
    return re.findall(r"^```yaml([^\n]*)\n(.*?)^```$", MANUAL.read_text(encoding="utf-8"), flags=re.M | re.S)


def scripts(value):
    """All that a workflow runs."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "run" and isinstance(inner, str):
                yield inner
            elif key == "script":
                yield from inner
            else:
                yield from scripts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from scripts(inner)


# What stands in for the world while a workflow waits: a clock that only `sleep` moves, and notes of what is called. `pamphlet list --next`
# answers with the moment in the checked-out file `next`, as long as that is ahead.
STUBS = {
    "date": """
        case $1 in
          +%s) cat "$WORLD/clock" ;;
          *) exec /bin/date "$@" ;;
        esac
    """,
    "sleep": """
        echo "sleep $1" >>"$WORLD/log"
        [ "$1" -ge 0 ]
        echo $(( $(cat "$WORLD/clock") + $1 )) >"$WORLD/clock"
        [ ! -e "$WORLD/meanwhile" ] || { mv "$WORLD/meanwhile" "$WORLD/done"; sh "$WORLD/done"; }
    """,
    "pamphlet": """
        case $1 in
          list) while read -r next; do
                  if [ "$(/bin/date -d "$next" +%s)" -gt "$(cat "$WORLD/clock")" ]; then echo "$next"; exit; fi
                done <next ;;
          publish) echo "publish $(tr '\\n' ' ' <next)at $(/bin/date -u -d "@$(cat "$WORLD/clock")" +%H:%M:%S)" >>"$WORLD/log" ;;
        esac
    """,
}


def waited(script, folder, moments, start, meanwhile=None, breaks=False):
    """Runs a script that waits, in a clone of a repository whose file `next` has these moments. Returns the exit code and the notes."""
    folder.mkdir(parents=True)
    tools, world, origin, clone = (folder / name for name in ("tools", "world", "origin", "clone"))
    tools.mkdir(), world.mkdir()
    for name, text in STUBS.items():
        (tools / name).write_text("#!/bin/sh\nset -e\n" + textwrap.dedent(text))
        (tools / name).chmod(0o755)
    git = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    subprocess.run([*git, "init", "-q", origin], check=True)
    change = lambda text: f"cd {origin}; printf '{text}' >next; {' '.join(git)} add next; {' '.join(git)} commit -q -m change\n"
    subprocess.run(["sh", "-ec", change("".join(f"{one}\\n" for one in moments))], check=True)
    subprocess.run([*git, "clone", "-q", origin, clone], check=True)
    (world / "clock").write_text(str(int(subprocess.check_output(["date", "-d", start, "+%s"]))))
    if meanwhile is not None:
        (world / "meanwhile").write_text(change("".join(f"{one}\\n" for one in meanwhile)))
    if breaks:
        (world / "meanwhile").write_text(f"mv {origin} {origin}-away\n")
    environment = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}", "WORLD": str(world), "CI_DEFAULT_BRANCH": "main"}
    # As GitHub runs it.
    done = subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script], cwd=clone, env=environment, capture_output=True, text=True)
    log = (world / "log").read_text().splitlines() if (world / "log").exists() else []
    return done.returncode, log


def waits_as_promised(script, folder):
    day = "2026-05-13T"
    # It publishes at once what is due, waits to the second, publishes, and looks for the next one.
    code, log = waited(script, folder / "plain", [f"{day}23:01:00Z", f"{day}23:30:00Z"], f"{day}22:17:40Z")
    first, second = "2026-05-13T23:01:00Z ", "2026-05-13T23:30:00Z "
    assert (code, log) == (0, [
        f"publish {first}{second}at 22:17:40", "sleep 2600", f"publish {first}{second}at 23:01:00", "sleep 1740", f"publish {first}{second}at 23:30:00",
    ]), (code, log)
    # More than three hours ahead: the next run's task.
    code, log = waited(script, folder / "far", [f"{day}23:01:00Z"], f"{day}20:00:00Z")
    assert (code, len(log)) == (0, 1), (code, log)
    code, log = waited(script, folder / "none", [], f"{day}20:00:00Z")
    assert (code, len(log)) == (0, 1), (code, log)
    # Somebody moves the embargo while it waits: the new state is what is published, and the new minute counts.
    code, log = waited(script, folder / "moved", [f"{day}23:01:00Z"], f"{day}22:17:40Z", meanwhile=[f"{day}23:45:00Z"])
    assert (code, log[2:]) == (0, ["publish 2026-05-13T23:45:00Z at 23:01:00", "sleep 2640", "publish 2026-05-13T23:45:00Z at 23:45:00"]), (code, log)
    # The new state cannot be fetched: it stops and publishes nothing.
    code, log = waited(script, folder / "broken", [f"{day}23:01:00Z"], f"{day}22:17:40Z", breaks=True)
    assert code != 0 and len(log) == 2, (code, log)


def main():
    folder = Path(sys.argv[1])
    (folder / "workflows").mkdir()
    github, gitlab = {}, {}
    for info, text in blocks():
        value = yaml.safe_load(text)
        for script in scripts(value):
            done = subprocess.run(["bash", "-n", "-c", script], capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
        if info.strip() == "step":
            assert isinstance(value, list) and value[0]["run"]
            continue
        name = text.splitlines()[0].removeprefix("# ")
        if name.startswith(".github/workflows/"):
            (folder / "workflows" / Path(name).name).write_text(text, encoding="utf-8")
            github[name] = value
        else:
            assert name == ".gitlab-ci.yml", name
            (folder / name).write_text(text, encoding="utf-8")
            gitlab = value
    assert len(github) == 3 and gitlab, github.keys()
    checked("vendor.github-workflows", *(ROOT / ".github/workflows").glob("*.yml"), *(folder / "workflows").glob("*.yml"))
    checked("vendor.github-actions", ROOT / "action.yml")
    checked("vendor.gitlab-ci", folder / ".gitlab-ci.yml")
    for name, steps in [("github", github[".github/workflows/embargoes.yml"]["jobs"]["publish"]), ("gitlab", gitlab["embargoes"])]:
        waits_as_promised("\n".join(script for script in scripts(steps)), folder / name)
    # The inputs in the manual are those of the action.
    inputs = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["inputs"]
    told = re.findall(r"^\| `(\w+)` \|", MANUAL.read_text(encoding="utf-8"), flags=re.M)
    assert sorted(told) == sorted(inputs), (told, list(inputs))


main()
