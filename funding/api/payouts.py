"""A creator's payout account."""

from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from cms.core.api import SignedIn, user_of
from cms.core.errors import InvalidInput
from cms.users import roles
from cms.users.selectors import payout_blockers
from funding.api.shapes import PayoutAccountData, PayoutAccountInput, payout_account
from funding.models import PayoutAccount
from funding.services.onboarding import start_onboarding
from funding.services.paying_out import account_blockers


class IsCreator(BasePermission):
    """People with the role Creator."""

    def has_permission(self, request: Request, view: object) -> bool:
        """Ask for the role."""
        return roles.has_role(request.user, roles.CREATOR)


class PayoutAccountView(SignedIn):
    """Where a creator's money goes. What the provider must know is entered on the provider's own pages."""

    permission_classes = (
        IsAuthenticated,
        IsCreator,
    )

    @extend_schema(operation_id="payout_account", tags=["creator"], responses=PayoutAccountData)
    def get(self, request: Request) -> Response:
        """How far it is set up."""
        return Response(self._data(request))

    @extend_schema(
        operation_id="set_payout_account", tags=["creator"], request=PayoutAccountInput, responses=PayoutAccountData
    )
    def put(self, request: Request) -> Response:
        """Begin or go on with the provider's pages: go to `onboarding_url`."""
        given = PayoutAccountInput(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        home = f"{settings.PUBLIC_URL}/cms/"
        url = start_onboarding(
            creator=user_of(request), kind=data["kind"], country=data["country"],
            return_url=_address(data.get("return_url", home), "return_url"),
            refresh_url=_address(data.get("refresh_url", home), "refresh_url"),
        )  # fmt: skip
        return Response(self._data(request, url=url))

    def _data(self, request: Request, url: str | None = None) -> dict[str, object]:
        user = user_of(request)
        account = PayoutAccount.current(user.pk)
        blockers = payout_blockers(user)
        if account is not None and account.details_submitted:
            blockers = [*blockers, *account_blockers(account)]
        return payout_account(account, blockers=blockers, url=url)


def _address(url: str, field: str) -> str:
    """An address to come back to. Only http(s): it is opened in the creator's browser."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise InvalidInput(_("Give a whole web address."), field=field)
    return url
