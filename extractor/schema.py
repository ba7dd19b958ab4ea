"""The JSON Schema of the report, from the declarations in `model`."""

from __future__ import annotations

from typing import Any

import msgspec

from extractor.model import SCHEMA, Report


def report_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) that every written report validates against."""
    _, components = msgspec.json.schema_components([Report], ref_template="#/$defs/{name}")
    definitions = dict(components)
    body = definitions.pop("Report")
    body["properties"]["schema"] = {"const": SCHEMA}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:{SCHEMA.replace('/', ':')}", **body, "$defs": definitions}
