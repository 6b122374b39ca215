"""Condition keys that follow from who the principal is, whatever it calls."""

from doorward.account.account import Account
from doorward.authz.callers import caller_in
from doorward.authz.context import Keys, of_principal


def of_principal_in(account: Account, arn: str) -> Keys:
    """The keys of a principal of the account, in lower case; none where it does not exist.

    Those are aws:PrincipalArn, aws:PrincipalAccount, aws:PrincipalType, aws:userid, aws:username,
    aws:PrincipalIsAWSService and aws:PrincipalTag/…, with the values a live call would have.
    """
    caller = caller_in(account, arn)
    return of_principal(caller, account) if caller else {}
