import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from cms.core import clock, sweeps, timetravel
from cms.core.models import ClockOffset, OutboxEvent

HOUR = timedelta(hours=1)


@pytest.fixture
def local_stripe(settings):
    """Something that takes the control API's PUT, and says what our clock was at that moment."""
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            seen.append((self.path, json.loads(body)))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.STRIPE_IS_LOCAL = True
    settings.STRIPE_API_BASE = f"http://127.0.0.1:{server.server_port}"
    yield seen
    server.shutdown()
    server.server_close()


@pytest.mark.django_db
def test_python_and_the_database_see_one_present():
    clock.set_offset(timedelta(days=3))
    with connection.cursor() as cursor:
        cursor.execute("SELECT app_now()")
        in_database = cursor.fetchone()[0]
    assert abs(in_database - clock.now()) < timedelta(seconds=5)
    assert abs(clock.now() - timezone.now() - timedelta(days=3)) < timedelta(seconds=1)


@pytest.mark.django_db
def test_a_column_default_is_app_time():
    clock.set_offset(timedelta(days=-30))
    event = OutboxEvent.objects.create(key="k", name="n")
    event.refresh_from_db()
    assert abs(event.occurred_at - clock.now()) < timedelta(seconds=5)


@pytest.mark.django_db
def test_a_frame_holds_one_offset_and_reads_it_once(django_assert_num_queries):
    with django_assert_num_queries(0), clock.frame():
        pass
    with clock.frame():
        assert clock.offset() == timedelta(0)
        ClockOffset.objects.update_or_create(pk=1, defaults={"seconds": 3600})  # another process moves the clock
        with django_assert_num_queries(0):
            assert clock.offset() == timedelta(0)
    assert clock.offset() == HOUR


@pytest.mark.django_db
def test_whoever_moves_the_clock_inside_a_frame_goes_on_in_the_new_present():
    with clock.frame():
        clock.set_offset(HOUR)
        assert clock.offset() == HOUR
    assert clock.offset() == HOUR


@pytest.mark.django_db
@pytest.mark.django_db
def test_the_clock_stays_where_it_may_not_be_moved(settings):
    settings.CLOCK_MOVABLE = False
    with pytest.raises(clock.ClockRefused):
        clock.set_offset(HOUR)
    assert clock.offset() == timedelta(0)


@pytest.mark.django_db
def test_there_is_one_offset():
    clock.set_offset(HOUR)
    clock.set_offset(2 * HOUR)
    assert list(ClockOffset.objects.values_list("pk", "seconds")) == [(1, 7200)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("30s", timedelta(seconds=30)), ("10m", timedelta(minutes=10)), ("2h", 2 * HOUR), ("3d", timedelta(days=3))],
)
def test_durations(text, expected):
    assert timetravel.parse_duration(text) == expected


@pytest.mark.parametrize("text", ["", "3", "d", "-3d", "3w", "1.5h", "3 d", "99999999d"])
def test_what_is_no_duration(text):
    with pytest.raises(ValueError, match="write 30s, 10m, 2h or 3d"):
        timetravel.parse_duration(text)


@pytest.mark.django_db
def test_advance_tells_the_local_stripe_then_moves_then_sweeps(local_stripe, monkeypatch):
    at_sweep = []
    monkeypatch.setattr(sweeps, "_registry", {})
    sweeps.register("test", lambda: at_sweep.append((len(local_stripe), clock.offset())) or 7)
    clock.set_offset(HOUR)
    journey = timetravel.advance(timedelta(days=1))
    assert local_stripe == [("/_control/clock/", {"offset": 25 * 3600})]
    assert at_sweep == [(1, 25 * HOUR)]
    assert journey.swept == {"test": 7}
    assert journey.offset == 25 * HOUR


@pytest.mark.django_db
@pytest.mark.parametrize("setting", ["STRIPE_IS_LOCAL", "CLOCK_MOVABLE"])
def test_advance_is_refused_with_a_real_provider(setting, settings, local_stripe):
    setattr(settings, setting, False)
    with pytest.raises(clock.ClockRefused):
        timetravel.advance(HOUR)
    assert local_stripe == []
    assert clock.offset() == timedelta(0)


@pytest.mark.django_db
def test_advance_moves_nothing_when_the_local_stripe_is_away(settings):
    settings.STRIPE_IS_LOCAL, settings.STRIPE_API_BASE = True, "http://127.0.0.1:1"
    with pytest.raises(clock.ClockRefused, match="does not answer"):
        timetravel.advance(HOUR)
    assert clock.offset() == timedelta(0)


@pytest.mark.django_db
def test_the_command_shows_and_advances(local_stripe, capsys):
    call_command("clock", "show")
    shown = datetime.fromisoformat(capsys.readouterr().out.strip())
    assert abs(shown - datetime.now(UTC)) < timedelta(seconds=5)
    call_command("clock", "advance", "2h")
    moved = datetime.fromisoformat(capsys.readouterr().out.splitlines()[0])
    assert abs(moved - shown - 2 * HOUR) < timedelta(seconds=5)


@pytest.mark.django_db
def test_the_command_refuses_in_one_line(settings):
    settings.STRIPE_IS_LOCAL = False
    with pytest.raises(CommandError, match="only where the local Stripe is the gateway"):
        call_command("clock", "advance", "2h")
    with pytest.raises(CommandError, match="no duration"):
        call_command("clock", "advance", "soon")


@pytest.mark.django_db
def test_the_clock_stays_where_dates_can_still_be_told(local_stripe):
    with pytest.raises(clock.ClockRefused, match="20 years"):
        timetravel.advance(timetravel.parse_duration("9999999d"))
    assert (clock.offset(), local_stripe) == (timedelta(0), [])
