# SPDX-License-Identifier: MIT
"""The same in a program with asyncio: two streams at once, and nothing of it holds the loop up.

    python3 loop.py [FRAMES]
"""
import asyncio
import sys

import numpy as np

from imshowd import aio


async def waves(name, speed, frames):
    x = np.linspace(0, 20, 256, dtype='f4')
    async with await aio.imshow(np.zeros((256, 256), 'f4'), name=name, zmin=-1, zmax=1, pace='wait') as live:
        for step in range(frames):
            await live.update(np.sin(x[:, None] + step * speed) * np.cos(x))
        await live.wait()


async def main(frames=200):
    await asyncio.gather(waves('slow', 0.05, frames), waves('fast', 0.5, frames))


if __name__ == '__main__':
    asyncio.run(main(*map(int, sys.argv[1:])))
