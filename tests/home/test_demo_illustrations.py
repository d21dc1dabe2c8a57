"""The demo's pictures: every subject draws, is rich, and is the same each time."""

import pytest
from PIL import ImageStat

from home.demo.illustrations import SUBJECTS, avatar, draw

SMALL = (360, 240)


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("size", [SMALL, (320, 180)], ids=["3:2", "16:9"])
def test_subject_draws_a_full_picture(subject: str, size: tuple[int, int]) -> None:
    image = draw(subject, seed=1, size=size)
    assert image.size == size
    assert image.mode == "RGB"
    assert image.convert("L").entropy() > 5
    assert max(ImageStat.Stat(image).stddev) > 15
    red, green, blue = (band.getextrema() for band in image.split())
    assert (red, green) != (green, blue), "grey"


def test_same_seed_same_pixels() -> None:
    assert draw("orchard", seed=4, size=SMALL).tobytes() == draw("orchard", seed=4, size=SMALL).tobytes()
    assert draw("orchard", seed=4, size=SMALL).tobytes() != draw("orchard", seed=5, size=SMALL).tobytes()


def test_portraits_belong_to_their_names() -> None:
    one = avatar("Lin Zhixia", size=(160, 160))
    assert one.tobytes() == avatar("Lin Zhixia", size=(160, 160)).tobytes()
    assert one.tobytes() != avatar("Su Wan", size=(160, 160)).tobytes()
    assert one.convert("L").entropy() > 5


def test_unknown_subject_is_refused() -> None:
    with pytest.raises(KeyError):
        draw("grey-box", seed=1, size=SMALL)
