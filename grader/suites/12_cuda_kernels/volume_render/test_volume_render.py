"""What `volume_render` promises.

NumPy renders the same views here, in double precision. The student's process says what the functions return and what
they launch; what launches do is seen in the stub's, where they run again.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from grader.evidence import answers, concurrency, correctness, expect, feedback, speedup
from grader.evidence.kernels import (
    Space,
    expect_computed,
    expect_ended,
    expect_lanes,
    expect_launched,
    expect_many_threads,
    expect_sound,
    per_request,
    run_again,
    total,
    worst,
)
from grader.evidence.pictures import expect_picture, pixels, show_picture

STEP = 0.5
DARK = 1 / 256
WITHIN = 0.005  # a ray that ends when it is dark misses less than 1/256
LOADS = 10  # for each sample in the volume; the 8 points around it, and a quarter more
SECTORS = 6  # for a request; blocks of 16 by 16 take 4
LANES = 16  # of 32
CHANNELS = {"maximum": (), "composite": (3,)}
HEIGHT, WIDTH = 32, 48


# ---------------------------------------------------------------- the reference


@dataclass(frozen=True)
class View:
    """A volume and what looks at it. `camera`: eye, forward, right, down."""

    where: str
    volume: np.ndarray
    camera: np.ndarray
    height: int = HEIGHT
    width: int = WIDTH

    @cached_property
    def rendered(self):
        return render(self)

    def picture(self, function):
        return self.rendered[function]

    def shape(self, function):
        return (self.height, self.width, *CHANNELS[function])

    def __str__(self):
        volume = " × ".join(map(str, self.volume.shape))
        return f"{self.height} × {self.width} pixels, {self.where}, of a volume of {volume}"


def plain(views):
    """As scenarios take them; each volume once."""
    volumes = {id(view.volume): view.volume for view in views}
    told = [{"shape": list(one.shape), "layers": [layer.tobytes() for layer in one]} for one in volumes.values()]
    numbers = {name: number for number, name in enumerate(volumes)}
    seen = [
        {"volume": numbers[id(v.volume)], "camera": v.camera.tolist(), "height": v.height, "width": v.width}
        for v in views
    ]
    return {"volumes": told, "views": seen}


def render(view):
    """Both pictures, and how many samples a ray of each has to look at, all rays together."""
    eye, directions = view.camera[0].astype(float), ray_directions(view)
    wide = np.pad(view.volume.astype(float), 1)
    most, light = np.zeros(len(directions)), np.ones(len(directions))
    seen = np.zeros((len(directions), 3))
    inside = bright = 0
    for distance in np.arange(0.5, furthest(view) / STEP) * STEP:
        points = eye + distance * directions
        here = np.flatnonzero(((points > -1) & (points < view.volume.shape[::-1])).all(axis=1))
        values = sample(wide, points[here])
        most[here] = np.maximum(most[here], values)
        inside, bright = inside + len(here), bright + int((light[here] >= DARK).sum())
        colour, opacity = look(values)
        seen[here] += (light[here] * opacity)[:, None] * colour
        light[here] *= 1 - opacity
    pictures = {"maximum": most.reshape(view.shape("maximum")), "composite": seen.reshape(view.shape("composite"))}
    return pictures | {"samples": {"maximum": inside, "composite": bright}}


def ray_directions(view):
    _, forward, right, down = view.camera.astype(float)
    i, j = np.mgrid[: view.height, : view.width].reshape(2, -1, 1)
    directions = (
        forward + (2 * j + 1 - view.width) / view.width * right + (2 * i + 1 - view.height) / view.height * down
    )
    return directions / np.linalg.norm(directions, axis=1, keepdims=True)


def furthest(view):
    """The distance of the box's corner that is furthest from the eye."""
    eye, far = view.camera[0], np.array(view.volume.shape[::-1])
    return np.linalg.norm(np.maximum(np.abs(eye + 1), np.abs(eye - far)))


def sample(wide, points):
    """Values at points of a volume that has a border of zeros around it."""
    corner = np.floor(points).astype(int)
    part, corner = points - corner, corner + 1
    values = np.zeros(len(points))
    for dx, dy, dz in np.ndindex(2, 2, 2):
        weights = np.abs(np.array([1 - dx, 1 - dy, 1 - dz]) - part).prod(axis=1)
        x, y, z = corner.T
        values += weights * wide[z + dz, y + dy, x + dx]
    return values


