"""Each provider's document as one command line, and what the provider must then have been sent.

All parameters of a document are there. In `flags`, FIRST, LAST, SCENE, FBX and MOTION stand for
files, BUCKET for an address that takes uploads.
"""

import json
import re
from dataclasses import dataclass

from tests.documents.aimlapi import IMAGE, TEXT, Aimlapi
from tests.documents.octopusx import Octopusx
from tests.documents.runware import Runware
from tests.documents.transend import SLOWLY, Transend
from tests.documents.trinetra import Trinetra

PUBLIC = "https://studio.example"
PROMPT = "A courier sprints across “cracked” platforms; smoke drifts."
FIRST, LAST = (640, 360), (480, 480)  # the sizes of the frames, which tell them apart
AVOID = "blur, text, extra limbs"


class Like(str):
    """Equal to every text that the pattern fits."""

    __hash__ = None

    def __eq__(self, other):
        return isinstance(other, str) and bool(re.fullmatch(str(self), other))


GIVEN = Like(rf"{PUBLIC}/given/[\w:.-]+/[\w.-]+\.(png|jpg|webp)")
DATA_URI = Like(r"data:image/(png|jpeg|webp);base64,[A-Za-z0-9+/=]+")
UUID = Like(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
REFERENCE = Like(r"dl-[0-9]+-[0-9a-f]{32}")


@dataclass(frozen=True, kw_only=True)
class Run:
    """`said` is what an admin tells `price` before, where nobody has published one; money is in the
    studio's credits of 0.01 USD. `frames` says where in the order they are; a studio that is not
    `public` has no address where a provider could fetch them.
    """

    server: type
    model: str
    flags: tuple[str, ...]
    sent: dict
    quoted: float
    charged: float
    size: tuple[int, int]
    seconds: int
    prompt: str = PROMPT
    said: tuple[str, ...] = ()
    public: bool = True
    takes: int = 1
    suffix: str = ".mp4"
    frames: tuple[str, ...] = ()
    streams: tuple[str, ...] = ()

    @property
    def provider(self):
        return self.server.slug


FILE_INFOS = [{"Type": "Url", "Category": "Image", "Url": "https://a.example/a.png"}]
EXT_INFO = {"AdditionalParameters": {"mode": "pro"}}
CONSTRAINTS = {"joint_speed_rad": 0.05}
MOTION = {"joints": [{"name": "elbow", "angles": [[0, 0.4], [0.5, 0.5], [1.0, 0.42]]}]}
SENSORS = ["rgb", "depth", "normals", "optical_flow"]

# As a studio with a public address sends them.
RUNS = {
    "aimlapi": Run(
        server=Aimlapi, model=TEXT, size=(180, 320), seconds=10, quoted=70, charged=66,
        said=("aimlapi", "0.07", "--unit", "USD", "--per", "second"),
        flags=("--model", TEXT, "--duration", "10", "--aspect", "9:16", "--negative-prompt", AVOID,
               "--cfg", "0.7", "--route", "kling"),
        sent={"model": TEXT, "prompt": PROMPT, "duration": 10, "aspect_ratio": "9:16",
              "negative_prompt": AVOID, "cfg_scale": 0.7, "provider": "kling"},
    ),
    "trinetra": Run(
        server=Trinetra, model="kling-v2.5", size=(240, 240), seconds=5, quoted=90, charged=90,
        said=("--unit", "TRINETRA", "--rate", "0.012"),
        flags=("--duration", "5", "--aspect", "1:1", "--resolution", "1080p", "--mode", "pro",
               "--negative-prompt", AVOID, "--cfg", "0.6", "--camera", "pan=4,zoom=-3.5",
               "--camera-type", "simple", "--first-frame", "FIRST", "--last-frame", "LAST"),
        frames=("image_url", "last_frame_url"),
        sent={"prompt": PROMPT, "image_url": GIVEN, "last_frame_url": GIVEN, "duration": 5,
              "aspect_ratio": "1:1", "resolution": "1080p", "mode": "pro",
              "negative_prompt": AVOID, "cfg_scale": 0.6,
              "camera_control": {"type": "simple", "config": {"pan": 4, "zoom": -3.5}},
              "external_task_id": REFERENCE, "callback_url": Like(rf"{PUBLIC}/in/trinetra/[^/]+/")},
    ),
    "octopusx": Run(
        server=Octopusx, model="Kling-2.5", size=(180, 320), seconds=10, quoted=50, charged=50,
        said=("octopusx", "0.05", "--unit", "USD", "--per", "second"),
        flags=("--model", "Kling-2.5", "--duration", "10", "--aspect", "9:16", "--resolution",
               "1080p", "--audio", "yes", "--scene-type", "motion_control", "--motion-level", "pro",
               "--offpeak", "yes", "--reference-video", "https://a.example/dance.mp4",
               "--file-infos", json.dumps(FILE_INFOS), "--ext-info", json.dumps(EXT_INFO),
               "--first-frame", "FIRST", "--last-frame", "LAST"),
        frames=("image", "metadata.last_frame_url"),
        sent={"model": "Kling-2.5", "prompt": PROMPT, "seconds": "10", "image": GIVEN,
              "metadata": {
                  "output_config": {"duration": 10, "resolution": "1080P", "aspect_ratio": "9:16",
                                    "audio_generation": "Enabled"},
                  "scene_type": "motion_control", "motion_level": "pro", "offpeak": True,
                  "last_frame_url": GIVEN, "video_url": "https://a.example/dance.mp4",
                  "file_infos": json.dumps(FILE_INFOS), "ext_info": json.dumps(EXT_INFO)}},
    ),
    "runware": Run(
        server=Runware, model="klingai:6@1", size=(180, 320), seconds=10, quoted=210, charged=210,
        takes=3, suffix=".mov",
        flags=("--duration", "10", "--aspect", "9:16", "--count", "3", "--format", "mov",
               "--quality", "80", "--negative-prompt", AVOID, "--cfg", "0.72", "--safety", "full",
               "--safety-check", "yes", "--ttl", "3600", "--upload-endpoint", "BUCKET",
               "--routing", '{"strategy": "cost"}', "--first-frame", "FIRST",
               "--last-frame", "LAST"),
        frames=("inputs.frameImages.0.image", "inputs.frameImages.1.image"),
        sent={"taskType": "videoInference", "taskUUID": UUID, "model": "klingai:6@1",
              "positivePrompt": PROMPT, "negativePrompt": AVOID, "width": 720, "height": 1280,
              "duration": 10, "CFGScale": 0.72, "numberResults": 3, "outputType": "URL",
              "outputFormat": "MOV", "outputQuality": 80, "deliveryMethod": "async", "ttl": 3600,
              "includeCost": True, "uploadEndpoint": "BUCKET",
              "webhookURL": Like(rf"{PUBLIC}/in/runware/[^/]+/"),
              "safety": {"checkContent": True, "mode": "full"}, "routing": {"strategy": "cost"},
              "inputs": {"frameImages": [{"image": GIVEN, "frame": "first"},
                                         {"image": GIVEN, "frame": "last"}]}},
    ),
    "transend": Run(
        server=Transend, model="kling2.5-simulation", size=(320, 180), seconds=4, quoted=40, charged=40,
        said=("transend", "0.10", "--unit", "USD", "--per", "second"),
        flags=("--duration", "4", "--scene", "SCENE", "--sensors", ",".join(SENSORS),
               "--frame-rate", "120", "--collision-detection", "yes",
               "--constraints", json.dumps(CONSTRAINTS), "--motion", "MOTION"),
        sent={"prompt": PROMPT, "duration": 4, "sensors": SENSORS, "motion": MOTION,
              "physics": {"frame_rate": 120, "collision_detection": True},
              "constraints": CONSTRAINTS},
        streams=("rgb.mp4", "depth.tar", "normals.tar", "flow.tar", "physics.json"),
    ),
}  # fmt: skip

# The other ways of a document: frames as links, data or uploads, a scene by its link, an answer that
# is waited for. They cost seven credits a second.
WAYS = {
    "aimlapi link": Run(
        server=Aimlapi, model=IMAGE, size=(320, 180), seconds=5, quoted=35, charged=33,
        flags=("--model", IMAGE, "--duration", "5", "--negative-prompt", AVOID, "--cfg", "1",
               "--route", "auto", "--first-frame", "FIRST"),
        frames=("image_url",),
        sent={"model": IMAGE, "prompt": PROMPT, "duration": 5, "image_url": GIVEN,
              "negative_prompt": AVOID, "cfg_scale": 1, "provider": "auto"},
    ),
    "aimlapi inline": Run(
        server=Aimlapi, model=IMAGE, size=(320, 180), seconds=5, quoted=35, charged=33,
        public=False, flags=("--model", IMAGE, "--first-frame", "FIRST"),
        frames=("image_url",),
        sent={"model": IMAGE, "prompt": PROMPT, "duration": 5, "image_url": DATA_URI},
    ),
    "runware uploads": Run(
        server=Runware, model="klingai:6@1", size=(320, 180), seconds=5, quoted=35, charged=35,
        suffix=".webm",
        public=False, flags=("--duration", "5", "--format", "webm", "--first-frame", "FIRST",
               "--last-frame", "LAST"),
        frames=("inputs.frameImages.0.image", "inputs.frameImages.1.image"),
        sent={"taskType": "videoInference", "taskUUID": UUID, "model": "klingai:6@1",
              "positivePrompt": PROMPT, "width": 1280, "height": 720, "duration": 5,
              "numberResults": 1, "outputType": "URL", "outputFormat": "WEBM",
              "CFGScale": 0.5, "outputQuality": 95, "deliveryMethod": "async", "includeCost": True,
              "safety": {"checkContent": False},
              "inputs": {"frameImages": [{"image": UUID, "frame": "first"},
                                         {"image": UUID, "frame": "last"}]}},
    ),
    "transend by links": Run(
        server=Transend, model="kling2.5-simulation", size=(320, 180), seconds=3, quoted=21,
        charged=21,
        public=False, flags=("--duration", "3", "--scene-link", "https://bucket.example/cell.glb?Signature=a",
               "--materials", "https://a.example/steel.png,https://a.example/oak.png",
               "--hdri", "https://a.example/sky.hdr"),
        sent={"prompt": PROMPT, "duration": 3, "sensors": ["rgb"],
              "physics": {"frame_rate": 60, "collision_detection": True},
              "scene_url": "https://bucket.example/cell.glb?Signature=a",
              "materials": ["https://a.example/steel.png", "https://a.example/oak.png"],
              "hdri": "https://a.example/sky.hdr"},
        streams=("rgb.mp4", "physics.json"),
    ),
    "transend polled": Run(
        server=Transend, model="kling2.5-simulation", size=(64, 48), seconds=2, quoted=14,
        charged=14,
        prompt=f"The arm turns {SLOWLY}.",
        public=False, flags=("--duration", "2", "--scene", "FBX", "--sensors", "depth", "--frame-rate", "60",
               "--collision-detection", "no"),
        sent={"prompt": f"The arm turns {SLOWLY}.", "duration": 2, "sensors": ["depth"],
              "physics": {"frame_rate": 60, "collision_detection": False}},
        streams=("depth.tar", "physics.json"),
    ),
}  # fmt: skip
