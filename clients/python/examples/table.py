# SPDX-License-Identifier: MIT
"""A pandas table: its index and columns are the axes, its numbers are written into the cells.

    python3 table.py
"""
import pandas as pd

import imshowd


def main():
    medals = pd.DataFrame([[24, 13, 11], [10, 15, 8], [9, 12, 8]], index=['South Korea', 'China', 'Canada'],
                          columns=pd.Index(['gold', 'silver', 'bronze'], name='medal'))
    medals.index.name = 'nation'
    with imshowd.imshow(medals, name='medals', text_auto=True, color_continuous_scale='Blues') as live:
        medals.loc['Canada', 'gold'] += 1
        live.update(medals)
        print(live.url)


if __name__ == '__main__':
    main()
