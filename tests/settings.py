"""The product's settings, with a data folder of the test run's own."""

import os
import tempfile

os.environ.setdefault("DAILIES_DATA", tempfile.mkdtemp(prefix="dailies-tests-"))
os.environ.setdefault("DAILIES_SECRET_KEY", "only-for-tests-" + "x" * 40)

from studio.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# No test asks a real provider, whatever keys this machine has.
_NOTHING = {"key": "", "base_url": "", "slots": None, "enabled": None}
PROVIDERS = {slug: dict(_NOTHING) for slug in PROVIDERS}  # noqa: F405
LANGUAGE_MODEL = {"base_url": "", "key": "", "model": ""}
