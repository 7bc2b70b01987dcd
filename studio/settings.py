"""Every setting of Dailies; README.md has them as a table. All are environment variables.

Nothing needs to be set: the defaults store everything under one data folder and need no service.
"""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import dj_database_url
from csp.constants import NONE, SELF

TRUE = {"1", "true", "yes", "on"}


def env(name: str, default: str = "") -> str:
    """The value of DAILIES_<name>, or the content of the file that DAILIES_<name>_FILE names."""
    if path := os.environ.get(f"DAILIES_{name}_FILE"):
        return Path(path).read_text().strip()
    return os.environ.get(f"DAILIES_{name}", default)


def env_bool(name: str, *, default: bool = False) -> bool:
    return env(name, str(default)).lower() in TRUE


def env_int(name: str, default: int) -> int:
    return int(env(name) or default)


def env_list(name: str, default: str = "") -> list[str]:
    return [item.strip() for item in env(name, default).split(",") if item.strip()]


def provider_env(name: str) -> dict[str, Any]:
    """The settings of a remote provider: RUNWARE_API_KEY, or DAILIES_RUNWARE_API_KEY, and so on.

    None: not set here, so that the admin's page says it, or else the provider's document.
    """

    def said(what: str) -> str:
        variable = f"{name}_{what}"
        found = env(variable) or _from_file(f"{variable}_FILE") or os.environ.get(variable, "")
        return found.strip()

    enabled, slots = said("ENABLED"), said("CONCURRENCY")
    return {
        "key": said("API_KEY"),
        "base_url": said("BASE_URL").rstrip("/"),
        "slots": int(slots) if slots else None,
        "enabled": enabled.lower() in TRUE if enabled else None,
    }


def _from_file(variable: str) -> str:
    path = os.environ.get(variable)
    return Path(path).read_text().strip() if path else ""


def kept_secret(path: Path) -> str:
    """The studio's own key: made on the first start, then read from its file."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = path.with_name(f"{path.name}.{os.getpid()}")
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(50))
        try:
            os.link(made, path)  # only one of several first starts wins
        except FileExistsError:
            pass
        made.unlink()
    return path.read_text()


def bucket_origins() -> list[str]:
    """Where links to the bucket lead: S3's host names for it, or an endpoint of one's own."""
    bucket, region = env("S3_BUCKET"), os.environ.get("AWS_DEFAULT_REGION", "")
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL", "")
    if not bucket:
        return []
    if endpoint:
        place = urlsplit(endpoint)
        return [f"{place.scheme}://{host}" for host in (place.netloc, f"{bucket}.{place.netloc}")]
    hosts = ["s3.amazonaws.com", f"s3.{region}.amazonaws.com" if region else ""]
    return [f"https://{bucket}.{host}" for host in hosts if host]


def mail_server(url: str) -> dict[str, Any]:
    """The parts of a mail server's address as Django wants them; checks.py says what is wrong."""
    try:
        place = urlsplit(url)
        port = place.port
    except ValueError:
        place, port = urlsplit(""), None
    is_ssl = place.scheme == "smtps"
    asked = dict(parse_qsl(place.query))
    return {
        "host": place.hostname or "",
        "port": port or (465 if is_ssl else 587),
        "user": unquote(place.username or ""),
        "password": unquote(place.password or ""),
        "tls": not is_ssl and asked.get("tls", "").lower() in TRUE,
        "ssl": is_ssl,
    }


BASE = Path(__file__).resolve().parent.parent

# Everything that Dailies stores lies under this folder.
DATA = Path(env("DATA") or BASE / "var").resolve()

# Signs sessions and links, and encrypts providers' keys. Set it when several machines serve one studio.
SECRET_KEY = env("SECRET_KEY") or kept_secret(DATA / "secret_key")

# Former keys, so that what was signed and encrypted with them can still be read.
SECRET_KEY_FALLBACKS = env_list("SECRET_KEY_FALLBACKS")

# Shows tracebacks in the browser; never on a machine that others reach.
DEBUG = env_bool("DEBUG")

# Where people reach the studio, https://studio.example; turns on secure cookies and HSTS.
PUBLIC_URL = env("PUBLIC_URL").rstrip("/")
_PUBLIC = urlsplit(PUBLIC_URL)

# Host names that are answered, besides this machine's own and that of PUBLIC_URL.
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *env_list("ALLOWED_HOSTS")]
if _PUBLIC.hostname:
    ALLOWED_HOSTS.append(_PUBLIC.hostname)

# What is in the house
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "axes",
    "csp",
    "studio",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "studio.views.middleware.MemberMiddleware",
    "studio.views.middleware.ErrorMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "studio.urls"
WSGI_APPLICATION = "studio.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["template_partials.templatetags.partials", "studio.templatetags.studio"],
        },
    }
]

# The database: a file in the data folder, or postgres://user:password@host/name
_SQLITE: dict[str, Any] = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": DATA / "studio.sqlite3",
    "CONN_MAX_AGE": 600,
    "OPTIONS": {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        # FULL, because this file holds money: a commit survives the loss of power.
        "init_command": (
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA temp_store=MEMORY;"
            "PRAGMA mmap_size=268435456;PRAGMA journal_size_limit=67108864;PRAGMA cache_size=-20000;"
        ),
    },
}
DATABASE_URL = env("DATABASE_URL")
DATABASES: dict[str, Any] = {
    "default": dict(dj_database_url.parse(DATABASE_URL, conn_max_age=600, conn_health_checks=True))
    if DATABASE_URL
    else _SQLITE
}

