"""A volume to look at, and cameras to look with.

The volume is the wave function of a hydrogen atom's electron in the state 4d (xz), without its sign: see L. Pauling and
E. B. Wilson, Introduction to Quantum Mechanics, 1935, section 21.
"""

import numpy as np

SIZE = 26.0  # from the nucleus to the border, in Bohr radii


def cloud(layers: int = 36, rows: int = 44, columns: int = 44) -> np.ndarray:
    """A float32 array of that shape, with values from 0 to 1."""
    z, y, x = np.meshgrid(*(np.linspace(-SIZE, SIZE, n) for n in (layers, rows, columns)), indexing="ij")
    r = np.sqrt(x * x + y * y + z * z)
    strength = np.abs((12 - r) * np.exp(-r / 4) * x * z)
    return (strength / strength.max()).astype(np.float32)


def camera(volume: np.ndarray, longitude: float, latitude: float, distance: float, ratio: float) -> np.ndarray:
    """It looks at the middle of the volume from that far away. Angles are in degrees, `ratio` is width / height."""
    a, b = np.radians([longitude, latitude])
    outward = np.array([np.cos(b) * np.cos(a), np.cos(b) * np.sin(a), np.sin(b)])
    right = np.array([-np.sin(a), np.cos(a), 0])
    middle = (np.array(volume.shape[::-1]) - 1) / 2
    opening = 0.4  # how far the picture's borders are from its middle, at a distance of 1
    down = np.cross(-outward, right)
    return np.float32([middle + distance * outward, -outward, opening * ratio * right, opening * down])
