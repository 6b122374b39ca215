"""Which operations temporary credentials may call at all, before any policy is asked.

Source: STS API reference, GetSessionToken and GetFederationToken ("Permissions"); IAM guide,
"Compare AWS STS credentials".
"""

from doorward.account.session import Session, SessionKind

_ALWAYS = frozenset({"GetCallerIdentity"})
_FOR_LONG_TERM_KEYS = frozenset({"GetSessionToken", "GetFederationToken"})
_OF_SESSION_TOKENS = frozenset({"AssumeRole"})


def refusal(session: Session | None, service: str, operation: str) -> str | None:
    """Why these credentials may not call the operation, as the caller is told; None = they may.

    Args:
        session: None for long-term keys, which are not refused here.
        service: botocore's name, as in `iam`.
        operation: AWS's name, as in `GetSessionToken`.
    """
    if session is None:
        return None
    if service == "sts":
        return _of_sts(session.kind, operation)
    if service == "iam":
        return _of_iam(session)
    return None


def _of_sts(kind: SessionKind, operation: str) -> str | None:
    if operation in _ALWAYS:
        return None
    if kind is SessionKind.ROLE and operation not in _FOR_LONG_TERM_KEYS:
        return None
    if kind in {SessionKind.USER, SessionKind.ROOT} and operation in _OF_SESSION_TOKENS:
        return None
    return f"Cannot call {operation} with session credentials"


def _of_iam(session: Session) -> str | None:
    if session.kind is SessionKind.FEDERATED_USER:
        return "Cannot call IAM operations with federated user credentials"
    if session.issuer_access_key_id is None:
        # AWS: who signed in, at the console or with `aws login`, is asked by policies alone.
        return None
    if session.kind in {SessionKind.USER, SessionKind.ROOT} and session.mfa_at is None:
        return "Cannot call IAM operations with session credentials obtained without MFA"
    return None
