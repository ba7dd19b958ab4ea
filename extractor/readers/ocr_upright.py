"""Makes a scanned page straight: how far it lies askew is read off the ink.

Seen along the lines of its text and rules, a straight page is dark and white in turn; askew, the two blur. So the
angle is the one at which the sums of ink along the lines differ most from each other (the projection profile of
Postl, 1986). Lines may run across or, on a page turned by a quarter, down; whichever is clearer counts.
"""

from __future__ import annotations

from typing import Any

from extractor.readers.ocr_engine import Image

_STEEPEST = 10.0
"""Degrees up to which a page is straightened."""
_COARSE, _FINE = 0.5, 0.05
_LONGEST = 1200
"""Pixels of the longer side of the copy that is measured."""
_POINTS = 150_000
"""Dark pixels that are looked at."""
_CLEARER = 1.05
"""The best angle must be so much clearer than none."""


def straightened(image: Image) -> Image:
    """The page turned by a few degrees so that its lines run straight; what comes in from outside has the colour of its paper,
    since an edge between white and grey would be seen as ink."""
    import cv2
    import numpy as np

    angle = skew(image)
    if abs(angle) < _FINE:
        return image
    height, width = image.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    return cv2.warpAffine(image, turn, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=int(np.median(image)))


def turned(image: Image, quarters: int) -> Image:
    """The page after so many quarter turns clockwise."""
    import numpy as np

    return np.ascontiguousarray(np.rot90(image, -quarters))


def skew(image: Image) -> float:
    """Degrees by which the lines fall to the right (negative where they rise); 0 where there is nothing to tell it by."""
    import numpy as np

    ys, xs = _ink(image)
    if len(xs) < 100:
        return 0.0
    found = []
    for along, across in ((xs, ys), (-ys, xs)):
        plain = _clarity(along, across, 0.0)
        angle = 0.0
        for step, reach in ((_COARSE, _STEEPEST), (_COARSE / 5, _COARSE), (_FINE / 2, _COARSE / 5)):
            angles = angle + np.arange(-reach, reach + step / 2, step)
            angle = float(max(angles, key=lambda a: _clarity(along, across, float(a))))
        found.append((_clarity(along, across, angle), plain, angle))
    clarity, plain, angle = max(found)
    return angle if clarity > _CLEARER * plain else 0.0


def _ink(image: Image) -> tuple[Any, Any]:
    """Rows and columns of dark pixels, from the middle of a small copy."""
    import cv2
    import numpy as np

    height, width = image.shape
    scale = min(1.0, _LONGEST / max(height, width))
    small = cv2.resize(image, (max(1, round(width * scale)), max(1, round(height * scale))), interpolation=cv2.INTER_AREA)
    _, dark = cv2.threshold(small, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    ys, xs = np.nonzero(dark)
    every = max(1, len(xs) // _POINTS)
    return ys[::every].astype(np.float64) - height * scale / 2, xs[::every].astype(np.float64) - width * scale / 2


def _clarity(along: Any, across: Any, angle: float) -> float:
    """How much the sums of ink along lines at this angle differ from their neighbours."""
    import numpy as np

    at = np.rint(across - along * np.tan(np.radians(angle))).astype(np.int64)
    sums = np.bincount(at - at.min()).astype(np.float64)
    return float(np.square(np.diff(sums)).sum())
