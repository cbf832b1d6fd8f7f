"""Packs a folder so that the same files give the same bytes: `pack.py PARENT FOLDER ARCHIVE MOMENT`, to `.zip` or `.tar.gz`.

Files are sorted, belong to nobody, and have the time MOMENT (seconds since 1970)."""

import gzip
import io
import os
import sys
import tarfile
import time
import zipfile
from pathlib import Path


def files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def mode(path):
    return 0o755 if os.access(path, os.X_OK) else 0o644


def pack_zip(parent, folder, archive, moment):
    when = time.gmtime(max(moment, 315532800))[:6]
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for path in files(parent / folder):
            about = zipfile.ZipInfo(path.relative_to(parent).as_posix(), when)
            about.external_attr = (0o100000 | mode(path)) << 16
            about.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(about, path.read_bytes(), compresslevel=9)


def pack_tar(parent, folder, archive, moment):
    with open(archive, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, moment) as compressed:
        with tarfile.open(fileobj=compressed, mode="w", format=tarfile.USTAR_FORMAT) as packed:
            for path in files(parent / folder):
                about = tarfile.TarInfo(path.relative_to(parent).as_posix())
                content = path.read_bytes()
                about.size, about.mode, about.mtime = len(content), mode(path), moment
                packed.addfile(about, io.BytesIO(content))


if __name__ == "__main__":
    parent, folder, archive, moment = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
    (pack_zip if archive.endswith(".zip") else pack_tar)(parent, folder, archive, moment)
