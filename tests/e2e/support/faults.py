# SPDX-License-Identifier: MIT
"""The faults of the fake camera, each with the words that the stream's reason has for it, and a round of all.

    for fault in FAULTS:
        recover(case, daemon, camera, fault)
"""
FAULTS = (
    # name, FAKECAM_ variables, a part of the reason; '' where the stream goes on and counts broken frames
    ('unplug', {'fault': 'unplug@8'}, 'plug it in'),
    ('io error', {'fault': 'eio@8'}, 'I/O error'),
    ('no such device', {'fail': 'QUERYCAP=19'}, 'the camera is gone'),
    ('no permission', {'fail': 'QUERYCAP=13'}, 'group video'),
    ('busy', {'fail': 'REQBUFS=16'}, 'in use by another program'),
    ('no room on the bus', {'fail': 'STREAMON=28'}, 'USB bus has no room'),
    ('no memory', {'fail': 'REQBUFS=12'}, 'out of memory'),
    ('error flag', {'fault': 'error%2'}, ''),
    ('short', {'fault': 'short%2'}, ''),
    ('empty', {'fault': 'empty%2'}, ''),
    ('garbage', {'fault': 'garbage%2', 'formats': 'MJPEG'}, ''),
    ('corrupt', {'fault': 'corrupt%2', 'formats': 'MJPEG'}, None),  # may still be a picture
)
