# SPDX-License-Identifier: MIT
"""The layers and the borders of the libraries, as tables. docs/contributing.md says why."""

# The first pattern that fits gives a file its module. A file of lib or daemon without a row is a
# fault: whoever adds it says where it stands.
MODULES = [
    ('lib/include/imshow/error.h', 'error'),
    ('lib/include/imshow/buffer.h', 'buffer'),
    ('lib/include/imshow/value.h', 'value'),
    ('lib/include/imshow/array.h', 'array'),
    ('lib/include/imshow/sink.h', 'sink'),
    ('lib/include/imshow/npy.h', 'npy'),
    ('lib/include/imshow/frame.h', 'frame'),
    ('lib/include/imshow/ring.h', 'ring'),
    ('lib/include/imshow/scale.h', 'scale'),
    ('lib/include/imshow/limits.h', 'limits'),
    ('lib/include/imshow/transform.h', 'transform'),
    ('lib/include/imshow/colorscale.h', 'colorscale'),
    ('lib/include/imshow/jpeg.h', 'jpeg'),
    ('lib/include/imshow/png.h', 'png'),
    ('lib/include/imshow/pnm.h', 'pnm'),
    ('lib/include/imshow/tiff.h', 'tiff'),
    ('lib/include/imshow/y4m.h', 'y4m'),
    ('lib/include/imshow/text.h', 'lettering'),
    ('lib/include/imshow/view.h', 'view'),
    ('lib/include/imshow/draw.h', 'draw'),
    ('lib/include/imshow/raster.h', 'raster'),
    ('lib/include/imshow/figure.h', 'figure'),
    ('lib/include/imshow/json.h', 'wire'),
    ('lib/include/imshow/wire.h', 'wire'),
    ('lib/include/imshow/html.h', 'wire'),
    ('lib/include/imshow/inlet.h', 'wire'),
    ('lib/include/imshow/mcap.h', 'mcap'),
    ('lib/include/imshow/record.h', 'recording'),
    ('lib/base/error*', 'error'),
    ('lib/base/buffer*', 'buffer'),
    ('lib/base/pool*', 'buffer'),
    ('lib/base/value*', 'value'),
    ('lib/base/sink*', 'sink'),
    ('lib/base/bytes*', 'sink'),
    ('lib/base/text*', 'text'),
    ('lib/array/npy*', 'npy'),
    ('lib/array/*', 'array'),
    ('lib/stream/frame*', 'frame'),
    ('lib/stream/ring*', 'ring'),
    ('lib/picture/scale*', 'scale'),
    ('lib/picture/limits*', 'limits'),
    ('lib/picture/transform*', 'transform'),
    ('lib/picture/index*', 'limits'),
    ('lib/picture/minmax*', 'limits'),
    ('lib/picture/clones*', 'clones'),
    ('lib/picture/rows*', 'rows'),
    ('lib/picture/yuv*', 'jpeg'),
    ('lib/picture/color*', 'colorscale'),
    ('lib/picture/tiles*', 'tiles'),
    ('lib/picture/jpeg*', 'jpeg'),
    ('lib/picture/png*', 'png'),
    ('lib/picture/pnm*', 'pnm'),
    ('lib/picture/tiff*', 'tiff'),
    ('lib/picture/y4m*', 'y4m'),
    ('lib/picture/text*', 'lettering'),
    ('lib/picture/view*', 'view'),
    ('lib/picture/draw*', 'draw'),
    ('lib/picture/demosaic*', 'draw'),
    ('lib/picture/pick*', 'draw'),
    ('lib/picture/camera*', 'draw'),
    ('lib/picture/rescale*', 'draw'),
    ('lib/analysis/raster*', 'raster'),
    ('lib/figure/*', 'figure'),
    ('lib/wire/*', 'wire'),
    ('lib/record/mcap*', 'mcap'),
    ('lib/record/*', 'recording'),
    ('daemon/log*', 'log'),
    ('daemon/config*', 'config'),
    ('daemon/options*', 'config'),
    ('daemon/board*', 'config'),
    ('daemon/build*', 'config'),
    ('daemon/absent/tls*', 'serve'),
    ('daemon/absent/*', 'daemon'),
    ('daemon/settings*', 'config'),
    ('daemon/access/*', 'access'),
    ('daemon/capture/*', 'capture'),
    ('daemon/render/*', 'render'),
    ('daemon/record/*', 'record'),
    ('daemon/serve/*', 'serve'),
    ('daemon/systemd*', 'log'),
    ('daemon/work*', 'log'),
    ('daemon/daemon*', 'daemon'),
    ('daemon/main.c', 'main'),
    ('clients/cli/*', 'cli'),
    ('clients/c/*', 'pusher'),
]

