"""Sign-up, sign-in and second factors: django-allauth, the admin's sign-in included."""

import hashlib
import os

AUTH_USER_MODEL = "users.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
# Ours, which hands over to the site's sign-in: whoever could sign in past it would sign in past the second factor.
WAGTAILADMIN_LOGIN_URL = "admin_sign_in"
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
# Nobody sets another person's password: a new account gets in by the reset link.
WAGTAILUSERS_PASSWORD_ENABLED = False
# Whoever holds a role beyond Creator needs a passkey or an authenticator app to enter the admin.
STAFF_SECOND_FACTOR_REQUIRED = True

ACCOUNT_ADAPTER = "cms.mail.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = False
ACCOUNT_USER_DISPLAY = "cms.users.selectors.account_name"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
MFA_ADAPTER = "cms.users.adapters.MFAAdapter"
MFA_TOTP_ISSUER = "Kindling"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
USERSESSIONS_TRACK_ACTIVITY = True
HEADLESS_CLIENTS = ["app"]


def person_hash_key(secret_key: str) -> str:
    """The key of pseudonyms: from the environment, so that the secret key may be rotated, or derived from that."""
    return os.environ.get("PERSON_HASH_KEY") or hashlib.sha256(b"kindling.person:" + secret_key.encode()).hexdigest()
