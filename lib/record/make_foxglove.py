#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""make_foxglove.py >foxglove_data.c: the schemas of images as files carry them, FileDescriptorSets with all imports.

Run by hand, with Debian's protobuf-compiler, when a schema changes; what it writes is committed. The messages are
public interfaces (docs.foxglove.dev, "Schemas"): names and numbers of the fields are theirs.
"""
import pathlib
import subprocess
import tempfile

HEAD = 'syntax = "proto3";\nimport "google/protobuf/timestamp.proto";\npackage foxglove;\n'
MESSAGES = {
    'CompressedImage': ['google.protobuf.Timestamp timestamp = 1', 'string frame_id = 4', 'bytes data = 2',
                        'string format = 3'],
    'RawImage': ['google.protobuf.Timestamp timestamp = 1', 'string frame_id = 7', 'fixed32 width = 2',
                 'fixed32 height = 3', 'string encoding = 4', 'fixed32 step = 5', 'bytes data = 6'],
}


def describe(name, fields):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, 'foxglove', f'{name}.proto')
        path.parent.mkdir()
        path.write_text(HEAD + f'message {name} {{\n' + ''.join(f'  {field};\n' for field in fields) + '}\n')
        subprocess.run(['protoc', f'--proto_path={folder}', '--include_imports', f'--descriptor_set_out={folder}/out',
                        str(path)], check=True)
        return pathlib.Path(folder, 'out').read_bytes()


def write(name, data):
    symbol = {'CompressedImage': 'compressed_image', 'RawImage': 'raw_image'}[name]
    print(f'const uint8_t ims__foxglove_{symbol}[{len(data)}] = {{')
    for at in range(0, len(data), 16):
        print('    ' + ' '.join(f'0x{byte:02x},' for byte in data[at:at + 16]))
    print('};')
    print(f'const size_t ims__foxglove_{symbol}_size = sizeof ims__foxglove_{symbol};')


print('/* SPDX-License-Identifier: MIT */')
print('/* Written by make_foxglove.py. */')
print('#include "foxglove.h"')
print('\n/* clang-format off */')
for message, its_fields in MESSAGES.items():
    write(message, describe(message, its_fields))
