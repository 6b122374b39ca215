"""Whose key is this?"""

from doorward.authn.key_ids import account_of
from doorward.services.call import Call
from doorward.services.registry import anything, operation
from doorward.services.sts.errors import ValidationError


@operation("sts", on=anything, reads=True)
def get_access_key_info(call: Call, *, access_key_id: str) -> dict[str, str]:
    """Name the account of an access key, whether or not the key still works.

    The account stands in the key id; imported keys of the caller's own account are looked up.
    """
    if call.account.by_id(access_key_id):
        return {"Account": call.account.id}
    account = account_of(access_key_id)
    if account is None:
        raise ValidationError.unknown_key_id()
    return {"Account": account}
