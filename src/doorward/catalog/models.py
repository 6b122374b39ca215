"""AWS's service models as botocore ships them: operations, shapes, errors, read one by one.

Doorward's own service has a model of the same form beside this file, under `own_models`. The JSON
files are read directly: importing botocore's own loaders would cost five times as much.
"""

import gzip
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from types import MappingProxyType
from typing import Any

SERVED: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        # service: signing name, X-Amz-Target prefix, API version
        "iam": ("iam", "", "2010-05-08"),
        "sts": ("sts", "", "2011-06-15"),
        "organizations": ("organizations", "AWSOrganizationsV20161128", "2016-11-28"),
        "cloudtrail": (
            "cloudtrail",
            "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101",
            "2013-11-01",
        ),
        "accessanalyzer": ("access-analyzer", "", "2019-11-01"),
        "identitystore": ("identitystore", "AWSIdentityStore", "2020-06-15"),
        "sso-admin": ("sso", "SWBExternalService", "2020-07-20"),
        "sso": ("awsssoportal", "", "2019-06-10"),
        "sso-oidc": ("sso-oauth", "", "2019-06-10"),
        "rolesanywhere": ("rolesanywhere", "", "2018-05-10"),
        "config": ("config", "StarlingDoveService", "2014-11-12"),
        "signin": ("signin", "", "2023-01-01"),
        "account": ("account", "", "2021-02-01"),
        "cognito-identity": ("cognito-identity", "AWSCognitoIdentityService", "2014-06-30"),
        "logs": ("logs", "Logs_20140328", "2014-03-28"),
        "cloudwatch": ("monitoring", "GraniteServiceVersion20100801", "2010-08-01"),
        "sns": ("sns", "", "2010-03-31"),
        "events": ("events", "AWSEvents", "2015-10-07"),
        "doorward": ("doorward", "", "2026-11-01"),
    }
)
"""What requests are told apart by, so that routing opens only the model it needs."""

OWN = "doorward"
"""The service that is ours and not AWS's."""

OWN_MODELS = files("doorward.catalog").joinpath("own_models")
"""Its model, in folders as botocore's loaders look for them (`AWS_DATA_PATH`)."""

_AUTH_HEADER = r"\u0009*[^\u0000-\u001F:\u007F][^\u0000-\u0008\u000A-\u001F:\u007F]*"
_HEADER = r"\u0009*[\u0020-\u007E][\u0009\u0020-\u007E]*"

PATTERNS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        # AWS: the model allows U+007F to U+00A0 in policy documents, the service refuses them
        # (recorded September 2026).
        ("iam", "policyDocumentType"): r"[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]+",
        # The same as the model's, which take exponential time on a text of blanks.
        ("events", "AuthHeaderParameters"): _AUTH_HEADER,
        ("events", "AuthHeaderParametersSensitive"): _AUTH_HEADER,
        ("events", "HeaderValue"): _HEADER,
        ("events", "HeaderValueSensitive"): _HEADER,
    }
)
"""Where the service is asked for another pattern than its model says."""

_SPECIAL_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "GetOTelEnrichment": "get_otel_enrichment",
        "StartOTelEnrichment": "start_otel_enrichment",
        "StopOTelEnrichment": "stop_otel_enrichment",
        "UpdateOTelEnrichment": "update_otel_enrichment",
        "CreateOAuth2Token": "create_oauth2_token",
        "CreateOAuth2TokenWithIAM": "create_oauth2_token_with_iam",
        "IntrospectOAuth2TokenWithIAM": "introspect_oauth2_token_with_iam",
        "RevokeOAuth2TokenWithIAM": "revoke_oauth2_token_with_iam",
    }
)
_PLURAL_ACRONYM = re.compile(r"[A-Z]{2,}s$")
_WORD_START = re.compile(r"(.)([A-Z][a-z]+)")
_WORD_END = re.compile(r"([a-z0-9])([A-Z])")


@cache
def snake(name: str) -> str:
    """AWS's name as boto3 spells it in Python: `SAMLProviderArn` is `saml_provider_arn`."""
    if "_" in name:
        return name
    if name in _SPECIAL_NAMES:
        return _SPECIAL_NAMES[name]
    plural = _PLURAL_ACRONYM.search(name)
    if plural:
        name = f"{name[: plural.start()]}_{plural.group().lower()}"
    return _WORD_END.sub(r"\1_\2", _WORD_START.sub(r"\1_\2", name)).lower()


