"""Signed requests for wrk: made once with botocore, replayed by a Lua script."""

import json
from pathlib import Path

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

LUA = """
local requests = {}
for line in io.lines("%s") do
  requests[#requests + 1] = line:sub(2, -2):gsub('\\\\r', '\\r'):gsub('\\\\n', '\\n')
end
local at = 0
function request()
  at = at %% #requests + 1
  return requests[at]
end
"""


def signed(endpoint: str, service: str, body: str, key: str, secret: str) -> str:
    """One POST as raw HTTP/1.1 text."""
    request = AWSRequest(
        "POST",
        f"{endpoint}/",
        data=body,
        headers={"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"},
    )
    SigV4Auth(Credentials(key, secret), service, "us-east-1").add_auth(request)
    host = endpoint.partition("//")[2]
    headers = {"Host": host, **dict(request.headers.items()), "Content-Length": str(len(body))}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST / HTTP/1.1\r\n{head}\r\n{body}"


def script(directory: Path, requests: list[str]) -> Path:
    """A Lua script that sends the requests one after another, and round again."""
    data = directory / "load.txt"
    data.write_text("".join(json.dumps(each) + "\n" for each in requests))
    lua = directory / "load.lua"
    lua.write_text(LUA % data)
    return lua
