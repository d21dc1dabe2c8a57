"""A creator's news."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns import policies
from campaigns.api import studio_shapes as shapes
from campaigns.api.browsing import CURSOR, LIMIT
from campaigns.api.studio import Studio
from campaigns.blocks import UpdateStreamBlock
from campaigns.models import CampaignUpdate
from campaigns.selectors import files_of, pictures_of
from campaigns.services import updating
from cms.core.api import instant, keyset, user_of
from cms.images import incoming


class OwnUpdates(Studio):
    """All updates of a campaign, drafts too."""

    needs = staticmethod(policies.may_edit_story)

    @extend_schema(
        operation_id="own_updates", tags=["creator"], parameters=[CURSOR, LIMIT], responses=shapes.OwnUpdatePage
    )
    def get(self, request: Request, key: str) -> Response:
        """Newest first."""
        window = keyset(CampaignUpdate.objects.filter(campaign=self.own(request, key)), by="id", request=request)
        return Response({"items": [_own(row) for row in window.rows], "next_cursor": window.next_cursor})

    @extend_schema(
        operation_id="write_update", tags=["creator"], request=shapes.UpdateIn, responses={201: shapes.OwnUpdate}
    )
    def post(self, request: Request, key: str) -> Response:
        """Write one: a draft, published at once with `publish`, or by itself at `publish_at`."""
        row, data, user = self.own(request, key), self.given(shapes.UpdateIn, request), user_of(request)
        body = incoming.read(
            UpdateStreamBlock(), data["body"], images=pictures_of(row, user),
            files=files_of(row, user), field="body",
            whole=data.get("publish", False),
        )  # fmt: skip
        update = updating.create_update(
            campaign=row, actor=user, locale=data.get("locale", "en"), title=data["title"], body=body,
            audience=data.get("audience", "public"),
        )  # fmt: skip
        if data.get("publish"):
            update = updating.publish_update(update=update, actor=user)
        elif data.get("publish_at"):
            update = updating.schedule_update(update=update, actor=user, at=data["publish_at"])
        return Response(_own(CampaignUpdate.objects.get(pk=update.pk)), status=201)


def _own(row: CampaignUpdate) -> dict[str, Any]:
    return {
        "key": row.key,
        "locale": row.locale,
        "title": row.title,
        "audience": row.audience,
        "published_at": instant(row.published_at),
        "publish_at": instant(row.publish_at),
        "created_at": instant(row.created_at),
        "body": row.body.get_prep_value(),
    }
