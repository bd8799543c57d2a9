/* SPDX-License-Identifier: MIT */
/*
 * Which filter and which coder: only trying tells. Filtered rows win on what is smooth or noisy, plain ones on
 * drawings and on a palette whose neighbouring indices have nothing in common; searching for matches wins on drawings
 * and on clean photographs, and is lost time on noise. So a few bands of rows are coded by some ways, and the level
 * says by how many and how hard.
 */
#include "png_impl.h"

enum {
    BANDS = 3,
    DRAWING_ROWS = 24,
    SAVES = 200, /* half a percent */
    SAVES_MUCH = 16,
    /* libdeflate weighs no prices up to here: worse than our matches on photographs */
    DEFLATE_LAZY = 9,
};

/* What a level may spend. */
struct effort {
    int band_rows;
    int runs;    /* effort of IMS__PNG_RUNS */
    bool by_row; /* a filter for each row is tried */
    int matches; /* effort of IMS__PNG_MATCHES; 0: none */
    int deflate; /* level of libdeflate; 0: none */
};

/* 1 to 4 differ in what is tried; 3 and 4 search where runs leave little, as on drawings, so that it is soon over.
 * Where nothing but noise is left, to count all bytes for the codes saves a fifth of a percent in a seventh of the time:
 * from 7 on. */
static const struct effort efforts[10] = {
    [1] = {.band_rows = 4, .runs = 0},
    [2] = {.band_rows = 8, .runs = 0, .by_row = true},
    [3] = {.band_rows = 8, .runs = 0, .by_row = true, .deflate = 5},
    [4] = {.band_rows = 8, .runs = 0, .by_row = true, .deflate = 5},
    [5] = {.band_rows = 8, .runs = 0, .by_row = true, .matches = 1, .deflate = 6},
    [6] = {.band_rows = 8, .runs = 0, .by_row = true, .matches = 1, .deflate = 6},
    [7] = {.band_rows = 16, .runs = 1, .by_row = true, .matches = 2, .deflate = 7},
    [8] = {.band_rows = 16, .runs = 1, .by_row = true, .matches = 3, .deflate = 9},
    [9] = {.band_rows = 16, .runs = 1, .by_row = true, .matches = 2, .deflate = 10},
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

/* Takes the way when it saves the 1/least-th part: ways are tried from the cheapest on. */
static enum ims_result try(struct search *s, struct ims__png_way way, size_t least,
                           struct ims_error *err)
{
    size_t size;
    enum ims_result r = measure(s, &way, &size, err);

    if (!r && (s->size == 0 || size < s->size - s->size / least)) {
        s->size = size;
        s->way = way;
    }
    return r;
}

static enum ims_result try_runs(struct search *s, const struct effort *e,
                                struct ims_error *err)
{
    static const enum ims__png_filter filters[] = {IMS__PNG_NONE, IMS__PNG_PAETH,
                                                   IMS__PNG_AVERAGE, IMS__PNG_BEST};
    enum ims_result r = IMS_OK;

    for (int i = 0; !r && i < (e->by_row ? 4 : 2); i++)
        r = try(s, (struct ims__png_way){filters[i], IMS__PNG_RUNS, e->runs}, SAVES, err);
    return r;
}

static enum ims_result try_coder(struct search *s, enum ims__png_coder coder, int effort,
                                 size_t least, struct ims_error *err)
{
    static const enum ims__png_filter filters[] = {IMS__PNG_NONE, IMS__PNG_BEST};
    enum ims__png_filter first = s->way.filter;
    enum ims_result r = try(s, (struct ims__png_way){first, coder, effort}, least, err);

    for (int i = 0; !r && i < 2; i++)
        if (filters[i] != first)
            r = try(s, (struct ims__png_way){filters[i], coder, effort}, least, err);
    return r;
}

/* A drawing differs from place to place, and repeats itself farther than a photograph: more rows are tried, which
 * cost little. */
static enum ims_result look_longer(struct search *s, struct ims_error *err)
{
    struct ims__png_way way = s->way;

    s->band_rows = DRAWING_ROWS;
    s->size = 0;
    return try(s, way, SAVES, err);
}

/* Libdeflate's long searches find more there than ours, and are soon over where much is flat; elsewhere the fast
 * levels take them only when they save much. */
static enum ims_result try_on_drawing(struct search *s, const struct effort *e,
                                      struct ims_error *err)
{
    enum ims_result r = look_longer(s, err);
    bool is_flat = s->size < tried_rows(s) * s->plan->row / 8;
    size_t least = e->matches > 0 || is_flat ? SAVES : SAVES_MUCH;

    return r ? r : try_coder(s, IMS__PNG_DEFLATE, e->deflate, least, err);
}

/* On noise a search finds nothing, by whatever filter and however long: the first try tells. */
static enum ims_result try_on_photo(struct search *s, const struct effort *e,
                                    struct ims_error *err)
{
    struct ims__png_way way = {s->way.filter, IMS__PNG_MATCHES, e->matches};
    enum ims_result r = try(s, way, SAVES, err);

    if (r || s->way.coder == IMS__PNG_RUNS)
        return r;
    r = try_coder(s, IMS__PNG_MATCHES, e->matches, SAVES, err);
    if (!r &&
        e->deflate > DEFLATE_LAZY) /* gains with the picture, more than a try tells */
        s->way = (struct ims__png_way){s->way.filter, IMS__PNG_DEFLATE, e->deflate};
    return r;
}

/* What leaves less than a fifth by runs alone is flat for the most part. */
static enum ims_result try_matches(struct search *s, const struct effort *e,
                                   struct ims_error *err)
{
    size_t bytes = tried_rows(s) * (s->plan->row + 1);

    if (e->deflate > 0 && s->size < bytes / 5)
        return try_on_drawing(s, e, err);
    return e->matches > 0 ? try_on_photo(s, e, err) : IMS_OK;
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
    if (!r)
        r = try_matches(&s, e, err);
    plan->way = s.way; /* stored, when nothing was tried */
    return r;
}
