/* SPDX-License-Identifier: MIT */
/*
 * The strong coder. A byte of a filtered photograph costs two or three bits, so that most matches that a
 * search by length would take cost more than the literals they replace. Here every match is weighed: going
 * through the block once, the cheapest way to each byte is kept, and the way to the last one is written. The
 * prices are the codes' lengths of the block before.
 *
 * Matches of eight bytes and more are looked for by a hash of eight: shorter ones seldom pay, and a hash of fewer
 * bytes leads to many places that are not worth a look. The greater efforts look for those of four as well.
 */
#include "clones.h"
#include "png_coder.h"

enum {
    RING = 512,       /* ways that are still open: a match reaches 258 bytes ahead */
    NICE_LENGTH = 64, /* taken without weighing what lies inside of it */
    LONG_BYTES = 8,   /* that are hashed, and read at once */
    LONG_ENOUGH = 16, /* not to look for four bytes beside it */
    WAYS_MAX = 1 << IMS__WAYS_LOG,
    UNUSED_LITERAL = 13, /* prices of symbols that the block before had no use for */
    UNUSED_LENGTH = 12,
    UNUSED_DISTANCE = 9,
};

static uint32_t *places_of(struct ims__matches *m, uint64_t bytes, int ways)
{
    return m->place +
           (size_t)(bytes * 0x9E3779B185EBCA87U >> (64 - IMS__HASH_BITS)) * (size_t)ways;
}

/* How far both go on alike, at most `most`. */
static unsigned length_of(const uint8_t *a, const uint8_t *b, unsigned most)
{
    unsigned n = 0;

    for (; n + 8 <= most; n += 8) {
        uint64_t differs = ims__load64(a + n) ^ ims__load64(b + n);
        if (differs)
            return n + ((unsigned)__builtin_ctzll(differs) >> 3);
    }
    while (n < most && a[n] == b[n])
        n++;
    return n;
}
/* The block as it is walked through. */
struct walk {
    const uint8_t *data;
    uint32_t size;
    uint32_t cost[RING]; /* of the cheapest way to a byte, in bits */
    uint32_t *step;      /* its last step */
    uint8_t literal[256], length[IMS__MATCH_MAX + 1], distance[IMS__DISTANCES];
};

static void set_prices(const struct ims__matches *m, struct walk *w)
{
    memcpy(w->literal, m->symbol_price, sizeof(w->literal));
    for (unsigned n = IMS__MATCH_MIN; n <= IMS__MATCH_MAX; n++)
        w->length[n] =
            (uint8_t)(m->symbol_price[IMS__SYMBOL_LENGTH + ims__length_symbol(n)] +
                      ims__length_extra(n));
    for (unsigned i = 0; i < IMS__DISTANCES; i++)
        w->distance[i] = (uint8_t)(m->distance_price[i] + (i < 4 ? 0 : i / 2 - 1));
}

static inline void offer(struct walk *w, uint32_t to, uint32_t cost, uint32_t length,
                         uint32_t distance)
{
    if (cost < w->cost[to % RING]) {
        w->cost[to % RING] = cost;
        w->step[to] = length | distance << 16;
    }
}

/* Offers the match at `at`, when it is longer than what was found before; the longest yet. */
static inline unsigned offer_match(struct walk *w, uint32_t at, uint32_t cost,
                                   uint32_t distance, unsigned longest)
{
    const uint8_t *here = w->data + at;
    unsigned most = w->size - at < IMS__MATCH_MAX ? w->size - at : IMS__MATCH_MAX;
    unsigned length = length_of(here - distance, here, most);

    if (length <= longest)
        return longest;
    offer(w, at + length,
          cost + w->length[length] + w->distance[ims__distance_symbol(distance)], length,
          distance);
    return length;
}

/* Whether `place` of `bytes` is one whose bytes can still be meant. */
static inline bool is_near(uint32_t place, uint32_t position)
{
    return place != 0 && position - place <= IMS__DISTANCE_MAX;
}

/* Looks up the four bytes at `at` and notes their place; the length of the longest match yet. */
static inline unsigned search_short(struct ims__matches *m, struct walk *w, uint32_t at,
                                    uint32_t cost, unsigned longest)
{
    uint32_t bytes = (uint32_t)ims__load64(w->data + at), position = m->here + at + 1;
    uint32_t *place = m->short_place + (bytes * 0x9E3779B1U >> (32 - IMS__HASH_BITS)),
             was = *place;

    *place = position;
    if (longest >= LONG_ENOUGH || !is_near(was, position) ||
        (uint32_t)ims__load64(w->data + at - (position - was)) != bytes)
        return longest;
    return offer_match(w, at, cost, position - was, longest);
}

/* The same for the eight bytes at `at`, of which `ways` places are kept, the nearest first. */
static inline unsigned search_long(struct ims__matches *m, struct walk *w, uint32_t at,
                                   uint32_t cost, int ways)
{
    uint64_t bytes = ims__load64(w->data + at);
    uint32_t *place = places_of(m, bytes, ways), position = m->here + at + 1;
    unsigned longest = 0;

    for (int i = 0; i < ways; i++)
        if (is_near(place[i], position) &&
            ims__load64(w->data + at - (position - place[i])) == bytes)
            longest = offer_match(w, at, cost, position - place[i], longest);
    for (int i = ways - 1; i > 0; i--)
        place[i] = place[i - 1];
    place[0] = position;
    return longest;
}

