"""One Doorward in memory, its clients, and assertions on what its principals may do."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self, Unpack

from doorward.account.account import Account
from doorward.account.model import Role, User
from doorward.app.config import read_settings
from doorward.app.house import House, Plan
from doorward.app.in_process import boto
from doorward.app.in_process.clock import Clock, Moment
from doorward.app.in_process.keys import Keys, keys_of_role, keys_of_user
from doorward.app.in_process.loop_thread import LoopThread
from doorward.app.in_process.question import Asked, Circumstances, full_arn, question
from doorward.app.in_process.seeds import SeedSource, seed_from
from doorward.app.live import Live
from doorward.authn.request import HttpRequest
from doorward.policy import Arn, Decision
from doorward.policy.testing import ACCOUNT, Expected, check
from doorward.wire.response import HttpResponse

if TYPE_CHECKING:
    import boto3

REGION = "us-east-1"
SESSION_NAME = "test"


class InProcess:
    """A Doorward in this process, on a thread of its own; any thread may use it.

    Attributes:
        house: The assembly, for what has no method here.
        clock: `clock.advance(hours=2)` lets time pass; its clients sign by it.
        admin: The administrator's keys; `None` where the seed makes none.
    """

    def __init__(
        self,
        *,
        seed: SeedSource = None,
        account: str | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        """Open it.

        Args:
            seed: A file as `doorward up --seed` takes it, or its content.
            account: The main account's id; the seed's or 111122223333 when None.
            settings: As `doorward up --set`.

        Raises:
            SeedError: the seed cannot be used.
            FirstStartRefused: the seed is for another account.
            OSError: the seed's file cannot be read.
        """
        chosen = dict(settings or {})
        filled = seed_from(seed)
        if account is None and not (filled and filled.form.account.id):
            account = ACCOUNT
        self.clock = Clock()
        self.house = House(
            Plan(
                account=account,
                seed=filled,
                settings=read_settings(arguments=[f"{name}={chosen[name]}" for name in chosen]),
                clock=self.clock,
            )
        )
        self._thread = LoopThread()
        first = self.house.first
        self.admin = Keys(*first.admin) if first and first.admin else None
        self.account_id = self.house.main_account
        self._led = boto.Led(self.answer, self.clock)
        self._botocore = boto.session(self._led, REGION)
        self._clients: dict[tuple[str, str], Any] = {}

    # -- its life ----------------------------------------------------------------------------

    def __enter__(self) -> Self:
        """Use it; it is closed at the end."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def reset(self) -> None:
        """Back to the first start, with the same account and the same keys."""
        self.clock.ahead *= 0
        self._thread.run(self.house.reset())

    def at(self, time: datetime) -> Moment:
        """Set the clock: `with doorward.at(time):`, or from now on without the `with`.

        Raises:
            ValueError: the time has no zone.
        """
        return self.clock.at(time)

    def close(self) -> None:
        """Stop it; nothing is kept."""
        self._thread.run(self.house.stop())
        self._thread.close()

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Serve one raw request."""
        return self._thread.run(self.house.pipeline.answer(request))

    @property
    def account(self) -> Account:
        """The main account as it stands."""
        return self._home(self.account_id).account

    # -- clients -----------------------------------------------------------------------------

    def client(
        self,
        service: str,
        *,
        user: str | None = None,
        role: str | None = None,
        region_name: str = REGION,
        **options: Any,
    ) -> Any:
        """A boto3 client: the administrator's, or that of a user or a role.

        Args:
            service: As boto3 names it.
            user: Name or ARN.
            role: Name or ARN; its trust policy is not asked (`AssumeRole` asks it).
            region_name: Any.
            options: Further ones of botocore's `create_client`, such as `config`.

        Raises:
            LookupError: there is no such user or role.
        """
        if user or role or options:
            return self._new_client(service, region_name, self.keys(user=user, role=role), options)
        # SPEED: the administrator's keys outlive a reset, and so does a client, which takes 10 ms.
        place = (service, region_name)
        if place not in self._clients:
            self._clients[place] = self._new_client(*place, self.keys(), {})
        return self._clients[place]

    def session(
        self, *, user: str | None = None, role: str | None = None, region_name: str = REGION
    ) -> "boto3.Session":
        """A boto3 session, for code that takes one. Needs boto3."""
        return boto.boto3_session(self._led, region_name, self.keys(user=user, role=role))

    @contextmanager
    def everywhere(
        self, *, user: str | None = None, role: str | None = None, region_name: str = REGION
    ) -> Iterator[Self]:
        """Serve every boto3 and botocore session begun in the meantime, `boto3.client` included.

        The environment's `AWS_*` are those of the user or role until the end.
        """
        with boto.everywhere(self._led, region_name, self.keys(user=user, role=role)):
            yield self

    def keys(self, *, user: str | None = None, role: str | None = None) -> Keys:
        """Credentials: the administrator's, a user's access key, or a new session of a role.

        Raises:
            LookupError: there is no such user or role.
        """
        if user is not None:
            return self._thread.run(keys_of_user(self.house, *self._user(user)))
        if role is not None:
            return keys_of_role(self.house, *self._role(role), SESSION_NAME)
        if self.admin is None:
            raise LookupError("the seed makes no administrator: say user= or role=")
        return self.admin

    # -- what its principals may do ----------------------------------------------------------

    def assert_allowed(
        self,
        principal: str | None,
        action: str,
        resource: str = "*",
        *,
        because: str | None = None,
        **given: Unpack[Circumstances],
    ) -> Decision:
        """Assert that a principal may do this, as the accounts stand.

        Args:
            principal: An ARN, `user/ann`, `role/deployer`, `assumed-role/deployer/session` or
                `root` of the main account, a service's name, or `None` for an unsigned request.
            action: `service:Name`, without wildcards.
            resource: An ARN, or `*` for an action that takes none.
            because: What it should rest on: a layer, a policy's name or ARN, a Sid.
            given: `context`, `resource_account`, `resource_policy`, as `Circumstances` says.

        Raises:
            AssertionError: it may not; the message explains the decision.
            LookupError: there is no such principal.
            PolicyError: the resource's policy is none.
            ValueError: there is no such action.
        """
        __tracebackhide__ = True
        asked = self.question(principal, action, resource, **given)
        return check(Expected(allowed=True, because=because), *asked)

    def assert_denied(
        self,
        principal: str | None,
        action: str,
        resource: str = "*",
        *,
        because: str | None = None,
        explicitly: bool | None = None,
        **given: Unpack[Circumstances],
    ) -> Decision:
        """Assert that a principal may not do this; otherwise as `assert_allowed`.

        Args:
            principal: As in `assert_allowed`.
            action: As in `assert_allowed`.
            resource: As in `assert_allowed`.
            because: As in `assert_allowed`.
            explicitly: By a Deny statement (`True`), or for want of an Allow (`False`).
            given: As in `assert_allowed`.

        Raises:
            AssertionError: it may, or it is refused on other grounds.
            LookupError: there is no such principal.
            PolicyError: the resource's policy is none.
            ValueError: there is no such action.
        """
        __tracebackhide__ = True
        asked = self.question(principal, action, resource, **given)
        return check(Expected(allowed=False, explicitly=explicitly, because=because), *asked)

    def question(
        self,
        principal: str | None,
        action: str,
        resource: str = "*",
        **given: Unpack[Circumstances],
    ) -> Asked:
        """The request and the policies that `assert_allowed` decides by."""
        return question(
            self._account,
            self.account,
            None if principal is None else full_arn(self.account_id, principal),
            action,
            resource,
            **given,
        )

    # -- inside ------------------------------------------------------------------------------

    def _new_client(self, service: str, region: str, keys: Keys, options: dict[str, Any]) -> Any:
        return self._botocore.create_client(
            service,
            region_name=region,
            aws_access_key_id=keys.access_key_id,
            aws_secret_access_key=keys.secret_access_key,
            aws_session_token=keys.session_token,
            **options,
        )

    def _account(self, account_id: str) -> Account | None:
        live = self.house.accounts.get(account_id)
        return live.account if live else None

    def _user(self, name: str) -> tuple[Live, User]:
        live = self._home(name)
        found = live.account.user(name.rpartition("/")[2])
        if found is None:
            raise LookupError(f"there is no user {name}")
        return live, found

    def _role(self, name: str) -> tuple[Live, Role]:
        live = self._home(name)
        found = live.account.role(name.rpartition("/")[2])
        if found is None:
            raise LookupError(f"there is no role {name}")
        return live, found

    def _home(self, name: str) -> Live:
        """The account of an ARN; of a name, the main one."""
        arn = Arn.parse(name)
        account_id = arn.account if arn else self.account_id
        live = self.house.accounts.get(account_id)
        if live is None:
            raise LookupError(f"there is no account {account_id}")
        return live