class Shape:
    """One type of a model, with the traits of the place that refers to it laid over its own.

    Parts (`members`, `member`, `key`, `value`) are built when first asked for, because shapes may
    contain themselves. Shapes compare by identity. `closed` is a trait of our own: members nobody
    knows are refused, where AWS ignores them.
    """

    def __init__(self, service: "ServiceModel", name: str, traits: Mapping[str, Any]) -> None:
        self._service = service
        self._traits = traits
        self.name = name
        self.type: str = traits["type"]
        self.required = frozenset(traits.get("required", ()))
        self.min: int | float | None = traits.get("min")
        self.max: int | float | None = traits.get("max")
        self.pattern: str | None = PATTERNS.get((service.name, name), traits.get("pattern"))
        self.enum: tuple[str, ...] = tuple(traits.get("enum", ()))
        self.location: str | None = traits.get("location")
        self.location_name: str | None = traits.get("locationName")
        self.flattened: bool = traits.get("flattened", False)
        self.timestamp_format: str | None = traits.get("timestampFormat")
        self.payload: str | None = traits.get("payload")
        self.sensitive: bool = traits.get("sensitive", False)
        self.document: bool = traits.get("document", False)
        self.union: bool = traits.get("union", False)
        self.closed: bool = traits.get("closed", False)

    @cached_property
    def members(self) -> Mapping[str, "Shape"]:
        """A structure's members in the model's order; empty for other types."""
        members = self._traits.get("members", {})
        return MappingProxyType({name: self._service.shape(ref) for name, ref in members.items()})

    @cached_property
    def member(self) -> "Shape":
        """A list's element."""
        return self._service.shape(self._traits["member"])

    @cached_property
    def key(self) -> "Shape":
        """A map's key."""
        return self._service.shape(self._traits["key"])

    @cached_property
    def value(self) -> "Shape":
        """A map's value."""
        return self._service.shape(self._traits["value"])


@dataclass(frozen=True, slots=True)
class ErrorModel:
    """An error a service declares; `message_member` is how it spells `message`."""

    code: str
    status: int
    sender_fault: bool
    shape: Shape
    message_member: str


class OperationModel:
    """One operation of a service. Compares by identity."""

    def __init__(self, service: "ServiceModel", name: str, raw: Mapping[str, Any]) -> None:
        http = raw["http"]
        self._service = service
        self._raw = raw
        self.name = name
        self.function_name = snake(name)
        self.result_wrapper: str | None = raw.get("output", {}).get("resultWrapper")
        self.http_method: str = http["method"]
        self.uri: str = http["requestUri"]
        self.status: int = http.get("responseCode", 200)
        self.signed: bool = raw.get("authtype") != "none"

    @cached_property
    def input(self) -> Shape | None:
        """The structure of the parameters; None for an operation without any."""
        return self._service.shape(self._raw["input"]) if "input" in self._raw else None

    @cached_property
    def output(self) -> Shape | None:
        """The structure of the result; None for an operation without one."""
        return self._service.shape(self._raw["output"]) if "output" in self._raw else None

    @cached_property
    def errors(self) -> tuple[str, ...]:
        """The codes this operation declares."""
        shapes = (ref["shape"] for ref in self._raw.get("errors", ()))
        return tuple(self._service.error_code(shape) for shape in shapes)


class _Operations(Mapping[str, OperationModel]):
    """Operations by name, each built when first asked for."""

    def __init__(self, service: "ServiceModel", raw: Mapping[str, Any]) -> None:
        self._service = service
        self._raw = raw
        self._built: dict[str, OperationModel] = {}

    def __getitem__(self, name: str) -> OperationModel:
        built = self._built.get(name)
        if built is None:
            made = OperationModel(self._service, name, self._raw[name])
            built = self._built.setdefault(name, made)
        return built

    def __iter__(self) -> Iterator[str]:
        return iter(self._raw)

    def __len__(self) -> int:
        return len(self._raw)


