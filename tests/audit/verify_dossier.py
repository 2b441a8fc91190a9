#!/usr/bin/env python3
"""Verifies the proofs in a dossier of Galateo from the description in docs/audit-format.md, section 8, alone.

    verify_dossier.py DOSSIER [--organisation ID] [--seal HASH]...

With --seal, the hash of a published seal, each entry has to be bound by one of those, unless it is not sealed yet. Exit
code 0 if everything holds, 1 if something does not (each problem is a line of the output), 2 if the file cannot be
verified at all. Python's standard library only; shares no code with Galateo.
"""

import argparse
import hashlib
import json
import re
import sys

HASH = re.compile(r"[0-9a-f]{64}")


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def root_of_path(leaf, index, count, path):
    """RFC 9162, section 2.1.3.2, which has the same tree as RFC 6962. None where the path does not fit the numbers."""
    if not 0 <= index < count:
        return None
    first, last = index, count - 1
    root = hashlib.sha256(b"\x00" + leaf).digest()
    for beside in path:
        if last == 0:
            return None
        if first & 1 or first == last:
            root = hashlib.sha256(b"\x01" + beside + root).digest()
            while first and not first & 1:
                first >>= 1
                last >>= 1
        else:
            root = hashlib.sha256(b"\x01" + root + beside).digest()
        first >>= 1
        last >>= 1
    return root if last == 0 else None


def is_hash(text):
    return isinstance(text, str) and HASH.fullmatch(text) is not None


def seals_by_day(dossier, organisation, problems):
    seals = {}
    for number, line in enumerate(dossier["audit"]["seals"], 1):
        seal = json.loads(line["seal"])
        if sha256(line["seal"].encode()) != line["hash"]:
            problems.append(f"seal {number}: not the one of its hash")
        if seal["organisation"] != organisation:
            problems.append(f"seal {number}: of another organisation")
        if seal["day"] in seals:
            problems.append(f"seal {number}: a second one of its day")
        seals[seal["day"]] = {**seal, "hash": line["hash"]}
    return seals


def verify(dossier, expected, published):
    """The problems, how many entries there are, and how many of them are proved."""
    problems, proved = [], 0
    organisation, case = dossier["organisation"]["id"], dossier["case"]["id"]
    if expected is not None and organisation != expected:
        problems.append(f"the dossier is one of {organisation}, expected {expected}")
    seals = seals_by_day(dossier, organisation, problems)
    entries = dossier["audit"]["entries"]
    if len({line["hash"] for line in entries}) != len(entries):
        problems.append("an entry stands there twice")
    for number, line in enumerate(entries, 1):
        found = len(problems)
        if sha256(line["entry"].encode()) != line["hash"]:
            problems.append(f"entry {number}: not the one of its hash")
        entry = json.loads(line["entry"])
        if entry.get("case") != case:
            problems.append(f"entry {number}: about another case")
        if line.get("unsealed") == "missing":
            problems.append(f"entry {number}: no seal binds it, though one should")
        if "sealed" not in line:
            continue
        sealed = line["sealed"]
        seal = seals.get(sealed["day"])
        if seal is None:
            problems.append(f"entry {number}: its seal is not there")
            continue
        if not all(map(is_hash, [line["hash"], *sealed["path"]])):
            problems.append(f"entry {number}: not a hash")
            continue
        path = [bytes.fromhex(beside) for beside in sealed["path"]]
        root = root_of_path(bytes.fromhex(line["hash"]), sealed["index"], seal["count"], path)
        if root is None or root.hex() != seal["root"]:
            problems.append(f"entry {number}: its seal does not bind it")
        if published and seal["hash"] not in published:
            problems.append(f"entry {number}: its seal is none of the published ones")
        if len(problems) == found:
            proved += 1
    there = {seal["hash"] for seal in seals.values()}
    problems.extend(f"the published seal {hash} is not there" for hash in published if hash not in there)
    return problems, len(entries), proved


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("dossier")
    parser.add_argument("--organisation")
    parser.add_argument("--seal", action="append", default=[])
    arguments = parser.parse_args()
    try:
        with open(arguments.dossier, encoding="utf-8") as file:
            dossier = json.load(file)
        if dossier["format"] != "galateo-dossier" or dossier["version"] != 1:
            raise ValueError("not a dossier of version 1")
        problems, entries, proved = verify(dossier, arguments.organisation, arguments.seal)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        print(f"cannot be verified: {error!r}", file=sys.stderr)
        return 2
    for problem in problems:
        print(problem)
    print(f"{proved} of {entries} entries are proved by {len(dossier['audit']['seals'])} seals")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
