"""Content-Security-Policy and Permissions-Policy: one policy for the site, one for the admin, one for the API."""

from functools import cache

from csp.constants import HEADER, UNSAFE_INLINE
from csp.decorators import csp_update
from csp.middleware import CSPMiddleware, PolicyParts
from csp.utils import DIRECTIVES_T, build_policy
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

# A mail is shown as it was written, its styles within: in a frame without scripts that obeys the page's policy.
shows_mail = csp_update({"style-src": UNSAFE_INLINE})


class ContentPolicyMiddleware(CSPMiddleware):
    """django-csp's, with the policy chosen by address; its decorators work on single views."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        """The policy of the part of the site that answers, with what the view adds."""
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and parts.config is None:
            parts.config = _policy(_part(request), _stand_ins(), settings.HEADLESS_PREVIEW_URL)
        return parts

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Add both headers. A view that changes nothing gets the policy as it was written once."""
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        if not settings.DEBUG and not any(name.startswith("_csp") for name in vars(response)):
            response.headers.setdefault(HEADER, _written(_part(request), _stand_ins(), settings.HEADLESS_PREVIEW_URL))
        answer: HttpResponseBase = super().process_response(request, response) if HEADER not in response else response
        return answer


def _part(request: HttpRequest) -> str:
    # Wagtail asks a made-up request for the page that it shows in the editor.
    if getattr(request, "is_dummy", False):
        return "PREVIEW_POLICY"
    if request.path_info.startswith("/api/"):
        return "API_POLICY"
    return "ADMIN_POLICY" if request.path_info.startswith("/cms/") else "SITE_POLICY"


def _stand_ins() -> tuple[str, ...]:
    """Where payers are led in debugging, instead of to the providers."""
    stripe = settings.STRIPE_API_BASE if settings.STRIPE_IS_LOCAL else ""
    return tuple(address for address in (stripe, settings.DIRECT_SANDBOX) if address)


def _policy(part: str, stand_ins: tuple[str, ...], front_end: str) -> DIRECTIVES_T:
    policy = dict(getattr(settings, part))
    if front_end and part in ("ADMIN_POLICY", "PREVIEW_POLICY"):
        # The editor's preview shows drafts there.
        policy["frame-src"] = [*policy["frame-src"], front_end]
    if stand_ins and "form-action" in policy:
        policy["form-action"] = [*policy["form-action"], *stand_ins]
    return policy


@cache
def _written(part: str, stand_ins: tuple[str, ...], front_end: str) -> str:
    return build_policy(config=_policy(part, stand_ins, front_end))
