from urllib.parse import quote, urlsplit

import botocore.parsers
import botocore.serialize
import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel as BotocoreModel

from doorward.authn.request import HttpRequest


def a_query(body, *, method="POST", query=""):
    return HttpRequest(method, "/", query, (), body.encode() if isinstance(body, str) else body)


def a_target(target, body=b"{}"):
    headers = (("x-amz-target", target), ("content-type", "application/x-amz-json-1.1"))
    return HttpRequest("POST", "/", "", headers, body)


class Oracle:
    """botocore itself: how it writes requests and reads responses."""

    def __init__(self, name):
        self.model = BotocoreModel(Loader().load_service_model(name, "service-2"), name)
        protocol = self.model.resolved_protocol
        self.serializer = botocore.serialize.create_serializer(protocol, False)
        self.parser = botocore.parsers.create_parser(protocol)

    def request(self, operation, params):
        sent = self.serializer.serialize_to_request(params, self.model.operation_model(operation))
        query = "&".join(f"{quote(k)}={quote(str(v))}" for k, v in _pairs(sent["query_string"]))
        body = sent["body"]
        if isinstance(body, dict):
            body = "&".join(f"{quote(k)}={quote(str(v))}" for k, v in body.items())
        path = urlsplit(sent["url_path"])
        query = "&".join(part for part in (path.query, query) if part)
        headers = tuple((k.lower(), str(v)) for k, v in sent["headers"].items())
        encoded = body.encode() if isinstance(body, str) else body
        return HttpRequest(sent["method"], path.path, query, headers, encoded)

    def response(self, operation, response):
        shape = self.model.operation_model(operation).output_shape
        raw = {
            "status_code": response.status,
            "headers": {name.lower(): value for name, value in response.headers},
            "body": response.body,
        }
        return self.parser.parse(raw, shape)


def _pairs(query):
    if isinstance(query, str):
        return [tuple(part.split("=", 1)) for part in query.split("&") if part]
    items = query.items() if isinstance(query, dict) else query
    return [(k, v) for k, vs in items for v in (vs if isinstance(vs, list) else [vs])]


_ORACLES = {}


@pytest.fixture(scope="session")
def oracle():
    def of(name):
        if name not in _ORACLES:
            _ORACLES[name] = Oracle(name)
        return _ORACLES[name]

    return of


@pytest.fixture
def query():
    return a_query


@pytest.fixture
def target():
    return a_target
