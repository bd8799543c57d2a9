# SPDX-License-Identifier: MIT
"""What a user can call or type is told: public functions in their headers, parameters and options in
the guide."""
import re

GUIDE = 'docs/guide-imshow.md'
PROTOTYPE = re.compile(r'\b(ims_\w+)\s*\(')
NOT_PROTOTYPES = ('#', '/*', '*', '}', 'typedef')


def paragraphs(tree, file):
    """Lists of (line number, line), parted by blank lines."""
    found = []
    for number, line in enumerate(tree.lines(file), 1):
        if not line.strip():
            found.append([])
        else:
            found[-1:] = [(found[-1] if found else []) + [(number, line)]]
    return found


def statements(lines):
    """(line number, text, what comments stand before it or in it) of a paragraph's declarations.

    A comment speaks for all that follows it in its paragraph, up to the next comment.
    """
    told, text, first, inside = '', '', 0, False
    for number, line in lines:
        began = inside or line.lstrip().startswith('/*')
        if began and not text:
            told = told if inside else ''
            told += line
            inside = '*/' not in line
            continue
        if line.lstrip().startswith(('#', 'enum {', 'extern')):
            continue
        first = first or number
        text += ' ' + line
        if ';' in line or line.startswith('}'):
            yield first, re.sub(r'/\*.*?\*/', '', text), told + ''.join(
                re.findall(r'/\*.*?\*/', text))
            text, first = '', 0


def check_documented(tree):
    """Each prototype of a public header has a comment, its own or its paragraph's."""
    faults = []
    for file in tree.match('lib/include/imshow/*.h'):
        for lines in paragraphs(tree, file):
            for number, text, told in statements(lines):
                name = PROTOTYPE.search(text.split('{')[0])
                if name and not told.strip('/*- \n'):
                    faults.append(f'{file}:{number}: {name[1]} has no comment above it')
    return faults

# px.imshow's own, of plotly.py 6.9.0, but for the array itself.
PARAMETERS = [
    'zmin', 'zmax', 'origin', 'labels', 'x', 'y', 'animation_frame', 'facet_col', 'facet_row',
    'facet_col_wrap', 'facet_col_spacing', 'facet_row_spacing', 'color_continuous_scale',
    'color_continuous_midpoint', 'range_color', 'title', 'template', 'width', 'height', 'aspect',
    'contrast_rescaling', 'binary_string', 'binary_backend', 'binary_compression_level',
    'binary_format', 'text_auto']
OPTIONS = 'clients/cli/figure_options.c'
PARAMETER_ROWS = 'clients/cli/px_params.c'
STRING = r'((?:"(?:[^"\\]|\\.)*"\s*)+)'
OWN_ROW = re.compile(r"\{(?:0|'\w'), OPTION_\w+, \"([\w-]+)\",[^{}]*?,\s*" + STRING + r'\}')
PARAMETER_ROW = re.compile(r'\{"(\w+)", "([\w-]+)", "[^"]*",\s*' + STRING + r'\}')
FIELD_ROW = re.compile(r'\.name = "([\w-]+)",[^{}]*?\.help = ' + STRING)


def strings(text):
    return ''.join(re.findall(r'"((?:[^"\\]|\\.)*)"', text))


def rows(tree):
    """(file, line, parameter or None, option, help) of what `imshow figure` takes."""
    for file, row in ((OPTIONS, OWN_ROW), (PARAMETER_ROWS, PARAMETER_ROW),
                      (PARAMETER_ROWS, FIELD_ROW)):
        text = tree.text(file) or ''
        for found in row.finditer(text):
            *names, told = found.groups()
            parameter = names[0] if len(names) == 2 else None
            yield (file, text.count('\n', 0, found.start()) + 1, parameter, names[-1],
                   strings(told).strip())


def shown_options(tree, names):
    """Those that a group of --help names: a text of options only, parted by blanks."""
    text = tree.text(OPTIONS) or ''
    texts = re.findall(STRING, text[text.find('groups[]'):])
    lists = [set(strings(each).split()) for each in texts]
    return set().union(*(each for each in lists if each <= names))


def check_options(tree):
    """px.imshow's parameters are options; each option is in --help with words, and in the guide."""
    if OPTIONS not in tree.files:
        return []
    found, guide = list(rows(tree)), tree.text(GUIDE) or ''
    shown = shown_options(tree, {row[3] for row in found})
    faults = [f'{PARAMETER_ROWS}:1: no option for px.imshow\'s {name}'
              for name in PARAMETERS if name not in {row[2] for row in found}]
    for file, line, parameter, option, told in found:
        if not told:
            faults.append(f'{file}:{line}: --{option} has no line of --help')
        if option not in shown:
            faults.append(f'{file}:{line}: --{option} is in no group of --help')
        if f'`--{option}`' not in guide:
            faults.append(f'{file}:{line}: --{option} is not in {GUIDE}')
        if parameter and f'`{parameter}`' not in guide:
            faults.append(f'{file}:{line}: {parameter} is not in {GUIDE}')
    return faults
