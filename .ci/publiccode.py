"""Checks a publiccode.yml against the standard: `publiccode.py FILE`.

What a JSON schema can say stands in publiccode.schema.json; what it cannot is here: dates that exist, files that are
there, and at least one description that is complete. Exits 1 and names every field that is wrong.
"""

import datetime
import json
import pathlib
import sys

import jsonschema
import yaml


class Loader(yaml.SafeLoader):
    """Reads a date as the text that it is: the standard wants `YYYY-MM-DD`, not what YAML makes of it."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}

FORMATS = jsonschema.FormatChecker(formats=())


@FORMATS.checks("date", raises=ValueError)
def is_date(value):
    return not isinstance(value, str) or datetime.datetime.strptime(value, "%Y-%m-%d") is not None


def errors(document, schema, root):
    """Every fault as (field, what is wrong)."""
    for error in jsonschema.Draft202012Validator(schema, format_checker=FORMATS).iter_errors(document):
        yield "/".join(str(step) for step in error.absolute_path) or "the file", error.message
    if not isinstance(document, dict):
        return
    descriptions = document.get("description")
    for language, description in (descriptions.items() if isinstance(descriptions, dict) else ()):
        for path in (description or {}).get("screenshots", []):
            if "://" not in path and not (root / path).is_file():
                yield f"description/{language}/screenshots", f"{path} is not a file of this repository"
    logo = document.get("logo")
    if isinstance(logo, str) and "://" not in logo and not (root / logo).is_file():
        yield "logo", f"{logo} is not a file of this repository"


def main(arguments):
    if len(arguments) != 2:
        print("usage: publiccode.py FILE", file=sys.stderr)
        return 2
    path = pathlib.Path(arguments[1])
    schema = json.loads(pathlib.Path(__file__).with_name("publiccode.schema.json").read_text("utf-8"))
    try:
        document = yaml.load(path.read_text("utf-8"), Loader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        print(f"{path}: {error}", file=sys.stderr)
        return 2
    faults = list(errors(document, schema, path.resolve().parent))
    for field, fault in faults:
        print(f"{path}: {field}: {fault}", file=sys.stderr)
    if not faults:
        print(f"{path}: valid")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
