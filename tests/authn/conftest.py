from urllib.parse import urlsplit

import pytest
from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from doorward.authn.request import HttpRequest

SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
HEADER = {"s3": S3SigV4Auth}
QUERY = {"s3": S3SigV4QueryAuth}


def sign(
    method="POST",
    url="http://localhost:4599/",
    body=b"Action=ListUsers&Version=2010-05-08",
    headers=(),
    *,
    service="iam",
    region="us-east-1",
    token=None,
    presigned_s=None,
    signer=None,
):
    """What boto3 would send, as the server sees it."""
    request = AWSRequest(method, url, data=body)
    for name, value in headers:
        request.headers[name] = value
    credentials = Credentials("AKIAEXAMPLE", SECRET, token)
    if presigned_s is None:
        header = signer or HEADER.get(service, SigV4Auth)
        header(credentials, service, region).add_auth(request)
    else:
        query = QUERY.get(service, SigV4QueryAuth)
        query(credentials, service, region, presigned_s).add_auth(request)
    split = urlsplit(request.url)
    sent = [(name.lower(), value) for name, value in request.headers.items()]
    sent += [("user-agent", "Boto3/1"), ("x-amzn-trace-id", "Root=1"), ("connection", "close")]
    if "host" not in dict(sent):
        sent.insert(0, ("host", split.netloc))
    return HttpRequest(
        method,
        split.path,
        split.query,
        tuple(sent),
        request.data if isinstance(request.data, bytes) else b"",
        secure=split.scheme == "https",
    )


@pytest.fixture(scope="session")
def signed():
    return sign


@pytest.fixture(scope="session")
def secret():
    return SECRET
