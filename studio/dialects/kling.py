"""What Kling itself says, where those who sell it say nothing."""

from studio.core.pictures import PictureLimits

# Its image-to-video page (English copy: QuincyMillerDev/cooliomusic,
# docs/KLINGAI_IMAGE_TO_VIDEO_API.md): .jpg or .png of up to 10 MB, sides of at least 300 px, and
# 1:2.5 to 2.5:1. Tencent VOD, which is behind OctopusX, takes the same formats and size.
PICTURES = PictureLimits(
    shortest=300, times_longer=2.5, megabytes=10, types=("image/jpeg", "image/png"),
    by="Kling itself",
    source="https://app.klingai.com/global/dev/document-api/apiReference/model/imageToVideo",
    checked_on="2026-11-20",
)  # fmt: skip
