"""Computes the main figures of a report anew, in SQL over exported audit entries.

    python3 recompute.py ENTRIES.jsonl FROM TO

Reads one audit entry a line and prints the figures of the days FROM to TO as JSON. It needs Python's standard library
only, and shares nothing with the program that it checks: the entries go into SQLite tables as they are, and quantiles
are read from the sorted values themselves. Entries of the year before FROM are looked at for cases decided later and
strikes that expire.
"""

import json
import sqlite3
import sys
from datetime import datetime, timedelta, timezone


def milliseconds(text):
    """The time in milliseconds since 1970, cut below that."""
    seconds = datetime.strptime(text[:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc)
    fraction = text[20:-1] if text[19] == "." else ""
    return int(seconds.timestamp()) * 1000 + int((fraction + "000")[:3])


def in_italy(at):
    """The wall clock in Italy: two hours ahead from the last Sunday of March to that of October, at 1:00 UTC."""
    utc = datetime(1970, 1, 1) + timedelta(milliseconds=at)

    def last_sunday(month):
        end = datetime(utc.year, month, 31, 1)
        return end - timedelta(days=(end.weekday() + 1) % 7)

    return utc + timedelta(hours=2 if last_sunday(3) <= utc < last_sunday(10) else 1)


def decision(fact):
    """What was decided: where a finding is overturned, its strike is withdrawn; else only a sanction was declined."""
    if fact["decision"] == "overturn" and not fact.get("strike_withdrawn"):
        return "declined"
    return fact["decision"]


def load(db, lines):
    db.executescript(
        """
        CREATE TABLE verdicts (id TEXT, revision TEXT, at INT, day TEXT, written INT, hour INT, weekday INT,
            account TEXT, outcome TEXT, clause TEXT, rule TEXT, author TEXT, protects INT, UNIQUE (id, revision));
        CREATE VIEW cases AS SELECT * FROM verdicts WHERE revision = '' AND outcome != 'allow';
        CREATE TABLE strikes (id TEXT, at INT, day TEXT, expires TEXT);
        CREATE TABLE effects (id TEXT, at INT, day TEXT, asked TEXT, effect TEXT, automatic INT);
        CREATE TABLE decisions (id TEXT, at INT, day TEXT, decision TEXT, withdrawn INT);
        CREATE TABLE sanctions (day TEXT, sanction TEXT, automatic INT);
        CREATE INDEX strikes_of ON strikes (id);
        CREATE INDEX effects_of ON effects (id);
        CREATE INDEX decisions_of ON decisions (id);
        """
    )
    for line in lines:
        entry = json.loads(line)
        (kind, fact), = entry["fact"].items() if isinstance(entry["fact"], dict) else [(entry["fact"], {})]
        at, day, case, automatic = milliseconds(entry["at"]), entry["day"], entry.get("case"), entry["automatic"]
        if kind == "verdict" and fact.get("unchanged"):
            continue  # the same words in other spelling are no contribution more
        if kind == "verdict":
            written = fact.get("written_at")
            arrived = milliseconds(written) if written else at
            first = (fact.get("findings") or [{}])[0]
            # A later revision of a contribution names itself, and the case of the first.
            db.execute(
                "INSERT INTO verdicts VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
                (case, fact.get("revision", ""), at, day, arrived, in_italy(arrived).hour,
                 datetime.strptime(day, "%Y-%m-%d").isoweekday(), entry["account"], fact["outcome"],
                 first.get("clause"), first.get("rule"), fact.get("author"), fact.get("protects", False)),
            )
        elif kind == "effect":
            db.execute("INSERT INTO effects VALUES (?,?,?,?,?,?)",
                       (case, at, day, fact["asked"], fact["effect"], automatic))
        elif kind == "decision":
            db.execute("INSERT INTO decisions VALUES (?,?,?,?,?)",
                       (case, at, day, decision(fact), fact.get("strike_withdrawn", False)))
        elif kind == "sanction" and fact["state"] == "effective":
            db.execute("INSERT INTO sanctions VALUES (?,?,?)", (day, fact["sanction"], automatic))
        # Whatever gives a case its strike: its verdict, that on a later revision, or a person.
        strike = fact.get("strike") if kind in ("verdict", "decision") else None
        if strike:
            expires = in_italy(milliseconds(strike["expires_at"])).strftime("%Y-%m-%d")
            db.execute("INSERT INTO strikes VALUES (?,?,?,?)", (case, at, day, expires))


def figures(db, first, last):
    days = {"first": first, "last": last, "since": f"{int(first[:4]) - 1}{first[4:]}"}

    def table(sql):
        return db.execute(sql, days).fetchall()

    def one(sql):
        return table(sql)[0][0]

    def quantiles(sql):
        values = sorted(value for value, in table(sql))
        rank = lambda percent: values[max(-(-len(values) * percent // 100), 1) - 1] if values else None
        return {"count": len(values), "median": rank(50), "p90": rank(90), "p99": rank(99)}

    within = "day BETWEEN :first AND :last"
    known = "day BETWEEN :since AND :last"
    done = lambda asked: dict(table(
        f"SELECT CASE automatic WHEN 1 THEN 'automatic' ELSE 'person' END, COUNT(*) FROM effects "
        f"WHERE {within} AND effect = 'done' AND asked = '{asked}' GROUP BY 1"))
    # The strike of a case is the last that it was given; what was taken back before that is another.
    strikes = f"SELECT id, MAX(at) AS at, day, expires FROM strikes WHERE {known} GROUP BY id"
    taken_back = (
        f"SELECT d.id, MAX(d.at), d.day FROM decisions d JOIN ({strikes}) s USING (id) "
        f"WHERE d.withdrawn AND d.at >= s.at AND d.{known} GROUP BY d.id")
    standing = f"SELECT * FROM ({strikes}) WHERE id NOT IN (SELECT id FROM ({taken_back}))"
    return {
        "outcomes": dict(table(f"SELECT outcome, COUNT(*) FROM verdicts WHERE {within} GROUP BY 1")),
        "days": dict(table(f"SELECT day, COUNT(*) FROM verdicts WHERE {within} GROUP BY 1")),
        "hours": dict(table(f"SELECT hour, COUNT(*) FROM verdicts WHERE {within} GROUP BY 1")),
        "weekdays": dict(table(f"SELECT weekday, COUNT(*) FROM verdicts WHERE {within} GROUP BY 1")),
        "accounts": dict(table(f"SELECT account, COUNT(*) FROM verdicts WHERE {within} GROUP BY 1")),
        "clauses": {clause: [count, authors] for clause, count, authors in table(
            f"SELECT clause, COUNT(*), COUNT(DISTINCT author) FROM verdicts "
            f"WHERE {within} AND outcome != 'allow' GROUP BY 1")},
        "protected": one(f"SELECT COUNT(*) FROM verdicts WHERE {within} AND protects"),
        "hidden": done("hide"),
        "restored": done("unhide"),
        "sanctions": dict(table(f"SELECT sanction, COUNT(*) FROM sanctions WHERE {within} GROUP BY 1")),
        "decisions": dict(table(f"SELECT decision, COUNT(*) FROM decisions WHERE {within} GROUP BY 1")),
        "to_verdict": quantiles(f"SELECT at - written FROM verdicts WHERE {within}"),
        "to_effect": quantiles(
            f"SELECT e.at - v.written FROM cases v JOIN "
            f"(SELECT id, MIN(at) AS at, MIN(day) AS day FROM effects WHERE effect = 'done' "
            f"AND asked IN ('hide', 'delete') GROUP BY id) e USING (id) WHERE e.{within} AND v.{known}"),
        "to_decision": quantiles(
            f"SELECT d.at - v.written FROM cases v JOIN "
            f"(SELECT id, MIN(at) AS at, MIN(day) AS day FROM decisions GROUP BY id) d USING (id) "
            f"WHERE d.{within} AND v.{known}"),
        "rules": {rule: [decided, overturned] for rule, decided, overturned in table(
            f"SELECT v.rule, COUNT(*), SUM(d.decision = 'overturn') FROM cases v JOIN "
            f"(SELECT id, decision, MAX(at) FROM decisions WHERE {within} AND decision IN ('confirm', 'overturn') "
            f"GROUP BY id) d USING (id) WHERE v.{known} GROUP BY 1")},
        "strikes": {
            "given": one(f"SELECT COUNT(*) FROM ({strikes}) WHERE {within}"),
            "withdrawn": one(f"SELECT COUNT(*) FROM ({taken_back}) WHERE {within}"),
            "expired": one(f"SELECT COUNT(*) FROM ({standing}) WHERE expires BETWEEN :first AND :last"),
            "repeat_offenders": one(
                f"SELECT COUNT(*) FROM (SELECT v.author FROM ({standing}) s JOIN cases v USING (id) "
                f"WHERE s.{within} AND v.author IS NOT NULL GROUP BY v.author HAVING COUNT(*) >= 2)"),
        },
    }


def main():
    path, first, last = sys.argv[1:]
    db = sqlite3.connect(":memory:")
    with open(path, encoding="utf-8") as lines:
        load(db, lines)
    json.dump(figures(db, first, last), sys.stdout)


if __name__ == "__main__":
    main()
