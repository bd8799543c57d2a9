/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_CONTROL_H
#define CAPTURE_CONTROL_H

/*
 * What can be turned at a source: brightness, exposure. A list is a snapshot of all controls with their
 * values; changes are read against it, so that a mistake is told with the control's own range.
 *
 *     struct control_changes *changes;
 *     if (control_changes_parse(list, map, &changes, &err)) ...   // {"brightness": 100, "gain": null}
 *     free(changes);
 *
 * Plain values; a list is immutable once it is shared, and counted, on one thread at a time.
 */

#include <imshow/sink.h>
#include <imshow/value.h>

enum {
    CONTROLS_MAX = 256,     /* controls of one source */
    CONTROL_ITEMS_MAX = 64, /* items of one menu */
    CONTROL_NAME_MAX = 48,  /* bytes with the ending zero */
    CONTROL_TEXT_MAX = 256, /* bytes of a text's value */
};

enum control_type {
    CONTROL_INTEGER,
    CONTROL_BOOLEAN,
    CONTROL_MENU,
    CONTROL_INTEGER_MENU,
    CONTROL_BUTTON,
    CONTROL_INTEGER64,
    CONTROL_BITMASK,
    CONTROL_STRING,
};

enum control_flag {
    CONTROL_INACTIVE = 1 << 0, /* has no effect now */
    CONTROL_READ_ONLY = 1 << 1,
    CONTROL_GRABBED = 1 << 2,  /* cannot be changed now */
    CONTROL_VOLATILE = 1 << 3, /* the source changes it by itself */
    CONTROL_WRITE_ONLY = 1 << 4,
    CONTROL_DISABLED = 1 << 5,
};

struct control_item {
    int64_t index;
    char name[CONTROL_NAME_MAX]; /* of an integer menu: the number */
};

struct control {
    uint32_t id;
    enum control_type type;
    char name[CONTROL_NAME_MAX];  /* "white_balance_automatic", as v4l2-ctl spells it */
    char title[CONTROL_NAME_MAX]; /* "White Balance, Automatic" */
    char group[CONTROL_NAME_MAX]; /* "User Controls" */
    int64_t minimum, maximum, step, initial, value; /* a string's bounds are bytes */
    unsigned flags;                                 /* enum control_flag */
    struct control_item *items;                     /* of menus; the list's */
    size_t item_count;
    char *text; /* a string's value; the list's */
};

struct control_list {
    int refs;
    size_t count;
    struct control items[CONTROLS_MAX];
};

struct control_change {
    uint32_t id;
    enum control_type type;
    bool is_default; /* of a string: the empty text */
    char name[CONTROL_NAME_MAX];
    int64_t value;
    char text[CONTROL_TEXT_MAX];
};

struct control_changes {
    size_t count;
    struct control_change items[CONTROLS_MAX];
};

/* An empty list with one reference; NULL: no memory. */
struct control_list *control_list_create(void);
struct control_list *control_list_ref(struct control_list *list);
void control_list_unref(struct control_list **list); /* NULL inside is fine */
const struct control *control_named(const struct control_list *list, const char *name);
const struct control *control_by_id(const struct control_list *list, uint32_t id);

/* "White Balance, Automatic" becomes "white_balance_automatic". */
void control_name_of(const char *title, char out[CONTROL_NAME_MAX]);

/* Reads a map of names and values: numbers, true and false, texts, null for the default, a menu also by its
 * item's name. Fails: INVALID naming the control, what it takes and what was given; NOMEM. The caller frees. */
IMS_NODISCARD enum ims_result control_changes_parse(const struct control_list *list,
                                                    const struct ims_value *map,
                                                    struct control_changes **out,
                                                    struct ims_error *err);

/* A wish of somebody's: to see the controls as they are now, after `changes` if there are any. It is the
 * asker's memory; on_done gives it back, once, on the loop. */
struct control_request {
    struct control_request *next;
    struct control_changes
        *changes; /* by malloc, taken over and nulled; NULL: only read */
    /* `list` is borrowed, NULL when result is a failure; IMS_ERR_IO: the source is gone. */
    void (*on_done)(struct control_request *request, const struct control_list *list,
                    enum ims_result result, const char *why);
};

/* The list of all controls, and one control's value. */
void control_list_put(struct ims_sink *sink, const struct control_list *list);
void control_value_put(struct ims_sink *sink, const struct control *control);
/* Same name, flags and value. */
bool control_is_same(const struct control *a, const struct control *b);

#endif
