# SPDX-License-Identifier: MIT
"""Reading back: the frames of a stream as they come, with exactly the values that the daemon has.

    python3 back.py STREAM [FRAMES]
"""
import sys

import imshowd


def main(stream='lab', frames='5'):
    left = int(frames)
    for frame in imshowd.frames(stream):
        array = frame.to_xarray()
        print(frame.seq, dict(zip(array.dims, array.shape)), array.dtype, 'mean', float(array.mean()), frame.meta)
        left -= 1
        if left <= 0:
            break


if __name__ == '__main__':
    main(*sys.argv[1:])
