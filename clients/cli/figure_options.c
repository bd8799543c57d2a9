/* SPDX-License-Identifier: MIT */
#include "figure_options.h"

#include <string.h>

#define AT(member) offsetof(struct figure_options, member)

static const struct option_row own_rows[] = {
    {'o', OPTION_TEXT, "output", "OUT", AT(out), 0, 0,
     "file to write: .json .html .png .jpg; - is JSON to stdout"},
    {0, OPTION_TEXT, "plotlyjs", "WHERE", AT(plotlyjs), 0, 0,
     "html: plotly.js inline, or beside as plotly.min.js"},
    {0, OPTION_TEXT, "slice", "I[,J]", AT(slice), 0, 0,
     "png, jpg: which picture of a stack"},
    {0, OPTION_NUMBER, "quality", "N", AT(quality), 1, 100, "jpg: 1 to 100 (90)"},
    {0, OPTION_NUMBER, "frames", "N", AT(frames), 1, 1e9,
     "at most so many frames of an input"},
    {0, OPTION_TEXT, "dtype", "TYPE", AT(dtype), 0, 0,
     "raw input: NumPy's type, such as uint8 or '<u2'"},
    {0, OPTION_TEXT, "shape", "H,W[,C]", AT(shape), 0, 0,
     "raw input: rows, columns, channels"},
    {0, OPTION_TEXT, "mask", "FILE", AT(mask), 0, 0,
     "array of the input's shape: where it is not 0, no limit is taken"},
    {0, OPTION_TEXT, "config", "JSON", AT(config), 0, 0,
     "html: plotly's config, such as {\"displayModeBar\": false}"},
    {0, OPTION_FLAG, "plain", NULL, AT(is_plain), 0, 0,
     "an empty figure, which traces that are added fill"},
    {0, OPTION_TEXT, "subplots", "JSON", AT(subplots), 0, 0,
     "the same with a grid, such as {\"rows\": 1, \"cols\": 2}"},
    {0, OPTION_LIST, "add-trace", "JSON", AT(ops), 0, 0,
     "a trace of plotly's; \"$input\" stands for the array"},
    {0, OPTION_LIST, "add-shape", "JSON", AT(ops), 0, 0, "a shape, in layout.shapes"},
    {0, OPTION_LIST, "add-annotation", "JSON", AT(ops), 0, 0,
     "a note, in layout.annotations"},
    {0, OPTION_LIST, "update-layout", "JSON", AT(ops), 0, 0, "merged into the layout"},
    {0, OPTION_LIST, "update-xaxes", "JSON", AT(ops), 0, 0, "merged into every x axis"},
    {0, OPTION_LIST, "update-yaxes", "JSON", AT(ops), 0, 0, "merged into every y axis"},
    {0, OPTION_LIST, "update-traces", "JSON", AT(ops), 0, 0, "merged into every trace"},
    {0, OPTION_LIST, "set", "PATH=VALUE", AT(ops), 0, 0,
     "one value, such as layout.annotations[0].text=left"},
};

/* Names are parted by blanks. */
static const struct {
    const char *heading, *example, *names;
} groups[] = {
    {"RGB data: a picture with three or four samples a pixel",
     "imshow figure photo.png -o photo.html --title 'The yard'", "title origin"},
    {"Scalar data: a heatmap of one value a pixel",
     "imshow figure counts.npy -o counts.html --text-auto .2s --aspect auto",
     "text-auto aspect"},
    {"Colour scales",
     "imshow figure counts.npy -o counts.html --color-continuous-scale Viridis",
     "color-continuous-scale color-continuous-midpoint"},
    {"Limits and contrast",
     "imshow figure photo.png -o photo.html --zmin '[50,0,0]' --zmax '[200,255,255]'",
     "zmin zmax range-color contrast-rescaling"},
    {"Labels and coordinates",
     "imshow figure air.npy -o air.html --labelled air.json --labels '{\"color\": "
     "\"K\"}'",
     "labels x y labelled"},
    {"Binary strings: the values as a PNG or JPEG within the figure",
     "imshow figure counts.npy -o counts.json --binary-string true",
     "binary-string binary-format binary-backend binary-compression-level"},
    {"Facets: slices side by side",
     "imshow figure stack.tif -o stack.html --facet-col 0 --facet-col-wrap 4",
     "facet-col facet-row facet-col-wrap facet-col-spacing facet-row-spacing"},
    {"Animation: slices under a slider",
     "imshow figure film.y4m -o film.html --animation-frame 0 --frames 100",
     "animation-frame"},
    {"Overlays, shapes and looks, applied in the order given; JSON or @FILE",
     "imshow figure counts.npy -o counts.html --add-trace '{\"type\": \"contour\", "
     "\"z\": "
     "\"$input\"}'",
     "add-trace add-shape add-annotation update-layout update-xaxes update-yaxes "
     "update-traces set plain subplots template width height config"},
    {"Input: npy PNG JPEG TIFF PNM PAM PFM y4m, - for stdin; several stack as a first "
     "axis",
     "imshow figure a.png b.png c.png -o abc.html --facet-col 0 --params params.json",
     "params frames dtype shape mask"},
    {"Output", "imshow figure counts.npy -o counts.png --slice 3",
     "output plotlyjs slice quality"},
};

static struct option_row find_row(const char *name, size_t size)
{
    struct option_row px[PX_ROWS_COUNT];
    px_params_rows(AT(px), px);
    for (size_t i = 0; i < sizeof own_rows / sizeof *own_rows; i++)
        if (strlen(own_rows[i].name) == size && memcmp(own_rows[i].name, name, size) == 0)
            return own_rows[i];
    for (size_t i = 0; i < PX_ROWS_COUNT; i++)
        if (strlen(px[i].name) == size && memcmp(px[i].name, name, size) == 0)
            return px[i];
    return (struct option_row){0};
}

void figure_options_rows(struct option_row rows[FIGURE_ROWS_MAX])
{
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        *rows++ = (struct option_row){
            .type = OPTION_GROUP, .name = groups[i].heading, .help = groups[i].example};
        for (const char *name = groups[i].names; *name;) {
            size_t size = strcspn(name, " ");
            *rows++ = find_row(name, size);
            name += size + strspn(name + size, " ");
        }
    }
    *rows = (struct option_row){0};
}
