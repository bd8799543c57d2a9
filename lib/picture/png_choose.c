/* SPDX-License-Identifier: MIT */
/*
 * Which filter and which coder: only trying tells. Filtered rows win on what is smooth or noisy, plain ones on
 * drawings and on a palette whose neighbouring indices have nothing in common; searching for matches wins on drawings
 * and on clean photographs, and is lost time on noise. So a few bands of rows are coded by some ways, and the level
 * says by how many and how hard.
 */
#include "png_impl.h"

enum { BANDS = 3 };

/* What a level may spend. */
struct effort {
    int band_rows;
    int runs;       /* effort of IMS__PNG_RUNS */
    bool by_row;    /* a filter for each row is tried */
    int ways;       /* of IMS__PNG_MATCHES; 0: none */
    bool any_match; /* else only where runs leave little, so that a search is over soon */
    int deflate;    /* level of libdeflate; 0: none */
};

static const struct effort efforts[10] = {
    [1] = {.band_rows = 4, .runs = 0},
    [2] = {.band_rows = 4, .runs = 1},
    [3] = {.band_rows = 8, .runs = 1, .by_row = true, .ways = 1},
    [4] = {.band_rows = 8, .runs = 1, .by_row = true, .ways = 1},
    [5] = {.band_rows = 8, .runs = 1, .by_row = true, .ways = 1, .any_match = true},
    [6] = {.band_rows = 8, .runs = 1, .by_row = true, .ways = 1, .any_match = true},
    [7] = {.band_rows = 16, .runs = 1, .by_row = true, .ways = 2, .any_match = true},
    [8] = {.band_rows = 16, .runs = 1, .by_row = true, .ways = 4, .any_match = true},
    [9] = {.band_rows = 16,
           .runs = 1,
           .by_row = true,
           .ways = 8,
           .any_match = true,
           .deflate = 10},
};

/* The best way yet. */
struct search {
    struct ims__png_worker *worker;
    const struct ims__png_plan *plan;
    uint32_t band_rows;
    struct ims__png_way way;
    size_t size; /* of the tried rows; 0: nothing was tried */
};

/* Rows that are tried: all of a small picture, else bands from its begin to its end. */
static size_t tried_rows(const struct search *s)
{
    return s->plan->image.height < 2 * BANDS * s->band_rows ? s->plan->image.height
                                                            : BANDS * s->band_rows;
}

static struct ims__png_rows band(const struct search *s, uint32_t k)
{
    uint32_t height = s->plan->image.height;
    uint32_t from = (uint32_t)((uint64_t)(height - s->band_rows) * k / (BANDS - 1));

    return (struct ims__png_rows){.from = from, .to = from + s->band_rows};
}

static enum ims_result measure(const struct search *s, const struct ims__png_way *way,
                               size_t *out, struct ims_error *err)
{
    struct ims__png_piece piece = {.bytes = s->worker->probe};
    struct ims__png_rows all = {.to = s->plan->image.height};
    uint32_t bands = tried_rows(s) == all.to ? 1 : BANDS;
    enum ims_result r = IMS_OK;

    piece.bytes.size = 0;
    for (uint32_t k = 0; !r && k < bands; k++) {
        struct ims__png_rows rows = bands == 1 ? all : band(s, k);
        r = ims__png_code(s->worker, s->plan, way, &rows, &piece, err);
    }
    *out = piece.bytes.size;
    s->worker->probe = piece.bytes;
    s->worker->probe.result = IMS_OK;
    return r;
}

/* Takes the way when it saves half a percent: ways are tried from the cheapest on. */
static enum ims_result try(struct search *s, enum ims__png_filter filter,
                           enum ims__png_coder coder, int effort, struct ims_error *err)
{
    struct ims__png_way way = {filter, coder, effort};
    size_t size;
    enum ims_result r = measure(s, &way, &size, err);

    if (!r && (s->size == 0 || size < s->size - s->size / 200)) {
        s->size = size;
        s->way = way;
    }
    return r;
}

static enum ims_result try_runs(struct search *s, const struct effort *e,
                                struct ims_error *err)
{
    enum ims_result r = try(s, IMS__PNG_NONE, IMS__PNG_RUNS, e->runs, err);

    if (!r)
        r = try(s, IMS__PNG_PAETH, IMS__PNG_RUNS, e->runs, err);
    if (!r && e->by_row)
        r = try(s, IMS__PNG_AVERAGE, IMS__PNG_RUNS, e->runs, err);
    if (!r && e->by_row)
        r = try(s, IMS__PNG_BEST, IMS__PNG_RUNS, e->runs, err);
    return r;
}

/* The filter that is best for runs is tried first; where it finds nothing, as on noise, no other does. */
static enum ims_result try_matches(struct search *s, const struct effort *e,
                                   struct ims_error *err)
{
    enum ims__png_filter first = s->way.filter;
    enum ims_result r = try(s, first, IMS__PNG_MATCHES, e->ways, err);

    if (r || s->way.coder != IMS__PNG_MATCHES)
        return r;
    if (first != IMS__PNG_NONE)
        r = try(s, IMS__PNG_NONE, IMS__PNG_MATCHES, e->ways, err);
    if (!r && first != IMS__PNG_BEST)
        r = try(s, IMS__PNG_BEST, IMS__PNG_MATCHES, e->ways, err);
    if (!r && e->deflate)
        r = try(s, s->way.filter, IMS__PNG_DEFLATE, e->deflate, err);
    return r;
}

static bool is_worth_a_search(const struct search *s, const struct effort *e)
{
    size_t bytes = tried_rows(s) * (s->plan->row + 1);

    return e->ways > 0 && (e->any_match || s->size < bytes / 8);
}

enum ims_result ims__png_choose(struct ims__png_worker *worker, int level,
                                struct ims__png_plan *plan, struct ims_error *err)
{
    const struct effort *e = &efforts[level];
    struct search s = {
        .worker = worker, .plan = plan, .band_rows = (uint32_t)e->band_rows};
    enum ims_result r = IMS_OK;

    if (level > 0)
        r = try_runs(&s, e, err);
    if (!r && is_worth_a_search(&s, e))
        r = try_matches(&s, e, err);
    plan->way = s.way; /* stored, when nothing was tried */
    return r;
}
