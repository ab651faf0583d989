"""Runs the student's `maximum` and `composite`."""

from functools import partial

import numpy as np

from grader.cuda.watching import recorded, run_launches  # noqa: F401


def the_cloud(student):
    """For the stub: the volume that students look at."""
    from cloud import cloud  # noqa: PLC0415 - lies beside the stub

    volume = cloud()
    return {"shape": list(volume.shape), "layers": [layer.tobytes() for layer in volume]}


def pictures(student, function, volumes, views):
    """For each view: the picture, of what type it is, and whether volume and camera are as they were."""
    told = []
    for view in views:
        volume, camera = array(volumes[view["volume"]]), np.float32(view["camera"])
        before = volume.tobytes(), camera.tobytes()
        picture = getattr(student, function)(volume, camera, view["height"], view["width"])
        told.append([kind(picture), content(picture), (volume.tobytes(), camera.tobytes()) == before])
    return told


def launches(student, function, volumes, views):
    """For each view: the picture, and what has been launched for it. Ends if a launch fails."""
    told = []
    for view in views:
        volume, camera = array(volumes[view["volume"]]), np.float32(view["camera"])
        draw = partial(getattr(student, function), volume, camera, view["height"], view["width"])
        picture, records = recorded(draw)
        told.append([content(picture), records])
        if picture is None:
            break
    return told


def array(told):
    return np.frombuffer(b"".join(told["layers"]), np.float32).reshape(told["shape"]).copy()


def kind(picture):
    return (
        f"{picture.dtype} array of shape {picture.shape}" if isinstance(picture, np.ndarray) else type(picture).__name__
    )


def content(picture):
    return picture.tobytes() if isinstance(picture, np.ndarray) else b""