# From the ground up. A module sees those of lower rows; those of one row are blind to each other.
LAYERS = [
    ['error', 'clones'],
    ['buffer', 'value', 'text'],
    ['array'],
    ['sink', 'rows'],
    ['frame', 'npy', 'raster', 'transform', 'mcap'],
    ['ring', 'scale', 'limits', 'colorscale', 'jpeg', 'png', 'pnm', 'tiff', 'y4m', 'tiles',
     'lettering'],
    ['view'],
    ['draw'],
    ['figure'],
    ['wire'],
    ['recording'],
    ['log'],
    ['config'],
    ['access'],
    ['capture'],
    ['render'],
    ['record'],
    ['serve'],
    ['daemon'],
    ['main'],
]
# Of their own: they see the library's public headers and nothing else of ours.
CLIENTS = ['cli', 'pusher']
# What the build writes into programs and clients alike, and the file of rules that two programs write and read.
SHARED = ['cmake/assets.h', 'daemon/access/rules.h', 'daemon/access/link.h', 'daemon/access/secret.h']

# Where quoted includes are looked up, besides the folder of the file that includes.
ROOTS = ['lib/include', 'lib', 'daemon', 'clients/cli', 'clients/c',
         'clients/c/include', 'cmake', 'tests']

# (header, the files that may include it, how many may at most; 0: any number)
DAEMON_UV = ['daemon/work*', 'daemon/access/gate*', 'daemon/capture/*', 'daemon/render/*', 'daemon/record/*', 'daemon/serve/*', 'daemon/daemon*',
             'daemon/main.c']
BORDERS = [
    ('uv.h', DAEMON_UV, 0),
    ('libwebsockets.h', ['daemon/serve/*.c'], 5),
    ('turbojpeg.h', ['lib/picture/jpeg*'], 0),
    ('jpeglib.h', [], 0),
    ('libdeflate.h', ['lib/picture/png*', 'lib/record/mcap*'], 0), # deflate there, CRC-32 here
    ('zstd.h', ['lib/record/mcap*'], 0),
    ('spng.h', ['lib/picture/png*'], 0),
    ('tiffio.h', ['lib/picture/tiff_decode.c'], 1),
    ('libyuv.h', ['lib/picture/yuv*'], 0),
    ('libyuv/*', ['lib/picture/yuv*'], 0),
    ('msgpack.h', ['lib/wire/*'], 0),
    ('msgpack/*', ['lib/wire/*'], 0),
    ('jansson.h', ['lib/wire/*'], 0),
    ('openssl/*', ['daemon/access/secret.c', 'daemon/serve/certificate.c'], 0),
    ('crypt.h', ['daemon/access/secret.c'], 1),
    ('curl/*', ['clients/cli/*', 'daemon/capture/http_transfer.c'], 0),
    ('sys/socket.h', ['daemon/*', 'clients/cli/*', 'clients/c/*'], 0), # lib has no socket and no loop
    ('sys/epoll.h', ['daemon/*'], 0),
    ('poll.h', ['daemon/*', 'clients/cli/*', 'clients/c/*'], 0),
    ('linux/videodev2.h', ['daemon/capture/*', 'daemon/config*', 'daemon/options*'], 0),
]

# What lib never calls: it neither aborts nor prints nor waits, and has no thread of its own.
LIB_NEVER = ['abort', 'exit', '_exit', 'quick_exit', 'printf', 'fprintf', 'vprintf', 'vfprintf',
             'puts', 'fputs', 'putchar', 'perror', 'syslog', 'pthread_create', 'thrd_create',
             'fork', 'sleep', 'usleep', 'nanosleep', 'signal', 'sigaction', 'setlocale']

# What is called in one file only. The watchdog asks how old the jobs are, so all of them go by work.c.
ONLY_IN = {'uv_queue_work': 'daemon/work.c'}
