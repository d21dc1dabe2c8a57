"""Whether this process can work, and what it says to a form that it can not trust."""

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache


@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return JsonResponse({"status": "database unreachable"}, status=503)
    return JsonResponse({"status": "ok"})


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token, or with an old one: the page that says so, in the reader's language."""
    return render(request, "403.html", status=403)
