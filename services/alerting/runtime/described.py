"""Models whose fields' docstrings are their descriptions in the OpenAPI document.

Pydantic does the same when `use_attribute_docstrings` is set, but as soon as a class is made: that would read the
source of every model at each start, for a document that hardly any process is asked for. Here it waits until one is.
"""

import ast
import inspect
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler
from pydantic.config import JsonDict
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema


class Described(BaseModel):
    """What requests and answers are made of. A field that has an alias is described by `Field`."""

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Return the schema of the model, with descriptions."""
        schema = handler(core_schema)
        properties = handler.resolve_ref_schema(schema).get("properties", {})
        for kind in reversed([each for each in cls.__mro__ if issubclass(each, Described)]):
            for field, docstring in docstrings(kind.__module__).get(kind.__qualname__, {}).items():
                if field in properties:
                    properties[field]["description"] = docstring
        return schema


def examples(*values: JsonDict) -> ConfigDict:
    """Return the configuration of a model that the document has examples of."""
    return ConfigDict(json_schema_extra={"examples": list(values)})


@cache
def docstrings(module: str) -> Mapping[str, Mapping[str, str]]:
    """Return the docstrings of the fields of a module's classes, each on one line; none when it has no source."""
    try:
        tree = ast.parse(inspect.getsource(sys.modules[module]))
    except (OSError, TypeError):
        return {}
    return {each.name: dict(_fields(each)) for each in tree.body if isinstance(each, ast.ClassDef)}


def _fields(kind: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for field, text in pairwise(kind.body):
        match field, text:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(docstring))):
                yield name, " ".join(docstring.split())
