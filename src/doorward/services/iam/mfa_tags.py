"""Tags of virtual MFA devices; keys that differ in case are two tags."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from doorward.services.call import Call
from doorward.services.iam import shape
from doorward.services.iam.keys import request_tags
from doorward.services.iam.keys import tag_keys as tag_keys_key
from doorward.services.iam.mfa_virtual import device_of_serial, virtual_device
from doorward.services.iam.tagging import retagged, untagged
from doorward.services.paging import page
from doorward.services.registry import operation


@operation("iam", on=device_of_serial, keys=(request_tags,))
def tag_mfa_device(call: Call, *, serial_number: str, tags: Sequence[Mapping[str, str]]) -> None:
    """Add tags to a virtual device, replacing those of the same key."""
    device = virtual_device(call, serial_number)
    call.update(replace(device, tags=retagged(device.tags, tags, case_matters=True)))


@operation("iam", on=device_of_serial, keys=(tag_keys_key,))
def untag_mfa_device(call: Call, *, serial_number: str, tag_keys: Sequence[str]) -> None:
    """Remove tags from a virtual device."""
    device = virtual_device(call, serial_number)
    call.update(replace(device, tags=untagged(device.tags, tag_keys, case_matters=True)))


@operation("iam", on=device_of_serial, reads=True)
def list_mfa_device_tags(
    call: Call, *, serial_number: str, marker: str | None = None, max_items: int | None = None
) -> dict[str, Any]:
    """List a virtual device's tags, ordered by key."""
    tags = sorted(virtual_device(call, serial_number).tags)
    shown, rest = page(call, tags, lambda tag: tag.key, marker=marker, max_items=max_items)
    return {"Tags": shape.tags(shown), **rest}
