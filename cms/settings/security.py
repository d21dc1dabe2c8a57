"""What browsers are told to refuse on our behalf.

Pages of the site run no inline script and no inline style. Wagtail's admin writes both into its forms, so there they
are allowed, from no other place though.
"""

from csp.constants import NONE, SELF, UNSAFE_INLINE

# Where the players of `cms.images.films` are.
PLAYERS = ["https://www.youtube-nocookie.com", "https://player.vimeo.com", "https://player.bilibili.com"]
# A form's answer may lead there: to the hosted checkout (Alipay's goes on from its gateway to pages of several names),
# and to where creators say who they are.
PROVIDERS = ["https://checkout.stripe.com", "https://connect.stripe.com", "https://*.alipay.com"]

SITE_POLICY = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF],
    "font-src": [SELF],
    "media-src": [SELF],
    "connect-src": [SELF],
    "manifest-src": [SELF],
    "frame-src": [SELF, *PLAYERS],
    "form-action": [SELF, *PROVIDERS],
    "frame-ancestors": [NONE],
    "base-uri": [NONE],
}
ADMIN_POLICY = {
    **SITE_POLICY,
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    # Pictures are shown while they are being uploaded.
    "img-src": [SELF, "data:", "blob:"],
    # Previews stand inside the editor.
    "frame-ancestors": [SELF],
}
# What the editor shows of the site, or of a front end of one's own, while somebody writes.
PREVIEW_POLICY = {**SITE_POLICY, "frame-ancestors": [SELF]}
API_POLICY = {"default-src": [NONE], "frame-ancestors": [NONE]}

CONTENT_SECURITY_POLICY = {"DIRECTIVES": SITE_POLICY}
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope",
        "magnetometer", "microphone", "midi", "payment", "serial", "usb", "xr-spatial-tracking",
    )
)  # fmt: skip
# Guests' links carry their token: no other site is told where a reader comes from.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
# Who runs the platform updates it; the admin asks nobody outside.
WAGTAIL_ENABLE_UPDATE_CHECK = False
