"""A drawing in the manner of a QR code, as inline SVG."""

from hashlib import sha256
from html import escape

_SIDE = 25
_EYE = 7


def code_svg(text: str, *, label: str) -> str:
    """A stylised code that depends on the text; it is a picture, not something to scan."""
    bits = "".join(f"{byte:08b}" for seed in range(3) for byte in sha256(f"{seed}{text}".encode()).digest())
    squares = [
        f"M{x} {y}h1v1h-1z"
        for y in range(_SIDE)
        for x in range(_SIDE)
        if not _in_eye(x, y) and bits[(y * _SIDE + x) % len(bits)] == "1"
    ]
    far = _SIDE - _EYE
    eyes = [
        f"M{x} {y}h7v7h-7zM{x + 1} {y + 1}v5h5v-5zM{x + 2} {y + 2}h3v3h-3z" for x, y in ((0, 0), (far, 0), (0, far))
    ]
    return (
        f'<svg class="qr" data-testid="wechat-code" role="img" aria-label="{escape(label)}"'
        f' viewBox="0 0 {_SIDE} {_SIDE}">'
        f'<path fill="#15130F" d="{"".join(squares + eyes)}"/></svg>'
    )


def _in_eye(x: int, y: int) -> bool:
    near, far = _EYE + 1, _SIDE - _EYE - 1
    return (x < near and y < near) or (x >= far and y < near) or (x < near and y >= far)
