"""Rendering a shot: build what it shows, then frame by frame warp, mark, encode and keep stills."""

from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Protocol

from studio.engine.animatic import encode, morph, picture, plate
from studio.engine.animatic.camera import Camera
from studio.engine.animatic.conveyor import Conveyor
from studio.engine.animatic.planes import Planes
from studio.engine.animatic.progress import Progress
from studio.engine.animatic.scene import scene
from studio.engine.animatic.shot import FPS, Footage, Report, Shot
from studio.engine.animatic.slate import Slate
from studio.engine.animatic.stills import Stills, names
from studio.engine.animatic.worker import renew_opencv, worker


class Stage(Protocol):
    """Anything that can show a frame for a progress from 0 to 1.

    `is_light`: a frame is drawn sooner than encoded, so the encoder decides how long a clip takes.
    """

    @property
    def is_light(self) -> bool: ...

    def frame(self, progress: float) -> Planes: ...


def render(shot: Shot, folder: Path, *, report: Report) -> Footage:
    """Render the shot into the folder (made if need be) and say what came out.

    `report(done_frames, total_frames)` is called after every frame and several times a second while
    the shot is prepared; when it answers False, Stopped is raised. A picture that cannot be decoded
    raises ValueError naming first_frame or last_frame; a full disk raises OSError (ENOSPC). Whatever
    is raised, no file of this call stays behind.
    """
    folder.mkdir(parents=True, exist_ok=True)
    footage = Footage(
        **names(folder, shot.container),
        width=shot.width,
        height=shot.height,
        fps=FPS,
        frames=shot.frames,
    )
    try:
        _shoot(shot, footage, Progress(report, shot.frames))
    except BaseException:
        for file in footage.files:
            file.unlink(missing_ok=True)
        raise
    return footage


def _shoot(shot: Shot, footage: Footage, progress: Progress) -> None:
    stage = prepare(shot, progress)
    form = encode.video(shot.container, shot.quality, FPS)
    with ExitStack() as files:
        size = (shot.width, shot.height)
        writer = files.enter_context(encode.Writer(footage.video, form, size=size, fps=FPS))
        stills = files.enter_context(Stills(footage))
        # Entered last and so left first: no taker writes to a file that is closed.
        takers = {writer.take: worker(), stills.take: worker(steps_back=stage.is_light)}
        lines = [files.enter_context(Conveyor(*taker)) for taker in takers.items()]
        artist = files.enter_context(worker(steps_back=stage.is_light))
        renew_opencv()
        pictures = frames(shot, stage)
        for index in range(shot.frames):
            frame = artist.submit(next, pictures).result()
            for line in lines:
                line.put(index, frame)
            progress.step()
        progress.during(*(line.empty for line in lines))
        progress.during(writer.finish, stills.finish)


def frames(shot: Shot, stage: Stage) -> Iterator[Planes]:
    """The frames of a shot with slate and caption, just as they are encoded."""
    slate = Slate.for_shot(shot)
    for index in range(shot.frames):
        frame = stage.frame(index / (shot.frames - 1))
        slate.mark(frame, index / FPS)
        yield frame


def prepare(shot: Shot, progress: Progress) -> Stage:
    """The stage of a shot: a drawn scene, one picture, or the way from one picture to another."""
    camera = Camera(
        shot.width,
        shot.height,
        shot.camera,
        shot.seconds,
        shot.seed,
        lands=shot.last_frame is not None,
        sways=shot.sways,
    )
    given = {"first_frame": shot.first_frame, "last_frame": shot.last_frame}
    paths = {name: path for name, path in given.items() if path is not None}
    if not paths:
        return scene.build(shot, camera, progress)
    plates = progress.during(*(partial(_plate, shot, name, path) for name, path in paths.items()))
    if len(plates) == 1:
        return plate.Still(plates[0], camera)
    return progress.during(partial(morph.between, camera, plates[0], plates[1]))[0]


def _plate(shot: Shot, name: str, path: Path) -> plate.Plate:
    return plate.extend(picture.load(path, (shot.width, shot.height), name=name))
