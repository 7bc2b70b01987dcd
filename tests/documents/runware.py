"""Runware, klingai:6@1 (KlingAI 2.5 Turbo Pro), by its page and the platform's pages."""

import base64
import io
import re
import urllib.request
import uuid

from PIL import Image

from tests.documents import checks
from tests.documents.checks import Wrong
from tests.documents.provider import FORBIDDEN, Refused, StrictProvider
from tests.servers import said

UUID4 = checks.like(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
ASPECTS = {(1280, 720): "16:9", (720, 720): "1:1", (720, 1280): "9:16"}
IMAGE = checks.text(1)
FRAME = checks.either(
    IMAGE,
    checks.fields("image", image=IMAGE, frame=checks.one_of("first", "last", 0, -1)),
)
TASK = checks.fields(
    "taskType taskUUID model positivePrompt",
    taskType=checks.one_of("videoInference"),
    taskUUID=UUID4,
    outputType=checks.one_of("URL"),
    outputFormat=checks.one_of("MP4", "WEBM", "MOV"),
    outputQuality=checks.whole(20, 99),
    webhookURL=checks.link,
    deliveryMethod=checks.one_of("async"),
    uploadEndpoint=checks.link,
    safety=checks.fields("", checkContent=checks.flag, mode=checks.one_of("none", "fast", "full")),
    ttl=checks.whole(60),
    includeCost=checks.flag,
    numberResults=checks.whole(1, 4),
    inputs=checks.fields("", frameImages=checks.items(FRAME, 1, 2)),
    routing=checks.object_,
    model=checks.one_of("klingai:6@1"),
    positivePrompt=checks.text(2, 2500),
    negativePrompt=checks.text(2, 2500),
    width=checks.whole(),
    height=checks.whole(),
    duration=checks.one_of(5, 10, 5.0, 10.0),
    CFGScale=checks.number(0, 1),
)
UPLOAD = checks.fields(
    "taskType taskUUID image", taskType=checks.anything, taskUUID=UUID4, image=IMAGE
)
POLL = checks.fields("taskType taskUUID", taskType=checks.anything, taskUUID=UUID4)
DOLLARS_A_SECOND = 0.07


class Runware(StrictProvider):
    """Of several results each is there one poll after the one before."""

    slug = "runware"

    def __init__(self, **options):
        super().__init__(**options)
        self.images, self.uploads = {}, []
        self.kinds = {
            "videoInference": self.create, "getResponse": self.get_response, "imageUpload": self.upload,
        }  # fmt: skip

    def call(self, asked, place):
        if asked.method == "PUT" and place.path.startswith("/bucket/"):
            self.uploads.append(asked.sha256)
            return said({})
        if (place.path, place.query) != ("/v1", ""):
            raise Refused(404, "notFound", f"There is no {asked.path}.")
        self.require_bearer(asked)
        self.require(asked, "POST")
        tasks = self.read(asked)
        checks.items(checks.object_, 1)("body", tasks)
        told = {"data": [], "errors": []}
        for task in tasks:
            self.take(task, told)
        status = 400 if told["errors"] and not told["data"] else 200
        return said({name: some for name, some in told.items() if some or name == "data"}, status)

    def take(self, task, told):
        """One task of several: its error leaves the others alone."""
        try:
            checks.one_of(*self.kinds)("taskType", task.get("taskType"))
            data, errors = self.kinds[task["taskType"]](task)
        except Wrong as wrong:
            refused = Refused(400, "invalidParameter", str(wrong), parameter=wrong.where)
            data, errors = [], [self.note(refused, task)]
        told["data"] += data
        told["errors"] += errors

    def note(self, refused, task):
        self.refusals.append(str(refused))
        return self.error(refused, task)

    def error(self, refused, task):
        about = {name: task[name] for name in ("taskType", "taskUUID") if name in task}
        page = {"documentation": "https://runware.ai/docs/platform/errors"}
        return {"code": refused.code, "message": refused.message, **refused.more, **about, **page}

    def create(self, task):
        TASK("", task)
        self.require_size(task)
        if round(task.get("CFGScale", 0.5) * 100, 6) % 1:
            raise Wrong("CFGScale", "must be in steps of 0.01")
        for frame in task.get("inputs", {}).get("frameImages", []):
            self.require_image(frame if isinstance(frame, str) else frame["image"])
        if task["taskUUID"] in self.tasks:
            conflict = Refused(400, "conflictTaskUUID", "This taskUUID is in use.")
            return [], [self.note(conflict, task)]
        self.require_money()
        self.accept(task["taskUUID"], task)
        return [{"taskType": "videoInference", "taskUUID": task["taskUUID"]}], []

    def require_size(self, task):
        size = task.get("width"), task.get("height")
        if size != (None, None) and size not in ASPECTS:
            raise Wrong("width", f"and height must be one of {list(ASPECTS)}, not {size}")

    def require_image(self, image):
        """An upload's UUID, or a picture as the platform's page on images allows it."""
        if image not in self.images and not image.startswith(("https://", "http://")):
            self.read_image(image)

    def read_image(self, image):
        data = re.sub(r"^data:image/(png|jpeg|webp);base64,", "", image)
        try:
            size = Image.open(io.BytesIO(base64.b64decode(data, validate=True))).size
        except (ValueError, OSError) as error:
            raise Wrong("image", f"is no UUID, URL, data URI or Base64: {image[:60]!r}") from error
        if not all(300 <= side <= 2048 for side in size):
            raise Wrong("image", f"must have 300 to 2048 pixels a side, not {size}")

    def upload(self, task):
        UPLOAD("", task)
        self.read_image(task["image"])
        name = str(uuid.uuid4())
        self.images[name] = task["image"]
        about = {"taskType": "imageUpload", "taskUUID": task["taskUUID"]}
        return [{**about, "imageUUID": name, "imageURL": self.link(f"{name}.png")}], []

    def get_response(self, asked):
        """One item for each result; `errors` only where there is one."""
        POLL("", asked)
        task = self.tasks.get(asked["taskUUID"])
        if task is None:
            missing = Refused(400, "taskFailedOrNotFound", "There is no such task.")
            return [], [self.note(missing, asked)]
        task["polls"] += 1
        order = task["order"]
        if FORBIDDEN in order["positivePrompt"] and task["polls"] > 1:
            refused = Refused(400, "contentPolicyViolation", "The prompt is not allowed.")
            return [], [{**self.error(refused, order), "status": "error"}]
        return [self.item(task, number) for number in range(order.get("numberResults", 1))], []

    def item(self, task, number):
        order = task["order"]
        about = {"taskType": "videoInference", "taskUUID": order["taskUUID"]}
        if task["polls"] < number + 2:
            return {**about, "status": "processing"}
        made = task.setdefault("made", {})
        if number not in made:
            made[number] = self.made(order, number)
        return {**about, "status": "success", **made[number]}

    def made(self, order, number):
        name = str(uuid.uuid4())
        size = order.get("width", 1280), order.get("height", 720)
        file = f"ws/5/vi/{name}.{order.get('outputFormat', 'MP4').lower()}"
        url = self.film(file, aspect=ASPECTS[size], seconds=order.get("duration", 5))
        if "uploadEndpoint" in order:
            self.put(order["uploadEndpoint"], self.path(file).read_bytes())
        told = {"videoUUID": name, "videoURL": url, "seed": 923927480 + number}
        cost = round(order.get("duration", 5) * DOLLARS_A_SECOND, 4)
        return told | ({"cost": cost} if order.get("includeCost") else {})

    def put(self, url, content):
        with urllib.request.urlopen(urllib.request.Request(url, content, method="PUT"), timeout=5):
            return

    def no_money(self):
        return Refused(402, "insufficientCredits", "Insufficient credits to run this task.")

    def refusal(self, refused):
        codes = {"invalid_api_key": "invalidApiKey"}
        error = Refused(
            refused.status, codes.get(refused.code, refused.code), refused.message, **refused.more
        )
        return said({"errors": [self.error(error, {})]}, status=refused.status)
