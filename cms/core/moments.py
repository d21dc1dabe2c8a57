"""Days and times as people write them, in the reader's language and on the clocks of a place."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_location
from django.utils import formats
from django.utils.translation import get_language

from cms.core.clock import now

HOME = "Asia/Shanghai"
HOME_ZONE = ZoneInfo(HOME)


def today() -> date:
    """The day of app time on the platform's clock."""
    return now().astimezone(HOME_ZONE).date()


def date_text(moment: datetime | None, *, zone: str = HOME) -> str:
    """A day: "12 March 2027", "2027年3月12日"; nothing for no day."""
    if moment is None:
        return ""
    return formats.date_format(moment.astimezone(ZoneInfo(zone)), "Y年n月j日" if _chinese() else "j F Y")


def day_text(day: date) -> str:
    """A calendar day, of no clock: "12 March 2027", "2027年3月12日"."""
    return formats.date_format(day, "Y年n月j日" if _chinese() else "j F Y")


def month_text(day: date | str) -> str:
    """The month of a day, or of its ISO form: "May 2027", "2027年5月"."""
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return formats.date_format(day, "Y年n月" if _chinese() else "F Y")


def time_text(moment: datetime | None, *, zone: str = HOME) -> str:
    """A day and minute with its place: "12 March 2027, 20:00 (Shanghai)", "2027年3月12日 20:00（北京时间）"."""
    if moment is None:
        return ""
    local = moment.astimezone(ZoneInfo(zone))
    if not _chinese():
        return f"{formats.date_format(local, 'j F Y, H:i')} ({_place(zone, 'en')})"
    place = "北京" if zone in (HOME, "Asia/Chongqing") else _place(zone, "zh")
    return f"{formats.date_format(local, 'Y年n月j日 H:i')}（{place}时间）"


def _chinese() -> bool:
    return (get_language() or "en").startswith("zh")


def _place(zone: str, language: str) -> str:
    return get_timezone_location(zone, locale=language, return_city=True).rsplit("/", 1)[-1]
