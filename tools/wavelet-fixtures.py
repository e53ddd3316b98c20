"""Diagonal details of a small picture by PyWavelets (db4), or by its filter in SciPy where it is not installed: the values
in test/forensics/signal.test.ts, and the DCT of a block by SciPy.

    python tools/wavelet-fixtures.py
"""

import numpy as np
from scipy.fft import dctn
from scipy.signal import convolve2d

picture = np.fromfunction(lambda y, x: (7 * x * x + 13 * x * y + 5 * y * y) % 251, (12, 12))
HIGH = np.array([-0.2303778133, 0.7148465706, -0.6308807679, -0.0279837694, 0.1870348117, 0.0308413818, -0.0328830117, -0.0105974018])
windows = convolve2d(picture, np.outer(HIGH, HIGH)[::-1, ::-1], mode="valid")[::2, ::2]
print("details", np.round(windows.ravel(), 4).tolist())
print("dct", np.round(dctn(picture[:8, :8], norm="ortho").ravel()[[0, 1, 8, 9, 27, 63]], 4).tolist())
