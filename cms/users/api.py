"""A person's own profile."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cms.core.api import Shape, SignedIn, Strict, Text, user_of
from cms.users import roles
from cms.users.models import User
from cms.users.selectors import email_verified
from cms.users.services import edit_profile


class ProfileInput(Strict):
    """What may be changed; what is left out stays. E-mail address and password are allauth's."""

    display_name = Text(required=False, allow_blank=True, max_length=80)
    bio = Text(required=False, allow_blank=True, max_length=600)
    locale = Text(required=False, max_length=10)
    timezone = Text(required=False, max_length=64)


class ProfileData(Shape):
    """Who is signed in."""

    email = serializers.EmailField()
    email_verified = serializers.BooleanField()
    display_name = serializers.CharField(allow_blank=True)
    bio = serializers.CharField(allow_blank=True)
    photo = serializers.CharField(allow_null=True)
    locale = serializers.CharField()
    timezone = serializers.CharField()
    country = serializers.CharField(allow_blank=True)
    roles = serializers.ListField(child=serializers.CharField())


def profile(user: User) -> dict[str, Any]:
    """What `ProfileData` says."""
    return {
        "email": user.email,
        "email_verified": email_verified(user),
        "display_name": user.display_name,
        "bio": user.bio,
        "photo": user.photo.url if user.photo else None,
        "locale": user.locale,
        "timezone": user.timezone,
        "country": user.country,
        "roles": sorted(roles.names(user)),
    }


class Me(SignedIn):
    """The person who calls."""

    @extend_schema(operation_id="me", tags=["me"], responses=ProfileData)
    def get(self, request: Request) -> Response:
        """Their profile."""
        return Response(profile(user_of(request)))

    @extend_schema(operation_id="edit_me", tags=["me"], request=ProfileInput, responses=ProfileData)
    def patch(self, request: Request) -> Response:
        """Change what they say of themselves."""
        given = ProfileInput(data=request.data)
        given.is_valid(raise_exception=True)
        user = user_of(request)
        kept = {name: getattr(user, name) for name in ("display_name", "bio", "locale", "timezone")}
        return Response(profile(edit_profile(user=user, **{**kept, **given.validated_data})))
