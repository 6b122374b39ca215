"""The keys that say which tags a call brings, for services whose `Tags` is a list of pairs."""

from doorward.services.call import Call
from doorward.services.registry import Context, Params


def request_tags(_call: Call, params: Params) -> Context:
    """aws:RequestTag/KEY and aws:TagKeys."""
    tags = params.get("tags") or ()
    if not tags:
        return {}
    context: dict[str, str | tuple[str, ...]] = {
        f"aws:RequestTag/{tag['Key']}": tag["Value"] for tag in tags
    }
    return context | {"aws:TagKeys": tuple(tag["Key"] for tag in tags)}
