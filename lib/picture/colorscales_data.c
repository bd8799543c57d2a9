/* SPDX-License-Identifier: MIT */
/* Made by make_colorscales.py from plotly.colors: change that, not this. */
#include <imshow/colorscale.h>
#include <stddef.h>

static const char *const gray[] = {
    "rgb(0, 0, 0)",       "rgb(16, 16, 16)",    "rgb(38, 38, 38)",
    "rgb(59, 59, 59)",    "rgb(81, 80, 80)",    "rgb(102, 101, 101)",
    "rgb(124, 123, 122)", "rgb(146, 146, 145)", "rgb(171, 171, 170)",
    "rgb(197, 197, 195)", "rgb(224, 224, 223)", "rgb(254, 254, 253)",
};

static const char *const plasma[] = {
    "#0d0887", "#46039f", "#7201a8", "#9c179e", "#bd3786",
    "#d8576b", "#ed7953", "#fb9f3a", "#fdca26", "#f0f921",
};

static const char *const rdbu[] = {
    "rgb(103,0,31)",    "rgb(178,24,43)",   "rgb(214,96,77)",   "rgb(244,165,130)",
    "rgb(253,219,199)", "rgb(247,247,247)", "rgb(209,229,240)", "rgb(146,197,222)",
    "rgb(67,147,195)",  "rgb(33,102,172)",  "rgb(5,48,97)",
};

static const char *const viridis[] = {
    "#440154", "#482878", "#3e4989", "#31688e", "#26828e",
    "#1f9e89", "#35b779", "#6ece58", "#b5de2b", "#fde725",
};

const struct ims_colorscale ims_colorscales[] = {
    {"gray", 12, gray},       {"Plasma", 10, plasma}, {"RdBu", 11, rdbu},
    {"Viridis", 10, viridis}, {NULL, 0, NULL},
};