def look(values):
    strength = np.clip((values - 0.12) / 0.6, 0, 1)
    return np.stack([strength, 0.25 + 0.5 * strength, 1 - 0.7 * strength], axis=1), 0.5 * strength**2


# ---------------------------------------------------------------- views


def noise(rng, shape, low=0.0, high=1.0):
    return np.array([rng.uniform(low, high) for _ in range(int(np.prod(shape)))], np.float32).reshape(shape)


def toward_middle(volume, direction, distance, opening):
    """A camera that far from the middle of the volume, in that direction, turned and not quite rectangular."""
    outward = np.array(direction) / np.linalg.norm(direction)
    right = np.cross(outward, [0.2, 1, 0.1])
    down = np.cross(right, outward) + 0.2 * right
    eye = (np.array(volume.shape[::-1]) - 1) / 2 + distance * outward
    return np.array([eye, -1.5 * outward, opening * right, opening * down], np.float32)


def from_all_sides(rng, volume):
    layers, rows, columns = volume.shape
    turned = [rng.uniform(0.3, 1) * rng.choice([-1, 1]) for _ in range(3)]
    within = np.array([[columns / 3, rows / 2, layers / 4], turned, [0, 1.5, 0.3], [1.2, 0, 0]], np.float32)
    along_y = np.array([[4, rows + 9, 3], [0, -1, 0], [0, 0, 1], [1, 0, 0]], np.float32)
    along_z = np.array([[-1, 3.5, -7], [0, 0, 2], [2, 0, 0], [0, -1, 0]], np.float32)
    return [
        View("from outside", volume, toward_middle(volume, turned, 30, 0.8), 20, 27),
        View("with the eye in the volume", volume, within, 17, 16),
        View("along y", volume, along_y, 15, 21),
        View("along z, beside the volume", volume, along_z, 9, 33),
        View("from outside", volume, toward_middle(volume, turned[::-1], 18, 0.1), 1, 1),
        View("from outside", volume[:1], toward_middle(volume[:1], turned, 12, 1), 12, 12),
    ]


def straight(volume):
    """Along z, with pixels half a point apart, so that all rays are in the volume."""
    _, rows, columns = volume.shape
    middle = (columns - 1) / 2, (rows - 1) / 2
    return View("along z", volume, np.array([[*middle, -40], [0, 0, 1], [0.28, 0, 0], [0, 0.19, 0]], np.float32))


def far_away(volume):
    return View("from far away", volume, toward_middle(volume, (1, 2, 1), 60, 0.5))


# ---------------------------------------------------------------- checks


@correctness
def test_maximum(student, rng):
    """Each pixel of the maximum is the largest sample on its ray, from any side."""
    views = from_all_sides(rng, noise(rng, (11, 13, 17)))
    expect_drawn(student, "maximum", views, "where samples lie, and what is between points and beyond the borders")


@correctness
def test_composite(student, rng):
    """Each pixel of the composite is what reaches the eye, from any side."""
    views = from_all_sides(rng, noise(rng, (11, 13, 17), high=0.4)) + from_all_sides(rng, noise(rng, (13, 17, 11)))
    look_at = "the order of the samples, what each of them holds back, and where a ray ends"
    expect_drawn(student, "composite", views, look_at)


@correctness
def test_the_cloud(student, stub):
    """The cloud of an electron, from three sides."""
    told = stub.run("the_cloud").value
    volume = np.frombuffer(b"".join(told["layers"]), np.float32).reshape(told["shape"])
    sides = {"from the side": (0.8, 0.45, 0.4), "from above": (0.1, 0.3, 0.9), "from the front": (0.5, -0.8, 0.2)}
    views = [View(where, volume, toward_middle(volume, side, 70, 0.5), 30, 40) for where, side in sides.items()]
    for function in CHANNELS:
        expect_drawn(student, function, views, "what the checks before say", shown=True)