/* A run is a match with the byte before, and there is no better one. */
static inline unsigned search(struct ims__matches *m, struct walk *w, uint32_t at,
                              uint32_t cost, int ways, bool is_short)
{
    unsigned longest;

    if (m->here + at > 0 && ims__load64(w->data + at - 1) == ims__load64(w->data + at))
        return offer_match(w, at, cost, 1, 0);
    longest = search_long(m, w, at, cost, ways);
    return is_short ? search_short(m, w, at, cost, longest) : longest;
}

/* Goes on behind a long match, which nothing inside of it can beat by much. */
static void jump(struct walk *w, uint32_t to)
{
    uint32_t cost = w->cost[to % RING];

    memset(w->cost, 0xff, sizeof(w->cost));
    w->cost[to % RING] = cost;
}

static inline void weigh(struct ims__matches *m, struct walk *w, int ways, bool is_short)
{
    uint32_t searched = w->size < LONG_BYTES ? 0 : w->size - LONG_BYTES + 1;

    memset(w->cost, 0xff, sizeof(w->cost));
    w->cost[0] = 0;
    for (uint32_t at = 0; at < w->size;) {
        uint32_t cost = w->cost[at % RING];
        unsigned longest = at < searched ? search(m, w, at, cost, ways, is_short) : 0;
        w->cost[at % RING] = UINT32_MAX;
        if (longest >= NICE_LENGTH) {
            at += longest;
            jump(w, at);
            continue;
        }
        offer(w, at + 1, cost + w->literal[w->data[at]], 1, 0);
        at++;
    }
}

/* A loop for each effort, which the compiler then knows. */
IMS__CLONES
static void weigh_by_effort(struct ims__matches *m, struct walk *w)
{
    switch (m->effort) {
    case 1: weigh(m, w, 1, false); break;
    case 2: weigh(m, w, 1, true); break;
    default: weigh(m, w, WAYS_MAX, true); break;
    }
}

/* The way lies from its end to its begin: each step moves to where it starts. */
static void turn_around(uint32_t *step, uint32_t size)
{
    uint32_t at = size, next = step[size];

    while (at > 0) {
        uint32_t taken = next;
        at -= taken & 0xffff;
        next = step[at];
        step[at] = taken;
    }
}

static void count_steps(const struct walk *w, struct ims__counts *counts)
{
    counts->symbol[IMS__SYMBOL_END] = 1;
    for (uint32_t at = 0; at < w->size; at += w->step[at] & 0xffff) {
        unsigned length = w->step[at] & 0xffff;
        if (length == 1) {
            counts->symbol[w->data[at]]++;
        } else {
            counts->symbol[IMS__SYMBOL_LENGTH + ims__length_symbol(length)]++;
            counts->distance[ims__distance_symbol(w->step[at] >> 16)]++;
        }
    }
}

IMS__CLONES
static void write_steps(const struct walk *w, const struct ims__codes *codes,
                        struct ims__bits *out)
{
    struct ims__bits bits = *out; /* a copy of our own stays in registers */

    for (uint32_t at = 0; at < w->size; at += w->step[at] & 0xffff) {
        unsigned length = w->step[at] & 0xffff;
        if (length == 1)
            ims__put_literal(&bits, codes, w->data[at]);
        else
            ims__put_match(&bits, codes, length, w->step[at] >> 16);
        ims__bits_flush(&bits);
    }
    ims__put_end(&bits, codes);
    *out = bits;
}

static void keep_prices(struct ims__matches *m, const struct ims__codes *codes)
{
    for (int i = 0; i < IMS__SYMBOLS; i++) {
        uint8_t unused = i < IMS__SYMBOL_END ? UNUSED_LITERAL : UNUSED_LENGTH;
        m->symbol_price[i] = codes->symbol_bits[i] ? codes->symbol_bits[i] : unused;
    }
    for (int i = 0; i < IMS__DISTANCES; i++)
        m->distance_price[i] =
            codes->distance_bits[i] ? codes->distance_bits[i] : UNUSED_DISTANCE;
    m->has_prices = true;
}

/* Without a block before: what the bytes cost as literals, and matches as they are used on the average. */
static void guess_prices(struct ims__matches *m, const uint8_t *data, uint32_t size)
{
    struct ims__counts counts = {0};
    struct ims__codes codes;

    for (uint32_t i = 0; i < size; i++)
        counts.symbol[data[i]]++;
    for (int i = IMS__SYMBOL_LENGTH; i < IMS__SYMBOLS; i++)
        counts.symbol[i] = size / 512 + 1;
    for (int i = 0; i < IMS__DISTANCES; i++)
        counts.distance[i] = 1;
    ims__codes_make(&counts, &codes);
    keep_prices(m, &codes);
}

void ims__matches_start(struct ims__matches *matches, int effort)
{
    matches->effort = effort;
    matches->here = 0;
    matches->has_prices = false;
    memset(matches->place, 0, sizeof(matches->place));
    memset(matches->short_place, 0, sizeof(matches->short_place));
}

void ims__matches_write(struct ims__matches *matches, const uint8_t *data, size_t size,
                        bool is_last, struct ims__bits *bits)
{
    struct walk w = {.data = data, .size = (uint32_t)size, .step = matches->step};
    struct ims__counts counts = {0};
    struct ims__codes codes;

    if (!matches->has_prices)
        guess_prices(matches, data, w.size);
    set_prices(matches, &w);
    weigh_by_effort(matches, &w);
    turn_around(w.step, w.size);
    count_steps(&w, &counts);
    ims__codes_make(&counts, &codes);
    ims__codes_write(&codes, is_last, bits);
    write_steps(&w, &codes, bits);
    keep_prices(matches, &codes);
    matches->here += w.size;
}
