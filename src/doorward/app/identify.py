"""Find out who calls: read the claim, find the key, prove it, and see that it still counts."""

from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from weakref import ref

from doorward.account.account import Account
from doorward.account.caller import Caller
from doorward.account.model import AccessKey, Profile, Role, Token, User
from doorward.account.session import Session, SessionKind
from doorward.app.accounts import Accounts
from doorward.app.config import Settings
from doorward.app.live import Live
from doorward.app.vault import AccountVault
from doorward.authn import failures
from doorward.authn.request import HttpRequest
from doorward.authn.sessions import KeyRing, presented_session
from doorward.authn.sigv4 import DUMMY_KEY, Signature, SigningKeys, verify
from doorward.authn.tokens import PREFIX, Bearer, matches
from doorward.errors import NotAuthentic
from doorward.store.sealed import Sealer

KEYS_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Identified:
    """A proven caller, its account as it stands, and the signature if it was one that proved it."""

    caller: Caller
    live: Live
    signature: Signature | None = None


class _Held(NamedTuple):
    """A key that was found; weakly of an account, or each key would keep an old one alive."""

    caller: Caller
    live: ref[Live]
    secret: str


class Identity:
    """Proves callers. Holds derived keys and opened tokens, nothing else."""

    def __init__(
        self, accounts: Accounts, sealer: Sealer, ring: KeyRing, settings: Settings
    ) -> None:
        self.ring = ring
        self._accounts = accounts
        self._sealer = sealer
        self._window_s: int | None = settings["signature.window_s"] or None
        self._strict: bool = settings["signature.strict_regions"]
        self._keys = SigningKeys(KEYS_REMEMBERED)
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._held: OrderedDict[str, _Held] = OrderedDict()

    async def fetch_bearer(self, bearer: Bearer) -> None:
        """Bring into memory what `prove_bearer` looks at."""
        await self._accounts.fetch(bearer.account)

    def prove_bearer(self, bearer: Bearer, now: datetime) -> Identified:
        """Who carries the token: a session of its role, for as long as token and role last.

        Raises:
            NotAuthentic: no token of ours, or one that is over.
        """
        live = self._accounts.get(bearer.account)
        token = live.account.token(bearer.id) if live else None
        # INVARIANT: an unknown id costs what a wrong secret costs.
        if not matches(bearer, token) or live is None or token is None:
            raise failures.bad_bearer("no such token", bearer.key_id)
        role = live.account.by_id(token.role_id)
        if not isinstance(role, Role):
            raise failures.bad_bearer("the token's role is gone", bearer.key_id)
        session = _session_of(token, live.account.arn(role), live.account.id)
        if is_over(live.account, session):
            raise failures.bad_bearer("the role's sessions were revoked", bearer.key_id)
        if session.is_expired(now):
            raise failures.expired_token(bearer.key_id)
        return Identified(Caller.of_session(session), live)

    async def fetch(self, signature: Signature) -> None:
        """Bring into memory what `prove` looks at.

        INVARIANT: anybody can send a key nobody knows. Looking for it in the store must stop
        nobody else, however long the store takes.
        """
        held = self._held.get(signature.access_key_id)
        if held is not None:
            await self._accounts.fetch(held.caller.account)
        elif signature.token is None:
            await self._accounts.fetch_owner_of_key(signature.access_key_id)
        else:
            with suppress(NotAuthentic):
                session = self._session(signature)
                await self._accounts.fetch(session.account if session else "")

    def prove(
        self, request: HttpRequest, signature: Signature, now: datetime, service: str
    ) -> Identified:
        """Who signed the request.

        Raises:
            NotAuthentic: nobody we know, or not with the key claimed.
        """
        try:
            session = self._session(signature)
            found = self._of_session(session, signature) if session else self._of_key(signature)
        except NotAuthentic:
            # INVARIANT: an unknown key costs what a wrong signature costs.
            self._verify(request, signature, DUMMY_KEY, now, service, quiet=True)
            raise
        identified, secret = found
        key = self._keys.get(
            signature.access_key_id, secret, signature.date, signature.region, signature.service
        )
        self._verify(request, signature, key, now, service, quiet=False)
        if session and session.is_expired(now):
            raise failures.expired_token(signature.access_key_id)
        return identified

    def _verify(
        self,
        request: HttpRequest,
        signature: Signature,
        key: bytes,
        now: datetime,
        service: str,
        *,
        quiet: bool,
    ) -> None:
        try:
            verify(
                request,
                signature,
                key,
                now,
                service=service,
                strict_regions=self._strict,
                window_s=self._window_s,
            )
        except NotAuthentic:
            if not quiet:
                raise

    def _session(self, signature: Signature) -> Session | None:
        # SPEED: opening a token costs 20 µs; the same one comes with every call of a session.
        token = signature.token
        if token is None:
            return presented_session(signature, self.ring)
        known = self._sessions.get(token)
        if known is not None and known.access_key_id == signature.access_key_id:
            return known
        session = presented_session(signature, self.ring)
        if session:
            self._sessions[token] = session
            if len(self._sessions) > KEYS_REMEMBERED:
                self._sessions.popitem(last=False)
        return session

    def _of_session(self, session: Session, signature: Signature) -> tuple[Identified, str]:
        live = self._accounts.get(session.account)
        if live is None or is_over(live.account, session):
            raise failures.bad_token("the session was revoked", signature.access_key_id)
        caller = Caller.of_session(session)
        return Identified(caller, live, signature), session.secret_access_key

    def _of_key(self, signature: Signature) -> tuple[Identified, str]:
        # SPEED: finding a key's owner and opening its secret costs 40 µs. What was found holds as
        # long as the account is the very same value.
        key_id = signature.access_key_id
        held = self._held.get(key_id)
        if held is not None:
            live = self._accounts.get(held.caller.account)
            if live is not None and held.live() is live:
                return Identified(held.caller, live, signature), held.secret
        try:
            caller, live, secret = self._find(key_id)
        except NotAuthentic:
            # INVARIANT: of a key that is switched off or deleted nothing stays in memory.
            if self._held.pop(key_id, None):
                self._keys.forget(key_id)
            raise
        self._held[key_id] = _Held(caller, ref(live), secret)
        if len(self._held) > KEYS_REMEMBERED:
            self._held.popitem(last=False)
        return Identified(caller, live, signature), secret

    def _find(self, key_id: str) -> tuple[Caller, Live, str]:
        live = self._accounts.owner_of_key(key_id)
        owner = live.account.by_id(key_id) if live else None
        if live is None or not isinstance(owner, User | Profile):
            raise failures.unknown_key(key_id)
        keys = owner.access_keys if isinstance(owner, User) else owner.root_keys
        if not _is_active(keys, key_id):
            raise failures.unknown_key(key_id, "the access key is inactive")
        secret = AccountVault(live, self._sealer).get(f"access-key/{key_id}")
        if secret is None:
            raise failures.unknown_key(key_id, "the access key has no secret")
        if isinstance(owner, User):
            caller = Caller.user(live.account.arn(owner), owner.user_id, key_id)
        else:
            caller = Caller.root(live.account.id, key_id)
        return caller, live, secret.decode()


def _session_of(token: Token, role_arn: str, account: str) -> Session:
    return Session(
        access_key_id=f"{PREFIX}{token.id}",
        secret_access_key="",
        account=account,
        kind=SessionKind.ROLE,
        entity_arn=role_arn,
        entity_id=token.role_id,
        name=f"token-{token.id}",
        issued_at=token.created,
        expires_at=token.expires,
    )


def _is_active(keys: tuple[AccessKey, ...], key_id: str) -> bool:
    return any(key.id == key_id and key.active for key in keys)


def is_over(account: Account, session: Session) -> bool:
    """Its user or role is gone, or sessions of its age were revoked."""
    floors = [account.profile.revoked_before]
    if session.kind is SessionKind.ROOT:
        floors.append(account.profile.root_revoked_before)
    elif session.kind is not SessionKind.ASSUMED_ROOT:
        entity = account.by_id(session.entity_id)
        if not isinstance(entity, User | Role):
            return True
        floors.append(entity.revoked_before)
    return any(floor is not None and session.issued_at < floor for floor in floors)
