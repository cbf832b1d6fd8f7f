"""The action for GitHub, played through: `action.py OUT FOLDER`.

In: the folder with an archive of a release and `SHA256SUMS`; an empty folder. Its steps run as GitHub runs them, with a server on this
machine for the releases: the program is fetched, compared, put on the path, and checks a site. A wrong archive is refused.

Seen to fail with the comparison of the archive left out."""

import functools
import http.server
import os
import re
import subprocess
import sys
import threading
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
VERSION = tomllib.loads((ROOT / "Cargo.toml").read_text(encoding="utf-8"))["package"]["version"]


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def run(folder, releases, inputs, home):
    """Runs the steps; returns what they said, the outputs of each, and the exit code of the last."""
    outputs, said = {}, ""
    folder.mkdir()
    path_file = folder / "path"
    path_file.touch()
    known = {"github.action_ref": f"v{VERSION}", "runner.os": "Linux", "runner.arch": "X64"}

    def filled(text):
        def value(found):
            name = found[1].strip()
            if name.startswith("inputs."):
                return inputs[name.removeprefix("inputs.")]
            if name.startswith("steps."):
                _, step, _, output = name.split(".")
                return outputs[step][output]
            return {"github.server_url": releases, "github.action_repository": "owner/pamphlet", **known}[name]

        return re.sub(r"\$\{\{(.*?)\}\}", value, text)

    for step in ACTION["runs"]["steps"]:
        if "run" not in step:
            continue
        condition = re.fullmatch(r"inputs\.(\w+) (==|!=) '(.*)'", step.get("if", "inputs.root != ''"))
        if (inputs[condition[1]] == condition[3]) != (condition[2] == "=="):
            continue
        output = folder / f"output-{step.get('id')}"
        output.touch()
        paths = path_file.read_text().splitlines()
        environment = {
            **os.environ, "HOME": str(home), "TMPDIR": str(folder), "PATH": ":".join([*paths, os.environ["PATH"]]), "GITHUB_ACTION_PATH": str(ROOT), "GITHUB_OUTPUT": str(output),
            "GITHUB_PATH": str(path_file), "RUNNER_OS": "Linux", "RUNNER_ARCH": "X64", **{name: filled(value) for name, value in step.get("env", {}).items()},
        }
        done = subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]], cwd=folder, env=environment, capture_output=True, text=True)
        said += done.stdout + done.stderr
        if done.returncode:
            return done.returncode, said, outputs
        outputs[step.get("id")] = dict(line.split("=", 1) for line in output.read_text().splitlines())
    return 0, said, outputs


def main():
    out, work = Path(sys.argv[1]), Path(sys.argv[2])
    served = work / "owner/pamphlet/releases/download" / f"v{VERSION}"
    served.mkdir(parents=True)
    archive = f"pamphlet-{VERSION}-x86_64-unknown-linux-musl.tar.gz"
    (served / archive).write_bytes((out / archive).read_bytes())
    sums = subprocess.check_output(["sha256sum", archive], cwd=served, text=True)
    (served / "SHA256SUMS").write_text("0" * 64 + "  another.zip\n" + sums)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=work))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    releases = f"http://127.0.0.1:{server.server_port}"
    site, home = work / "site", work / "home"
    home.mkdir()
    inputs = {"root": str(site), "check": "false", "strict": "false", "publish": ""}

    code, said, outputs = run(work / "first", releases, inputs, home)
    assert (code, outputs["install"]["version"]) == (0, VERSION), said
    program = home / ".pamphlet-program/bin/pamphlet"
    subprocess.run([program, "init", site, "--name", "Our house"], check=True, capture_output=True)
    # A fault is an annotation of its line, and fails the check. The second time the program is there already.
    (site / "content/wrong.md").write_text('+++\ntitle = "A"\nnoindex = "maybe"\n+++\n')
    (served / archive).unlink()
    code, said, _ = run(work / "second", releases, {**inputs, "check": "true"}, home)
    assert code == 1 and re.search(r"^::error file=.*content/wrong\.md,line=3", said, re.M), said
    (site / "content/wrong.md").unlink()
    code, said, _ = run(work / "third", releases, {**inputs, "check": "true"}, home)
    assert code == 0, said
    code, said, _ = run(work / "strict", releases, {**inputs, "check": "true", "strict": "true"}, home)
    assert code == 1 and "::warning" in said, said
    # It publishes only where it is told to.
    program.write_text('#!/bin/sh\necho "called: $*"\n')
    code, said, _ = run(work / "published", releases, {**inputs, "publish": "live; exit 1"}, home)
    assert code == 0 and f"called: --root {site} publish live; exit 1 --yes" in said, said
    code, said, _ = run(work / "unpublished", releases, inputs, home)
    assert "publish" not in said, said
    # Another archive than the one in SHA256SUMS is not installed.
    (served / archive).write_bytes((out / archive).read_bytes() + b"\0")
    other = work / "other"
    other.mkdir()
    code, said, _ = run(work / "fourth", releases, inputs, other)
    assert code != 0 and "FAILED" in said and not (other / ".pamphlet-program/bin/pamphlet").exists(), said


main()
