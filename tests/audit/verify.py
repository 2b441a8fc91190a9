#!/usr/bin/env python3
"""Verifies an audit export of Galateo from the description in docs/audit-format.md alone.

    verify.py EXPORT [--organisation ID] [--seal HASH]...

Exit code 0 if everything holds, 1 if something does not (each problem is a line of the output), 2 if the file cannot be
verified at all. Python's standard library only; shares no code with Galateo.
"""

import argparse
import datetime
import hashlib
import json
import re
import sys

ENTRY = re.compile(
    rb'\{"entry":(.*),"hash":"([0-9a-f]{64})","link":"([0-9a-f]{16})","n":([1-9][0-9]*)\}\n', re.DOTALL
)
SEAL = re.compile(rb'\{"seal":(.*),"hash":"([0-9a-f]{64})"\}\n', re.DOTALL)
UNSEALED = re.compile(rb'\{"unsealed":\{"count":(0|[1-9][0-9]*),"day":"([0-9-]{10})"\}\}\n')
HEADER = re.compile(rb'\{"header":(.*)\}\n', re.DOTALL)
TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z", re.ASCII)
VERSION, SEAL_VERSION = 2, 1
SEAL_KEYS = {"count", "day", "late", "organisation", "root", "sealed_at", "version"}
HEADER_KEYS = {"at", "format", "from", "organisation", "policy", "to", "version"}
DAY = datetime.timedelta(days=1)
LATE_DAYS = 7


class Unusable(Exception):
    """The file cannot be verified at all."""


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def read_json(data):
    """JSON in which every key of an object stands once."""

    def once(pairs):
        if len(dict(pairs)) != len(pairs):
            raise ValueError("a key stands twice")
        return dict(pairs)

    return json.loads(data.decode("utf-8"), object_pairs_hook=once)