# The queue: a file in the data folder, or redis://… or amqp://…
BROKER_URL = env("BROKER_URL")

# How changes reach open pages: a socket in the data folder, or redis://…
LIVE_URL = env("LIVE_URL")

# How many clips the built-in engines render at one time.
RENDERERS = env_int("RENDERERS", max(1, (os.cpu_count() or 1) // 2))

# Files: a folder in the data folder, or a bucket (AWS_* variables name its place and key).
S3_BUCKET = env("S3_BUCKET")
MEDIA_ROOT = DATA / "media"
SCRATCH = DATA / "scratch"
SCRATCH.mkdir(parents=True, exist_ok=True)
STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT")) if env("STATIC_ROOT") else None
STATICFILES_DIRS = [BASE / "static"]
# With collected files (the Docker image has them) their names carry a hash and never expire.
_COLLECTED = bool(env("STATIC_ROOT"))
WHITENOISE_USE_FINDERS = not _COLLECTED
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES: dict[str, Any] = {
    "default": {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "file_overwrite": True,
            "querystring_expire": 900,
            "signature_version": "s3v4",
            "max_memory_size": 1024 * 1024,
        },
    }
    if S3_BUCKET
    else {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# The largest request that is read at all; above it nothing is even looked at.
REQUEST_MAX_BYTES = 256 * 1024 * 1024

# Uploads: the largest picture that is taken as a frame.
UPLOAD_MAX_BYTES = 20 * 1024 * 1024
UPLOAD_MAX_PIXELS = 50_000_000

# The largest scene that is taken; a larger one is ordered by a link (TransendAI: "under 200 MB").
SCENE_MAX_BYTES = 200_000_000

# The largest result that is fetched from a provider.
RESULT_MAX_BYTES = env_int("RESULT_MAX_BYTES", 4_000_000_000)

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 10
# 5,000 clips can be chosen on the wall and done something with at once, each a field of the form.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6_000
FILE_UPLOAD_HANDLERS = ["studio.storage.receive.ToDisk"]

# People
AUTH_USER_MODEL = "studio.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "wall"
SESSION_ENGINE = "studio.models.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "studio.views.errors.csrf_failure"

# Ten wrong passwords for one person from one address close the door for half an hour.
AXES_FAILURE_LIMIT = env_int("SIGN_IN_TRIES", 10)
AXES_COOLOFF_TIME = 0.5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "username"
AXES_LOCKOUT_CALLABLE = "studio.views.people.locked_out"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# What browsers are told. Files in a bucket come by a redirect to it, which the policy has to allow.
_BUCKET = bucket_origins()
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "blob:", "data:", *_BUCKET],
        "media-src": [SELF, "blob:", *_BUCKET],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PUBLIC_URL else None
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _PUBLIC.scheme == "https"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE_SSL_REDIRECT else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_SSL_REDIRECT
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []

# Providers: AIMLAPI_API_KEY, _BASE_URL, _CONCURRENCY, _ENABLED, and so on for each of them.
PROVIDERS = {
    slug: provider_env(slug.upper())
    for slug in ("aimlapi", "trinetra", "octopusx", "runware", "transend")
}

# The language model that improves prompts, at any OpenAI-compatible address; a local one needs no key.
LANGUAGE_MODEL = {
    "base_url": env("LLM_BASE_URL").strip().rstrip("/"),
    "key": env("LLM_API_KEY").strip(),
    "model": env("LLM_MODEL").strip(),
}

# After so long a job that a provider does not finish is shown to people; it is never given up.
GIVE_UP_MINUTES = env_int("GIVE_UP_MINUTES", 60)

# Private networks that outbound requests may reach all the same, such as 127.0.0.0/8 for tests.
ALLOW_PRIVATE = env_list("ALLOW_PRIVATE")

# Mail: smtp://user:password@host:587/?tls=1, or smtps://…; without it nothing is sent by mail.
EMAIL_URL = env("EMAIL_URL")
MAIL_IS_ON = bool(EMAIL_URL)
_MAIL = mail_server(EMAIL_URL)
EMAIL_HOST, EMAIL_PORT = _MAIL["host"], _MAIL["port"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL["user"], _MAIL["password"]
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL["tls"], _MAIL["ssl"]
EMAIL_TIMEOUT = 20

# Whom mails come from: Dailies <dailies@studio.example>
DEFAULT_FROM_EMAIL = env("EMAIL_FROM")

# Language and time
LANGUAGE_CODE = "en"
USE_I18N = False
TIME_ZONE = "UTC"
USE_TZ = True


# The libraries that speak HTTP would log signed links and headers at the lower levels.
_QUIET = {name: {"level": "WARNING"} for name in ("httpx", "httpcore", "aiohttp", "asyncio")}
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname:7} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env("LOG_LEVEL", "WARNING")},
    "loggers": _QUIET,
}
