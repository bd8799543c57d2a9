#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""extract.py FOLDER: writes the guide's snippets as C: programs as they are, the others as functions of
snippets.c, which runs the one that its argument names."""
import os
import sys

from sections import blocks, is_program

HEAD = '/* From docs/guide-imshow.md. */\n#include "guide.h"\n'
MAIN = '''
static const struct {
    const char *name;
    void (*run)(void);
} snippets[] = {
%s};

int main(int argc, char **argv)
{
    for (size_t i = 0; argc == 2 && i < sizeof snippets / sizeof *snippets; i++)
        if (strcmp(snippets[i].name, argv[1]) == 0) {
            snippets[i].run();
            return 0;
        }
    return 2;
}
'''


def write(path, text):
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)


def main(folder):
    snippets = blocks('c')
    programs = [name for name in snippets if is_program(snippets[name])]
    assert programs == ['program'], f'the programs of the guide are {programs}'
    write(os.path.join(folder, 'program.c'), snippets.pop('program'))
    text, rows = HEAD, ''
    for name, body in snippets.items():
        text += f'\nstatic void run_{name.replace("-", "_")}(void)\n{{\n{body}}}\n'
        rows += f'    {{"{name}", run_{name.replace("-", "_")}}},\n'
    write(os.path.join(folder, 'snippets.c'), text + MAIN % rows)


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