def canonical(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def read_day(text):
    # The last year of the calendar has no day after its last.
    if not isinstance(text, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII) or text >= "9999":
        raise ValueError("not a day")
    return datetime.date.fromisoformat(text)


def read_time(text):
    """A time as something that sorts."""
    match = TIME.fullmatch(text)
    if not match:
        raise ValueError("not a time")
    datetime.datetime.fromisoformat(match[1])
    return match[1], (match[2] or "").ljust(9, "0")


class Root:
    """The Merkle tree hash of RFC 6962, leaf by leaf: the roots of its complete subtrees, the largest first."""

    def __init__(self):
        self.subtrees = []
        self.leaves = 0

    def push(self, leaf):
        size, root = 1, hashlib.sha256(b"\x00" + leaf).digest()
        while self.subtrees and self.subtrees[-1][0] == size:
            root = hashlib.sha256(b"\x01" + self.subtrees.pop()[1] + root).digest()
            size *= 2
        self.subtrees.append((size, root))
        self.leaves += 1

    def hex(self):
        if not self.subtrees:
            return sha256(b"")
        root = self.subtrees[-1][1]
        for _, left in reversed(self.subtrees[:-1]):
            root = hashlib.sha256(b"\x01" + left + root).digest()
        return root.hex()


class Verifier:
    def __init__(self, organisation, published):
        self.expected_organisation = organisation
        self.published = set(published)
        self.problems = []
        self.number = 0
        self.digest = hashlib.sha256()
        self.header = None
        self.entries = self.seals = self.sealed = self.unsealed = 0
        self.last_number, self.last_link = 0, b""
        self.chain = "unknown"  # "unknown", "open" or the hash of the seal of the day before
        self.overdue = []
        self.found = set()
        self.ended = False
        self.begin_day()

    def begin_day(self):
        self.root = Root()
        self.days = []
        self.gone = 0
        self.last = None

    def problem(self, text, line=None):
        self.problems.append(f"line {line or self.number}: {text}")

    def line(self, line):
        self.number += 1
        if self.ended:
            self.problem("something follows the footer")
            return
        if self.number == 1:
            self.read_header(line)
        elif line.startswith(b'{"footer":'):
            self.read_footer(line)
            return
        elif match := ENTRY.fullmatch(line):
            self.read_entry(*match.groups())
        elif match := SEAL.fullmatch(line):
            self.read_seal(*match.groups())
        elif match := UNSEALED.fullmatch(line):
            self.read_unsealed(*match.groups())
        else:
            self.problem("of none of the forms")
        self.digest.update(line)

    def read_header(self, line):
        try:
            text = HEADER.fullmatch(line)[1]
            header = read_json(text)
            version = header["version"]
            if version.__class__ is int and version > VERSION:
                raise Unusable(f"version {version} of the format, known is {VERSION}")
            if canonical(header) != text or set(header) != HEADER_KEYS:
                raise ValueError("not a header")
            if header["format"] != "galateo-audit" or version not in range(1, VERSION + 1):
                raise ValueError("another format")
            self.next, self.to = read_day(header["from"]), read_day(header["to"])
            self.made_on = datetime.date.fromisoformat(read_time(header["at"])[0][:10])
        except (TypeError, KeyError, ValueError) as error:
            raise Unusable("not an audit export") from error
        self.header = header
        if self.expected_organisation not in (None, header["organisation"]):
            self.problem(f"the audit log of {header['organisation']}, expected {self.expected_organisation}")

    def read_entry(self, text, digest, link, number):
        self.entries += 1
        number = int(number)
        if number != self.last_number + 1:
            self.problem(f"entry {number} stands after entry {self.last_number}")
        elif sha256(self.last_link + digest)[:16].encode() != link:
            self.problem(f"entry {digest.decode()} is not the one that was exported here")
        self.last_number, self.last_link = number, link
        self.root.push(bytes.fromhex(digest.decode()))
        if text == b"null":
            self.gone += 1
            self.problem(f"entry {digest.decode()} is sealed and no longer on record")
            return
        if sha256(text).encode() != digest:
            self.problem(f"entry {digest.decode()} was changed")
        try:
            entry = read_json(text)
            place = (read_time(entry["at"]), digest)
            self.days.append((self.number, read_day(entry["day"])))
        except (TypeError, KeyError, ValueError):
            self.problem(f"entry {digest.decode()} cannot be read")
            return
        if self.last is not None and place <= self.last:
            self.problem(f"entry {digest.decode()} is in the wrong order")
        self.last = place

    def read_seal(self, text, digest):
        self.seals += 1
        digest = digest.decode()
        if sha256(text) != digest:
            self.problem("the seal was changed")
        try:
            seal = read_json(text)
            if seal["version"].__class__ is int and seal["version"] > SEAL_VERSION:
                raise Unusable(f"line {self.number}: version {seal['version']} of seals, known is {SEAL_VERSION}")
            whole = seal["count"].__class__ is int and seal["late"].__class__ is int
            if canonical(seal) != text or set(seal) - {"previous"} != SEAL_KEYS or not whole:
                raise ValueError("not a seal")
            day = read_day(seal["day"])
        except (TypeError, KeyError, ValueError):
            self.problem("the seal cannot be read")
            self.begin_day()
            return
        self.expect(day)
        if seal["organisation"] != self.header["organisation"]:
            self.problem("the seal is that of another institution")
        previous = seal.get("previous")
        if self.chain == "open":
            follows = previous is None and self.seals == 1
        else:
            follows = self.chain in ("unknown", previous)
        if not follows:
            self.problem("the seal does not follow the one before")
        elif previous is None:
            self.overdue.clear()
        if (seal["count"], seal["root"]) != (self.root.leaves, self.root.hex()):
            self.problem(f"the entries of {day} are not those that were sealed")
        if not self.gone and seal["late"] != sum(recorded < day for _, recorded in self.days):
            self.problem("the number of late entries is wrong")
        for line, recorded in self.days:
            if not day - LATE_DAYS * DAY <= recorded <= day:
                self.problem(f"an entry of {recorded} among those of {day}", line)
        self.sealed += self.root.leaves
        self.found.add(digest)
        self.chain = digest
        self.begin_day()

    def read_unsealed(self, count, day):
        self.unsealed += self.root.leaves
        if int(count) != self.root.leaves:
            self.problem(f"{int(count)} entries are counted, {self.root.leaves} stand there")
        try:
            day = read_day(day.decode())
        except ValueError:
            self.problem("not a day")
            self.begin_day()
            return
        for line, recorded in self.days:
            if recorded != day:
                self.problem(f"an entry of {recorded} among those of {day}", line)
        if self.chain not in ("unknown", "open") and day + DAY == self.next:
            for line, _ in self.days:
                self.problem(f"an entry of {day} that no seal binds", line)
        else:
            self.expect(day)
            self.chain = "open"
            if day + 2 * DAY <= self.made_on:
                self.overdue.append((self.number, day))
        self.begin_day()

    def expect(self, day):
        if day != self.next:
            self.problem(f"the end of {self.next} is missing, {day} ends here")
        self.next = day + DAY

    def read_footer(self, line):
        self.ended = True
        if self.root.leaves or self.next != self.to + DAY:
            self.problem(f"the days do not go to {self.to}")
        footer = {
            "entries": self.entries, "seals": self.seals, "sha256": self.digest.hexdigest(), "unsealed": self.unsealed
        }
        if line != b'{"footer":' + canonical(footer) + b"}\n":
            self.problem("the footer does not fit what stands before it")

    def finish(self):
        if self.header is None:
            raise Unusable("not an audit export")
        if not self.ended:
            self.problem("truncated: there is no footer")
        for line, day in self.overdue:
            self.problem(f"{day} is not sealed", line)
        for digest in self.published - self.found:
            self.problem(f"no seal has the published hash {digest}")


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("export")
    arguments.add_argument("--organisation")
    arguments.add_argument("--seal", action="append", default=[])
    options = arguments.parse_args()
    verifier = Verifier(options.organisation, options.seal)
    try:
        with open(options.export, "rb") as lines:
            for line in lines:
                verifier.line(line)
        verifier.finish()
    except (Unusable, OSError) as error:
        print(f"verify.py: {error}", file=sys.stderr)
        return 2
    for problem in verifier.problems[:100]:
        print(problem)
    proved = f"{verifier.sealed} of {verifier.entries} entries are sealed, by {verifier.seals} seals"
    print(f"{len(verifier.problems)} problems; {proved}")
    return 1 if verifier.problems else 0


if __name__ == "__main__":
    sys.exit(main())
