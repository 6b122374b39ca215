"""An application without a server around it."""

import re

from doorward.app.http import Application
from doorward.authn.request import HttpRequest
from doorward.wire.response import HttpResponse

LOCAL = ("host", "localhost:4599")
QUERY_ERROR = re.compile(
    r"<ErrorResponse.*<Code>\w+</Code>.*<RequestId>[0-9a-f-]{36}</RequestId>.*</ErrorResponse>",
    re.DOTALL,
)


class Wire:
    """An application without a server around it."""

    def __init__(self, house):
        self.house = house
        self.app = Application(house.house)

    def send(self, request, pieces=None):
        """One request, its body in one piece or in those given."""
        return self.house.run(self._sent(request, pieces or [request.body]))

    async def _sent(self, request, pieces):
        scope = {
            "type": "http",
            "method": request.method,
            "path": request.path,
            "raw_path": request.path.encode("latin-1"),
            "query_string": request.query.encode("latin-1"),
            "scheme": "http",
            "client": ("127.0.0.1", 1),
            "headers": [
                (name.encode("latin-1"), value.encode("latin-1")) for name, value in request.headers
            ],
        }
        left, sent = list(pieces), []
        self.read = 0

        async def receive():
            self.read += 1
            piece = left.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(left)}

        async def send(message):
            sent.append(message)

        await self.app(scope, receive, send)
        start, body = sent
        headers = tuple((name.decode(), value.decode()) for name, value in start["headers"])
        assert dict(headers)["content-length"] == str(len(body["body"]))
        return HttpResponse(start["status"], headers, body["body"])

    def get(self, path):
        return self.send(HttpRequest("GET", path, "", (LOCAL,), b""))

    def reset(self, *headers):
        return self.send(HttpRequest("POST", "/_doorward/reset", "", headers or (LOCAL,), b""))