class ServiceModel:
    """One AWS service in its newest API version; `name` is botocore's name for it."""

    def __init__(self, name: str, raw: Mapping[str, Any]) -> None:
        metadata = raw["metadata"]
        self._shapes: Mapping[str, Any] = raw["shapes"]
        self._built: dict[tuple[str, str], Shape] = {}
        self.name = name
        self.api_version: str = metadata["apiVersion"]
        self.protocol: str = metadata["protocol"]
        self.protocols: tuple[str, ...] = tuple(metadata.get("protocols", (self.protocol,)))
        self.query_compatible: bool = "awsQueryCompatible" in metadata
        self.xml_namespace: str = metadata.get("xmlNamespace", "")
        self.target_prefix: str = metadata.get("targetPrefix", "")
        self.json_version: str = metadata.get("jsonVersion", "1.0")
        self.signing_name: str = metadata.get("signingName", metadata["endpointPrefix"])
        self.operations: Mapping[str, OperationModel] = _Operations(self, raw["operations"])

    def shape(self, ref: Mapping[str, Any]) -> Shape:
        """The shape a reference names; the reference's own traits win."""
        name = ref["shape"]
        traits = {key: ref[key] for key in ref.keys() - _IDLE_TRAITS}
        # INVARIANT: equal references give one shape, so a model that contains itself stays finite.
        place = (name, repr(sorted(traits.items())))
        built = self._built.get(place)
        if built is None:
            made = Shape(self, name, {**self._shapes[name], **traits})
            built = self._built.setdefault(place, made)
        return built

    def error_code(self, shape_name: str) -> str:
        """The code on the wire of the error shape with that name."""
        code: str = self._shapes[shape_name].get("error", {}).get("code", shape_name)
        return code

    def error(self, code: str) -> ErrorModel | None:
        """The declared error with that code or shape name; None when the model has none."""
        return self._errors.get(code)

    @cached_property
    def _errors(self) -> Mapping[str, ErrorModel]:
        found: dict[str, ErrorModel] = {}
        for name, raw in self._shapes.items():
            if raw.get("exception"):
                model = self._error_model(name, raw)
                found.setdefault(name, model)
                found[model.code] = model
        return found

    def _error_model(self, name: str, raw: Mapping[str, Any]) -> ErrorModel:
        trait = raw.get("error", {})
        status = trait.get("httpStatusCode", 500 if raw.get("fault") else 400)
        spellings = [member for member in raw["members"] if member.lower() == "message"]
        return ErrorModel(
            code=trait.get("code", name),
            status=status,
            sender_fault=trait.get("senderFault", status < 500),  # noqa: PLR2004 - HTTP's classes
            shape=self.shape({"shape": name}),
            message_member=spellings[0] if spellings else "message",
        )


_IDLE_TRAITS = frozenset({"shape", "resultWrapper", "documentation", "box"})


@cache
def service(name: str) -> ServiceModel:
    """The newest model of a service by botocore's name for it, or of Doorward's own.

    Raises:
        LookupError: there is no such service.
    """
    if not re.fullmatch(r"[a-z0-9-]+", name):
        raise LookupError(name)
    if name == OWN:
        own = OWN_MODELS.joinpath(OWN, SERVED[OWN][2], "service-2.json")
        return ServiceModel(name, json.loads(own.read_bytes()))
    folder = files("botocore").joinpath("data", name)
    if not folder.is_dir():
        raise LookupError(name)
    newest = max(entry.name for entry in folder.iterdir() if entry.is_dir())
    packed = folder.joinpath(newest, "service-2.json.gz").read_bytes()
    return ServiceModel(name, json.loads(gzip.decompress(packed)))


def service_signed_as(signing_name: str) -> str | None:
    """Which served service signs its requests with that name."""
    return _BY_SIGNING_NAME.get(signing_name)


def service_targeted(prefix: str) -> str | None:
    """Which served service has that prefix in X-Amz-Target."""
    return _BY_TARGET.get(prefix)


def service_versioned(version: str) -> str | None:
    """Which served service of the query protocol has that API version."""
    return _BY_VERSION.get(version)


_BY_SIGNING_NAME = {signed: name for name, (signed, _, _) in SERVED.items()}
_BY_TARGET = {target: name for name, (_, target, _) in SERVED.items() if target}
_BY_VERSION = {SERVED[name][2]: name for name in ("iam", "sts", "cloudwatch", "sns")}
