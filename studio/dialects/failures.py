"""Why an order that was accepted came to nothing: whose fault it is, by the provider's own codes.

A code says more than words do, so each dialect has a table of those that its document names. What
is in no table is told by its words: moderation, trouble at the provider, or else a verdict on the
order. Who gives no reason at all had trouble.
"""

from collections.abc import Mapping

from studio.core.errors import Moderated, ProviderError, ProviderRejected

MODERATION, FAULT, VERDICT = (
    kind.category for kind in (Moderated, ProviderError, ProviderRejected)
)  # fmt: skip
# A code in small letters → the category of the failure.
Failures = Mapping[str, str]
NONE: Failures = {}

# Kling's own (its page of error codes; English copy in inference-sh/grid, api/klingai/docs),
# which its sellers pass on at times: 1200 and 1201 are about the parameters, 1300 and 1301 about
# the content, 1302 and 1303 about their own rate, from 5000 on about its servers.
KLING: Failures = {
    "1200": VERDICT,
    "1201": VERDICT,
    "1300": MODERATION,
    "1301": MODERATION,
    "1302": FAULT,
    "1303": FAULT,
    "5000": FAULT,
    "5001": FAULT,
    "5002": FAULT,
}
# Words of trouble in any spelling: letters only.
FAULT_MARKS = (
    "timeout",
    "timedout",
    "internalerror",
    "internalservererror",
    "servererror",
    "unavailable",
    "overloaded",
    "maintenance",
    "tryagainlater",
)

# What we answer for a take that was not made, where the format names no code: category → code.
SERVED = {MODERATION: "content_moderation", FAULT: "internal_error"}
OTHER = "generation_failed"
