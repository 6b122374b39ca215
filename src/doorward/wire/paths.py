"""rest-json: the operation a method and a path stand for."""

import re
from collections.abc import Mapping
from functools import cache
from urllib.parse import unquote_to_bytes

from doorward.catalog.models import OperationModel, ServiceModel
from doorward.wire.errors import SerializationException
from doorward.wire.fields import read_pairs

_LABEL = re.compile(r"\{(\w+)(\+?)\}")


class Template:
    """One operation's path, compiled: `/analyzer/{analyzerName}`, `/token?aws_iam=t`."""

    __slots__ = ("operation", "pattern", "rank", "wanted")

    def __init__(self, operation: OperationModel) -> None:
        path, _, query = operation.uri.partition("?")
        self.operation = operation
        self.wanted = frozenset(read_pairs(query))
        self.pattern = re.compile(_expression(path))
        # The most telling template is asked first: more constants in the query, fewer labels.
        self.rank = (-len(self.wanted), len(_LABEL.findall(path)), -len(path))


def _expression(path: str) -> str:
    """A template as a regular expression over the raw, still encoded path."""
    out, end = [], 0
    for label in _LABEL.finditer(path):
        out.append(re.escape(path[end : label.start()]))
        out.append(f"(?P<{label[1]}>{'.+' if label[2] else '[^/]+'})")
        end = label.end()
    return "".join(out) + re.escape(path[end:])


@cache
def templates(model: ServiceModel) -> Mapping[str, tuple[Template, ...]]:
    """A service's templates by method, the most telling first."""
    found: dict[str, list[Template]] = {}
    for operation in model.operations.values():
        found.setdefault(operation.http_method, []).append(Template(operation))
    return {
        method: tuple(sorted(listed, key=lambda one: one.rank)) for method, listed in found.items()
    }


def find_operation(
    model: ServiceModel, method: str, path: str, query: str
) -> tuple[OperationModel, Mapping[str, str]] | None:
    """The operation and the path's labels, percent-decoded; None when nothing fits."""
    for template in templates(model).get(method, ()):
        match = template.pattern.fullmatch(path)
        if match and (not template.wanted or template.wanted <= set(read_pairs(query))):
            labels = {name: _decoded(text) for name, text in match.groupdict().items()}
            return template.operation, labels
    return None


def _decoded(text: str) -> str:
    try:
        return unquote_to_bytes(text).decode("utf-8")
    except UnicodeDecodeError as error:
        raise SerializationException("The path is not valid UTF-8.") from error
