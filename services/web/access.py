"""Who may do and see what. What does not stand in a table is refused.

Commands: the registry of each service (`CommandSpec.roles`) is the table. Views: VIEWS below. Which rows of a view
somebody sees is the view's own predicate, beside its queries.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from fastapi import Request

from events.envelope import Actor
from services.auth import ROLES, Expired, NotAccepted, Verifies
from services.problems import EXPIRED_TOKEN, FORBIDDEN, INVALID_TOKEN, NO_TOKEN, Problem
from services.web.ports import Reader

_ALL = ROLES
_OUTSIDE = frozenset({"applicant", "partner", "subscriber", "service"})
_OFFICIALS = _ALL - _OUTSIDE

VIEWS: Mapping[str, frozenset[str]] = {
    "budget": _ALL,
    "contracts": _ALL,
    "contract": _ALL,
    "case": _OFFICIALS | {"applicant"},
    "timeline": _OFFICIALS | {"applicant"},
    "worklist": _OFFICIALS | {"applicant", "partner"},
    "letter": _OFFICIALS | {"applicant"},
    "desk": _OFFICIALS,
    "events": frozenset({"auditor"}),
    "checkpoint": _ALL,
    "clock": frozenset({"admin"}),
    "public": frozenset({"subscriber", "auditor", "admin"}),
    "upload": frozenset({"applicant"}),
    # Whether a member of the jury may see a file hangs on its declared interests, which are not known here.
    "attachment": (_OFFICIALS | {"applicant"}) - {"jury_member", "jury_chair"},
    "draft": frozenset({"applicant"}),
    "subscriptions": frozenset({"subscriber", "admin"}),
}
"""View → the roles that may ask for it."""

CHALLENGE = 'Bearer realm="wijkspoor"'


class Gate:
    """Tells who stands at the door, and lets in only roles of the table."""

    def __init__(self, issuer: Verifies) -> None:
        self._issuer = issuer

    def actor(self, request: Request) -> Actor:
        """Who acts by the request's bearer token; a 401 problem otherwise."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Problem(NO_TOKEN, headers={"WWW-Authenticate": CHALLENGE})
        try:
            return self._issuer.verify(token.strip())
        except Expired as error:
            raise Problem(EXPIRED_TOKEN, headers=_challenge("the token has expired")) from error
        except NotAccepted as error:
            raise Problem(INVALID_TOKEN, headers=_challenge("the token is not valid")) from error

    def admit(self, request: Request, roles: Collection[str]) -> Actor:
        """The actor if its role is one of these; a 401 or 403 problem otherwise."""
        actor = self.actor(request)
        if actor.role not in roles:
            raise Problem(FORBIDDEN, values={"role": actor.role}, extra={"requiredRoles": sorted(roles)})
        return actor

    @property
    def reader(self) -> Reader:
        """What routers of views get to guard their routes with."""

        def of_view(view: str) -> Callable[[Request], Actor]:
            roles = VIEWS[view]

            def dependency(request: Request) -> Actor:
                return self.admit(request, roles)

            return dependency

        return of_view


def _challenge(why: str) -> dict[str, str]:
    return {"WWW-Authenticate": f'{CHALLENGE}, error="invalid_token", error_description="{why}"'}
