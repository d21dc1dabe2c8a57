"""The `/v1` API: authentication, version, faults, idempotency, validation, the handler, the log."""

import re
import time
from dataclasses import dataclass
from typing import Final

import stripe

from funding.sandbox import (
    accounts,
    balance,
    charges,
    checkout,
    disputes,
    events,
    faults,
    idempotency,
    intents,
    jobs,
    payouts,
    refunds,
    transfers,
    webhook_endpoints,
)
from funding.sandbox.errors import ApiError
from funding.sandbox.expansion import expand
from funding.sandbox.http import Request, Response, json_response
from funding.sandbox.params import decode_form, validate
from funding.sandbox.store import PLATFORM, Json, new_id
from funding.sandbox.world import Call, Route, World

ROUTES: Final[list[tuple[str, re.Pattern[str], Route]]] = [
    (route.method, re.compile(route.pattern), route)
    for module in (
        checkout, intents, charges, refunds, transfers, payouts, accounts, balance, disputes, events, webhook_endpoints,
    )
    for route in module.ROUTES
]  # fmt: skip

_KEY = re.compile(r"sk_test_\w+")


@dataclass
class Answer:
    """What a request came to, before it is sent."""

    status: int
    body: Json
    request_id: str
    replay_of: str | None = None


class Api:
    """Answers the API's requests; one transaction each, with its events and its idempotency key inside."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._in_flight = idempotency.InFlight()

    def handle(self, request: Request) -> Response:
        """Answer a request, through whatever fault was ordered for its path.

        Raises ConnectionAbortedError where the fault is that no answer comes.
        """
        request_id = new_id("req_")
        names = faults.READ_FAULTS if request.method == "GET" else faults.REQUEST_FAULTS
        hit = faults.strike(self.world.store, names, path=request.path)
        held: list[tuple[str, str]] = []
        try:
            try:
                answer = self._attempt(request, request_id, hit, held)
            except ApiError as error:
                answer = Answer(error.status, error.body, request_id)
            return self._send(request, answer, hit, held)
        finally:
            self._release(held)

    def _attempt(
        self, request: Request, request_id: str, hit: faults.Hit | None, held: list[tuple[str, str]]
    ) -> Answer:
        """Do the work; the idempotency key that it claims is put into `held`."""
        if hit and hit.fault == "drop":
            self._log(request, None, request_id, fault=hit.fault)
            raise ConnectionAbortedError
        if hit and hit.fault == "rate_limit":
            message = "Request rate limit exceeded. Learn more about rate limits: https://stripe.com/docs/rate-limits"
            raise ApiError(message, status=429, code="rate_limit", replayable=False)
        account = self._authenticate(request)
        key = request.headers.get("idempotency-key") if request.method == "POST" else None
        if key:
            self._in_flight.enter(account, key)
            held.append((account, key))
        return self._answer(request, request_id, account, key)

    def _release(self, held: list[tuple[str, str]]) -> None:
        while held:
            self._in_flight.leave(*held.pop())

    def _authenticate(self, request: Request) -> str:
        """Check the key and the version; returns the connected account that the request acts for."""
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "basic":
            raise ApiError("Use a Bearer key.", status=401, replayable=False)
        if not key:
            raise ApiError("You did not provide an API key.", status=401, replayable=False)
        if not _KEY.fullmatch(key):
            shown = f"{key[:8]}{'*' * 8}{key[-4:]}" if len(key) > 16 else "*" * len(key)
            raise ApiError(f"Invalid API Key provided: {shown}", status=401, replayable=False)
        version = request.headers.get("stripe-version", stripe.api_version)
        if version != stripe.api_version:
            raise ApiError(f"Invalid Stripe API version: {version}. This is {stripe.api_version}.", replayable=False)
        account = request.headers.get("stripe-account", PLATFORM)
        if account and not self.world.store.get(account, kind="account"):
            message = f"The provided key does not have access to account '{account}' (or that account does not exist)."
            raise ApiError(message, status=403, code="account_invalid", replayable=False)
        return account

    def _answer(self, request: Request, request_id: str, account: str, key: str | None) -> Answer:
        given = decode_form(request.body if request.method == "POST" else request.query)
        mark = idempotency.fingerprint(request.method, request.path, given)
        jobs.run_due(self.world)
        with self.world.store.transaction():
            if key:
                known = idempotency.recall(self.world, account=account, key=key, fingerprint=mark)
                if known:
                    return Answer(known.status, known.body, request_id, replay_of=known.request_id)
            try:
                with self.world.store.transaction():
                    answer = Answer(200, self._execute(request, request_id, account, key, given), request_id)
            except ApiError as error:
                if not error.replayable:
                    raise
                answer = Answer(error.status, error.body, request_id)
            if key:
                idempotency.remember(
                    self.world, account=account, key=key, fingerprint=mark, request_id=request_id, status=answer.status,
                    body=answer.body,
                )  # fmt: skip
        self.world.deliver_now.set()
        return answer

    def _execute(self, request: Request, request_id: str, account: str, key: str | None, given: Json) -> Json:
        for method, pattern, route in ROUTES:
            match = pattern.fullmatch(request.path)
            if match and method == request.method:
                params = validate(route.params, given)
                call = Call(
                    self.world, params=params, path_ids=match.groups(), path=request.path, account=account,
                    request_id=request_id, idempotency_key=key,
                )  # fmt: skip
                wanted = params.pop("expand", [])
                body: Json = route.handler(call)
                return expand(call, body, wanted)
        message = f"Unrecognized request URL ({request.method}: {request.path})."
        raise ApiError(message, status=404, replayable=False)

    def _send(self, request: Request, answer: Answer, hit: faults.Hit | None, held: list[tuple[str, str]]) -> Response:
        """Turn an answer into HTTP, or into the trouble that was ordered after the commit."""
        if hit and hit.fault == "delay":
            time.sleep(1.0 if hit.seconds is None else hit.seconds)
        elif hit and hit.fault == "timeout_after_commit":
            self._log(request, None, answer.request_id, fault=hit.fault)
            self._release(held)
            time.sleep(hit.seconds or 0)
            raise ConnectionAbortedError
        elif hit and hit.fault == "error_after_commit":
            error = ApiError("An unknown error occurred", status=500, type="api_error")
            answer = Answer(500, error.body, answer.request_id)
        replayed = answer.replay_of is not None
        self._log(request, answer.status, answer.request_id, replayed=replayed, fault=hit.fault if hit else None)
        headers = {"Request-Id": answer.request_id, "Stripe-Version": stripe.api_version}
        if request.headers.get("idempotency-key"):
            headers["Idempotency-Key"] = request.headers["idempotency-key"]
        if answer.replay_of:
            headers |= {"Idempotent-Replayed": "true", "Original-Request": answer.replay_of}
        return json_response(answer.body, status=answer.status, headers=headers)

    def _log(
        self,
        request: Request,
        status: int | None,
        request_id: str,
        *,
        replayed: bool = False,
        fault: str | None = None,
    ) -> None:
        self.world.store.run(
            "INSERT INTO requests (method, path, idempotency_key, status, request_id, account, replayed, fault, at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                request.method, request.path, request.headers.get("idempotency-key"), status, request_id,
                request.headers.get("stripe-account", ""), replayed, fault, self.world.clock.now(),
            ),
        )  # fmt: skip
