"""Public tests: run `pytest` in this folder."""

import multiprocessing
from multiprocessing.shared_memory import SharedMemory

import numpy as np
import pytest
from shared_image import brighten


@pytest.fixture(params=multiprocessing.get_all_start_methods())
def start_method(request):
    """Sets it for one test."""
    before = multiprocessing.get_start_method()
    multiprocessing.set_start_method(request.param, force=True)
    yield request.param
    multiprocessing.set_start_method(before, force=True)


@pytest.fixture(autouse=True)
def nothing_is_left(monkeypatch):
    """Looks behind every test."""
    made = []
    make = SharedMemory.__init__

    def noting(segment, *args, **kwargs):
        make(segment, *args, **kwargs)
        made.append(segment.name)

    monkeypatch.setattr(SharedMemory, "__init__", noting)
    yield
    monkeypatch.undo()
    processes = multiprocessing.active_children()
    for process in processes:
        process.kill()
    assert not processes, f"{len(processes)} processes left behind"
    left = [name for name in made if unlinked_now(name)]
    assert not left, f"{len(left)} segments of shared memory left behind"


def unlinked_now(name):
    """Whether there is still a segment of that name; then there is none any more."""
    try:
        segment = SharedMemory(name)
    except FileNotFoundError:
        return False
    segment.close()
    segment.unlink()
    return True


def expected(image, gain):
    return np.clip(np.rint(image * float(gain)), 0, 255).astype(np.uint8)


def picture(*shape):
    return np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8)


def expect(image, gain, workers):
    before = image.copy()
    result = brighten(image, gain, workers)
    assert (result.dtype, result.shape) == (np.uint8, image.shape)
    assert np.array_equal(result, expected(image, gain))
    assert np.array_equal(image, before), "the image itself was changed"


@pytest.mark.parametrize("gain", [0, 0.5, 1.3, 2, 300.0])
def test_the_pixels(gain):
    expect(picture(7, 5, 3), gain, workers=2)


@pytest.mark.parametrize("workers", [1, 3, 4, 9])
def test_any_number_of_workers(workers):
    expect(picture(4, 6), 1.7, workers)


def test_any_layout():
    image = picture(8, 9)
    image.setflags(write=False)
    for view in (image, image[::2, ::-1], np.asfortranarray(image), image.T):
        expect(view, 1.4, workers=2)


@pytest.mark.parametrize("shape", [(0, 4), (4, 0), (0, 4, 3)])
def test_an_empty_image(shape):
    expect(np.zeros(shape, np.uint8), 2.0, workers=2)


def test_any_start_method(start_method):
    expect(picture(5, 4, 3), 1.5, workers=2)


@pytest.mark.parametrize("gain", [-0.5, float("nan"), float("inf")])
def test_a_bad_gain_is_refused(gain):
    with pytest.raises(ValueError):
        brighten(picture(2, 2), gain, workers=1)


def test_other_bad_arguments_are_refused():
    with pytest.raises(ValueError):
        brighten(picture(2, 2), 1.0, workers=0)
    with pytest.raises(ValueError):
        brighten(picture(2, 2, 4), 1.0, workers=1)
    with pytest.raises(TypeError):
        brighten(picture(2, 2).astype(float), 1.0, workers=1)
