import logging
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from wagtail.models import Page

from cms.core import publishing, sweeps
from cms.core.tasks import run_sweeps


@pytest.fixture
def registry(monkeypatch):
    monkeypatch.setattr(sweeps, "_registry", {})


def fail() -> int:
    raise RuntimeError("broken")


def test_sweeps_run_by_rank_then_name(registry):
    for name, rank in [("b", 10), ("c", 5), ("a", 10)]:
        sweeps.register(name, lambda: 0, rank=rank)
    assert list(sweeps.run_all()) == ["c", "a", "b"]


def test_one_that_fails_stops_no_other(registry, caplog):
    sweeps.register("bad", fail, rank=1)
    sweeps.register("good", lambda: 3, rank=2)
    with caplog.at_level(logging.ERROR):
        assert sweeps.run_all() == {"bad": -1, "good": 3}
    assert "Sweep bad failed" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_failing_query_stops_no_other(registry):
    def query() -> int:
        return Page.objects.extra(where=["no_such_column"]).count()

    sweeps.register("bad", query, rank=1)
    sweeps.register("good", Page.objects.count, rank=2)
    done = sweeps.run_all()
    assert done["bad"] == -1
    assert done["good"] > 0


@pytest.mark.django_db
def test_the_command_prints_counts_and_says_when_one_failed(registry, capsys):
    sweeps.register("good", lambda: 3)
    call_command("sweep")
    assert capsys.readouterr().out == "good: 3\n"
    sweeps.register("bad", fail)
    with pytest.raises(CommandError, match="Not every sweep succeeded"):
        call_command("sweep")


def test_beat_runs_every_sweep_each_minute(registry, settings):
    ran = []
    sweeps.register("one", lambda: ran.append(1) or 1)
    run_sweeps()
    assert ran == [1]
    entry = settings.CELERY_BEAT_SCHEDULE["sweeps"]
    assert (entry["task"], entry["schedule"]) == (run_sweeps.name, 60.0)
    assert entry["options"]["expires"] < entry["schedule"]


def test_the_ground_sweeps_its_own():
    names = [sweep.name for sweep in sweeps.registered()]
    assert {"core.publish_scheduled", "core.events"} <= set(names)


@pytest.mark.django_db
def test_wagtails_scheduled_pages_are_published_and_expire():
    root = Page.objects.get(depth=1)
    page = root.add_child(instance=Page(title="Soon", slug="soon", live=False))
    page.go_live_at = timezone.now() + timedelta(hours=1)
    revision = page.save_revision()
    revision.publish()
    assert publishing.publish_scheduled() == 0
    past = timezone.now() - timedelta(seconds=1)
    revision.content["go_live_at"], revision.approved_go_live_at = past.isoformat(), past
    revision.save()
    assert publishing.publish_scheduled() == 1
    page.refresh_from_db()
    assert page.live
    Page.objects.filter(pk=page.pk).update(expire_at=past)
    assert publishing.publish_scheduled() == 1
    page.refresh_from_db()
    assert (page.live, page.expired) == (False, True)


def test_an_item_that_fails_holds_up_none_behind_it_and_shows_at_the_end(caplog):
    done = []

    def do(item: int) -> bool:
        if item == 1:
            raise RuntimeError("poisoned")
        done.append(item)
        return item != 2

    with pytest.raises(RuntimeError, match="poisoned"):
        sweeps.each([1, 2, 3], do)
    assert done == [2, 3]
    assert "failed: 1" in caplog.text
    assert sweeps.each([2, 3, 4], do) == 2


def test_each_stops_when_time_is_up_or_the_rest_would_fare_no_better():
    seen = []

    def enough(item: int) -> bool:
        seen.append(item)
        if item == 2:
            raise sweeps.EnoughError
        return True

    assert sweeps.each([1, 2, 3], enough) == 1
    assert seen == [1, 2]
    assert sweeps.each([1, 2, 3], enough, seconds=-1) == 0
