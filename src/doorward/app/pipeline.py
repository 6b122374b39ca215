"""One request's life: wire -> authn -> authz -> service -> store + trail -> wire.

If you need to know what happens when, it is all here, in order.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from doorward.account.activity import Use
from doorward.app.accounts import Accounts
from doorward.app.authorise import authorise
from doorward.app.codes import Codes
from doorward.app.config import Value
from doorward.app.counters import FailureLimits
from doorward.app.desk import HouseDesk
from doorward.app.errors import (
    InternalFailure,
    NotImplementedHere,
    ServiceUnavailable,
    Throttling,
)
from doorward.app.failures import Failures, Try
from doorward.app.follower import Follower
from doorward.app.identify import Identity
from doorward.app.ids import time_ordered_id
from doorward.app.live import Live
from doorward.app.outbox import sealed_post
from doorward.app.own_manners import challenged, identified, is_own
from doorward.app.proving import prove_evidence, prove_sender
from doorward.app.recorder import Recorder
from doorward.app.records import rows_of
from doorward.app.trace import Trace
from doorward.app.uses import Uses
from doorward.app.vault import AccountVault
from doorward.app.writer import Writer, Written
from doorward.authn import failures
from doorward.authn.request import HttpRequest
from doorward.errors import AwsError, NotAuthentic
from doorward.services.call import Call, Proven
from doorward.services.registry import Evidence, Operation, operations
from doorward.store.errors import StoreUnavailable
from doorward.store.posts import Post
from doorward.store.sealed import Sealer
from doorward.wire.errors import BodyTooLarge
from doorward.wire.limits import LARGEST_BODY, refuse_oversized_body, refuse_oversized_head
from doorward.wire.parse import parse
from doorward.wire.render import render
from doorward.wire.render_error import render_error
from doorward.wire.response import HttpResponse
from doorward.wire.route import protocol_of, route
from doorward.wire.validate import validate

log = logging.getLogger("doorward.pipeline")

STALE_WRITE_S = 10
STALE_READ_S = 60
LARGE_QUESTION = 4096
"""Bytes of a body from which on the thread costs less than reading it."""
Answer = dict[str, Any]


@dataclass(slots=True)
class Pipeline:
    """The straight line. `main_account` keeps the records of callers that nobody knows."""

    accounts: Accounts
    identity: Identity
    limits: FailureLimits
    failures: Failures
    codes: Codes
    settings: Mapping[str, Value]
    writer: Writer
    recorder: Recorder
    uses: Uses
    follower: Follower | None
    desk: HouseDesk
    sealer: Sealer
    clock: Callable[[], datetime]
    hashing: asyncio.Semaphore
    main_account: str
    explain: bool
    strict_trail: bool

    async def answer(self, request: HttpRequest) -> HttpResponse:
        """Serve one request; whatever happens, it is answered in AWS's form and recorded."""
        now = self.clock()
        trace = Trace(request, now, time_ordered_id(now), time_ordered_id(now))
        response = await self._answered(trace)
        return identified(trace, response) if is_own(trace) else response

    async def _answered(self, trace: Trace) -> HttpResponse:
        try:
            return await self._serve(trace)
        except (AwsError, NotAuthentic) as error:
            return await self._refuse(trace, error)
        except StoreUnavailable as error:
            log.error("the store does not answer: %s", error, extra={"id": trace.request_id})  # noqa: TRY400
            return await self._refuse(trace, ServiceUnavailable.store())
        except Exception:
            log.exception("unexpected", extra={"id": trace.request_id})
            return await self._refuse(trace, InternalFailure.here())

    async def _serve(self, trace: Trace) -> HttpResponse:
        request = trace.request
        # 0. A node that may be far behind knows nobody, not even who is unknown.
        self._refuse_stale(STALE_READ_S)
        # 1. Who: read the claim and prove it; what may be unsigned is known only from the route.
        refuse_oversized_head(request)
        if len(request.body) > LARGEST_BODY:
            raise BodyTooLarge(f"The request body exceeds {LARGEST_BODY} bytes.")
        await prove_sender(trace, self.identity)
        # 2. What: the operation and its parameters.
        if trace.route is None:
            trace.route = route(request, trace.signature.service if trace.signature else None)
        refuse_oversized_body(request, trace.route.operation.name)
        trace.operation = operation = _operation(trace)
        if trace.who is None and not operation.unsigned:
            raise failures.missing_token()
        if not operation.reads:
            self._refuse_stale(STALE_WRITE_S)
        self._note_use(trace)
        trace.params = parse(trace.route, request)
        validate(trace.route, trace.params)
        result = await self._carried_out(trace, operation)
        # 4. Say so.
        return render(trace.route, result, trace.request_id)

    async def _carried_out(self, trace: Trace, operation: Operation) -> Answer:
        if operation.evidence:
            offered = operation.evidence(trace.request, trace.params)
            trace.proven = await self._proven(trace, offered)
        if operation.code and (claim := operation.code(trace.params)):
            trace.mfa = await self.codes.proven(trace, claim)
        # 3. May they, and then do it.
        if operation.reads:
            result = await self._read(trace, operation)
            await self._keep(trace, result, None)
            return result
        return await self._write(trace, operation)

    async def perform(self, trace: Trace) -> Answer:
        """Carry out a call of somebody who is signed in.

        Route, caller and valid parameters are given; the operation too, where it is no ordinary
        one. It is decided and recorded as every call is.

        Raises:
            AwsError: it was refused.
            StoreUnavailable: what came of it is not known.
        """
        try:
            self._refuse_stale(STALE_READ_S)
            trace.operation = operation = trace.operation or _operation(trace)
            if not operation.reads:
                self._refuse_stale(STALE_WRITE_S)
            self._note_use(trace)
            return await self._carried_out(trace, operation)
        except AwsError as error:
            if not trace.recorded:
                await self._keep(trace, None, error)
            raise

    async def _proven(self, trace: Trace, offered: Iterable[Evidence]) -> tuple[Proven, ...]:
        return tuple(
            [await prove_evidence(trace, each, self.identity, self._read_only) for each in offered]
        )

    async def _read(self, trace: Trace, operation: Operation) -> Answer:
        call = self._read_only(trace)
        before = call.account
        authorise(call, operation, trace)
        # INVARIANT: one question, however large, stops nobody else; it may hold a product of many
        # values and many patterns.
        if operation.waits or len(trace.request.body) > LARGE_QUESTION:
            result = await asyncio.to_thread(operation.function, call, **trace.params) or {}
        else:
            result = operation.function(call, **trace.params) or {}
        if call.account is not before:
            raise RuntimeError(f"{operation.name} reads, yet it changed the account")
        return dict(result)

    async def _write(self, trace: Trace, operation: Operation) -> Answer:
        live = self._live(trace)
        # A refusal needs no store; what is allowed is asked again if the account has moved on.
        call = self._call(trace, live, AccountVault(live, self.sealer))
        authorise(call, operation, trace)
        if operation.prepare:
            trace.prepared = await self._prepared(trace, operation, call)
        outcome = await self.writer.write(
            live.account.id, lambda now_live: self._change(trace, operation, live, now_live)
        )
        trace.recorded = True
        if isinstance(outcome, Exception):
            raise outcome
        return dict(outcome)

    async def _prepared(self, trace: Trace, operation: Operation, call: Call) -> Any:
        """What the operation prepares in a thread; a wrong guess at a credential is counted."""
        assert operation.prepare is not None  # noqa: S101 - the caller asked
        credential = operation.credential(call) if operation.credential else None
        tried = Try(credential, trace.request.source) if credential else None
        if tried and await self.failures.take(tried, trace.at):
            raise Throttling.rate()
        async with self.hashing if operation.hashes else nullcontext():
            prepared = await asyncio.to_thread(operation.prepare, call, **trace.params)
        if tried:
            await self.failures.passed_half(tried)
        return prepared

    def _change(self, trace: Trace, operation: Operation, asked: Live, live: Live) -> Written:
        """The job of one change: its answer or its error, and its record either way."""
        vault = AccountVault(live, self.sealer)
        call = self._call(trace, live, vault)
        try:
            if live.account is not asked.account:
                authorise(call, operation, trace)
            result = dict(operation.function(call, **trace.params) or {})
        except AwsError as error:
            return Written(live, error, rows_of(trace, self.main_account, None, error))
        except Exception as error:
            log.exception("unexpected", extra={"id": trace.request_id})
            failure = InternalFailure.here()
            failure.__cause__ = error
            return Written(live, failure, rows_of(trace, self.main_account, None, failure))
        after = replace(vault.live, account=call.account)
        rows = rows_of(trace, self.main_account, result, None)
        return Written(after, result, rows, self._posts(trace, call))

    def _posts(self, trace: Trace, call: Call) -> list[Post]:
        due_ms = int(trace.at.timestamp() * 1000)
        return [sealed_post(self.sealer, each.kind, each.body, due_ms) for each in call.messages]

    async def _refuse(self, trace: Trace, error: AwsError | NotAuthentic) -> HttpResponse:
        if isinstance(error, NotAuthentic) and self.limits.exceeded(trace):
            error = Throttling.rate()
        if not trace.recorded:
            try:
                await self._keep(trace, None, error)
            except StoreUnavailable:
                error = ServiceUnavailable.store()
        response = render_error(
            trace.route,
            error,
            trace.request_id,
            protocol=protocol_of(
                trace.request, trace.signature.service if trace.signature else None
            ),
        )
        if isinstance(error, NotAuthentic) and is_own(trace):
            response = challenged(trace, response)
        if trace.decided and isinstance(error, AwsError):
            response = self._with_message(trace, response)
        return response

    async def _keep(
        self, trace: Trace, result: Answer | None, error: AwsError | NotAuthentic | None
    ) -> None:
        rows = rows_of(trace, self.main_account, result, error)
        trace.recorded = True
        for row in rows:
            if self.strict_trail:
                await self.recorder.recorded(row)
            else:
                self.recorder.record(row)

    def _with_message(self, trace: Trace, response: HttpResponse) -> HttpResponse:
        message = self.desk.authorization_message(trace)
        header = ("x-doorward-authorization-message", message)
        return replace(response, headers=(*response.headers, header))

    def _refuse_stale(self, oldest_s: int) -> None:
        if self.follower and self.follower.age_s > oldest_s:
            raise ServiceUnavailable.store()

    def _live(self, trace: Trace) -> Live:
        found = trace.who.live if trace.who else self.accounts.get(self.main_account)
        if found is None:
            raise StoreUnavailable("the main account is gone")
        return found

    def _read_only(self, trace: Trace) -> Call:
        live = self._live(trace)
        return self._call(trace, live, AccountVault(live, self.sealer))

    def _call(self, trace: Trace, live: Live, vault: AccountVault) -> Call:
        assert trace.route is not None  # noqa: S101 - a call is made after its route is known
        return Call(
            service=trace.route.service.name,
            operation=trace.route.operation.name,
            account=live.account,
            caller=trace.caller,
            now=trace.at,
            region=trace.region,
            request_id=trace.request_id,
            vault=vault,
            desk=self.desk,
            last_use=partial(self.uses.last_use, live),
            accesses=partial(self.uses.accesses, live),
            random=secrets.token_bytes,
            endpoint=trace.endpoint,
            explain=self.explain,
            proven=trace.proven,
            mfa=trace.mfa,
            prepared=trace.prepared,
            settings=self.settings,
        )

    def _note_use(self, trace: Trace) -> None:
        who, operation = trace.who, trace.operation
        if who is None or trace.route is None or operation is None:
            return
        caller, account = who.caller, who.live.account.id
        use = Use(trace.at.replace(microsecond=0), trace.region, trace.route.service.name)
        used = caller.entity_id if caller.session else caller.access_key_id
        if used:
            self.uses.note(account, used, use)
        if trace.bearer:
            self.uses.note(account, trace.bearer.key_id, use)
        # AWS: attempts count, the refused ones too; root is in no report.
        if caller.entity_id and caller.entity_id != account:
            action = operation.action or f"{use.service}:{trace.route.operation.name}"
            self.uses.note_call(account, caller.entity_id, action, use)


def _operation(trace: Trace) -> Operation:
    assert trace.route is not None  # noqa: S101 - asked after routing
    service, operation = trace.route.service, trace.route.operation
    found = operations(service.name).get(operation.function_name)
    if found is None:
        raise NotImplementedHere.operation(service.name, operation.name)
    return found