@concurrency
def test_no_accidents(student, stub, rng):
    """No two threads get in each other's way, and nothing outside of the arrays is accessed."""
    volume = noise(rng, (7, 9, 8))
    close = toward_middle(volume, (1, rng.uniform(-1, 1), -1), 9, 1.5)
    within = [[3, 4, 5], [1, 0, 0], [0, 1, 0], [0, 0, 1]]
    views = [
        View("from close", volume, close, 19, rng.randrange(33, 45)),
        View("with the eye in the volume", volume, np.array(within, np.float32), rng.randrange(18, 30), 5),
    ]
    for function in CHANNELS:
        for launches in launched(student, stub, function, views):
            expect_launched(launches.reports, function)
            expect_sound(launches.reports)


@concurrency
def test_shared_work(student, stub, rng):
    """Kernels draw the pictures, and many threads share the work."""
    view = straight(noise(rng, (6, 20, 28)))
    for function in CHANNELS:
        own = expect_work(student, stub, function, view)
        expect_many_threads(own, f"{HEIGHT} × {WIDTH} pixels ({function})")
        look_at = "which threads march, and how far their rays are apart"
        expect_lanes(own, LANES, f"loading ({function})", look_at, writes=False)


@speedup
def test_nothing_outside(student, stub, rng):
    """Samples outside of the volume load nothing."""
    view = far_away(noise(rng, (20, 24, 28)))
    expect_loads(student, stub, "maximum", view, "where a ray enters the volume, and where it leaves it")


@speedup
def test_until_it_is_dark(student, stub, rng):
    """A ray ends when hardly any light comes through."""
    view = straight(noise(rng, (24, 20, 28), low=0.4))
    expect_loads(student, stub, "composite", view, "what is left of the light after each sample")


@speedup
def test_side_by_side(student, stub, rng):
    """The threads of a warp load side by side."""
    view = straight(noise(rng, (6, 20, 28)))
    for function in CHANNELS:
        own = expect_work(student, stub, function, view)
        sectors = per_request(own, "sectors", Space.GLOBAL, writes=False)
        assert sectors <= SECTORS, feedback(
            f"at most {SECTORS} sectors loaded by a warp at a time ({function})",
            f"{sectors:.1f} on average",
            look_at=worst(own, Space.GLOBAL, writes=False),
            sectors=sectors,
        )


# ---------------------------------------------------------------- what they have in common


def expect_drawn(student, function, views, look_at, shown=False):
    """Fails the check unless the function draws each view as it is."""
    told = student.run("pictures", function=function, **plain(views)).value
    for view, (kind, content, kept) in answers(told, 3, views):
        what = f"{function}: {view}"
        expect(kind, f"float32 array of shape {view.shape(function)}", what)
        got, wanted = pixels(content, view.shape(function), what), view.picture(function)
        if shown:
            show_picture(student, f"{function}, {view.where}", got, wanted)
        expect_picture(got, wanted, WITHIN, what, look_at)
        assert kept, feedback("volume and camera as they were", "one of them had changed")


def launched(student, stub, function, views):
    """What was launched for each view, run again; fails the check unless that has drawn it."""
    told = student.run("launches", function=function, **plain(views)).value
    for view, (content, records) in answers(told, 2, views):
        launches = run_again(stub, records)
        expect_ended(launches.reports)
        what = f"{function}: {view}"
        expect_picture(pixels(content, view.shape(function), what), view.picture(function), WITHIN, what)
        expect_computed(launches, content, f"the picture of {function}")
        yield launches


def expect_work(student, stub, function, view):
    """The launches of that kernel, which have drawn the view."""
    [launches] = launched(student, stub, function, [view])
    return expect_launched(launches.reports, function)


def expect_loads(student, stub, function, view, look_at):
    """Fails the check if all launches together load more than the samples that count need."""
    [launches] = launched(student, stub, function, [view])
    expect_launched(launches.reports, function)
    samples = view.rendered["samples"][function]
    loads = total(launches.reports, "bytes", Space.GLOBAL, writes=False) / 4 / samples
    assert loads <= LOADS, feedback(
        f"at most {LOADS} floats loaded for each sample that counts ({function}: {view})",
        f"{loads:.1f}",
        look_at=look_at,
        loads_for_each_sample=loads,
    )
