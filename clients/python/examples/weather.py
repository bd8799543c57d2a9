# SPDX-License-Identifier: MIT
"""An xarray with dates and units: a temperature profile that a day is added to at a time.

    python3 weather.py [DAYS]
"""
import sys

import numpy as np
import pandas as pd
import xarray as xr

import imshowd


def profile(days):
    dates = pd.date_range('2024-03-01', periods=days)
    depth = np.linspace(0, 50, 26)
    warmth = 12 + 6 * np.sin(np.arange(days) / 9)[:, None] * np.exp(-depth / 20)
    return xr.DataArray(warmth, dims=['date', 'depth'], name='temperature',
                        coords={'date': dates, 'depth': ('depth', depth, {'units': 'm'})},
                        attrs={'long_name': 'Temperature', 'units': '°C'})


def main(days=60):
    with imshowd.imshow(profile(2), name='weather', color_continuous_scale='RdBu_r', origin='lower',
                        pace='wait') as live:
        print(live.url)
        for day in range(3, days + 1):
            live.update(profile(day))
        live.update_layout(title_text='Spring')
        live.wait()


if __name__ == '__main__':
    main(*map(int, sys.argv[1:]))
