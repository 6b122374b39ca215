"""The condition keys STS's operations bring to their decision."""

from doorward.services.call import Call
from doorward.services.registry import Context, Params
from doorward.services.sts.session_tags import inherited, pairs, transitive_keys


def assume_role(call: Call, params: Params) -> Context:
    """sts:RoleSessionName, sts:ExternalId and sts:SourceIdentity; absent when not given."""
    context = {"sts:RoleSessionName": params["role_session_name"]}
    if params.get("external_id") is not None:
        context["sts:ExternalId"] = params["external_id"]
    identity = source_identity(call, params)
    if identity is not None:
        context["sts:SourceIdentity"] = identity
    return context


def mfa(call: Call, _params: Params) -> Context:
    """aws:MultiFactorAuthPresent and ...Age of a code that came with the call, proven by now."""
    # AWS: for this decision alone. The role session says it had no MFA: the guide, "Secure API
    # access with MFA".
    if call.mfa is None:
        return {}
    return {"aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "0"}


def source_identity(call: Call, params: Params) -> str | None:
    """The source identity asked for, else the one the caller's session was given."""
    asked: str | None = params.get("source_identity")
    if asked is not None:
        return asked
    return call.caller.session.source_identity if call.caller.session else None


def session_tags(call: Call, params: Params) -> Context:
    """aws:RequestTag/KEY, aws:TagKeys and sts:TransitiveTagKeys, inherited tags included.

    What a session inherits stands against whatever is passed under the same key.
    """
    tags = {**dict(pairs(params.get("tags") or ())), **dict(inherited(call.caller))}
    if not tags:
        return {}
    context: dict[str, str | tuple[str, ...]] = {
        f"aws:RequestTag/{key}": value for key, value in tags.items()
    }
    context["aws:TagKeys"] = tuple(tags)
    transitive = transitive_keys(call.caller, params.get("transitive_tag_keys") or ())
    if transitive:
        context["sts:TransitiveTagKeys"] = transitive
    return context
