/* SPDX-License-Identifier: MIT */
#ifndef IMS_ARRAY_H
#define IMS_ARRAY_H

/*
 * Typed n-dimensional data with optional names, coordinates and units: the meaning of an
 * xarray.DataArray.
 *
 *     struct ims_array a;
 *     if (ims_array_create(IMS_U16, 2, (size_t[]){480, 640}, &a, &err)) ...
 *     ((uint16_t *)a.data)[0] = 7;
 *     struct ims_array row;
 *     ims_array_slice(&a, 0, 10, &row);      // shares the memory, holds a reference of its own
 *     ims_array_finish(&row);
 *     ims_array_finish(&a);
 *
 * Values are in the machine's byte order; strides are in bytes and may be negative or zero. An array is
 * a plain value that holds a reference to its buffer and its labels; copy it with ims_array_ref only.
 */

#include <imshow/buffer.h>
#include <imshow/value.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { IMS_MAX_DIMS = 8 };

enum ims_dtype { /* NumPy's names: bool int8 uint8 ... float64 */
                 IMS_BOOL,
                 IMS_I8,
                 IMS_U8,
                 IMS_I16,
                 IMS_U16,
                 IMS_I32,
                 IMS_U32,
                 IMS_I64,
                 IMS_U64,
                 IMS_F16,
                 IMS_F32,
                 IMS_F64,
                 IMS_DTYPE_COUNT,
};

struct ims_labels;

struct ims_array {
    enum ims_dtype dtype;
    int ndim;
    size_t shape[IMS_MAX_DIMS];
    ptrdiff_t strides[IMS_MAX_DIMS]; /* bytes */
    uint8_t *data;                   /* the first item */
    struct ims_buffer *buffer;       /* owns data; NULL when the memory is the caller's */
    struct ims_labels *labels;       /* NULL: none */
};

size_t ims_dtype_size(enum ims_dtype dtype);      /* bytes an item */
const char *ims_dtype_name(enum ims_dtype dtype); /* "uint16" */
const char *
ims_dtype_str(enum ims_dtype dtype); /* NumPy's type string, "<u2" (little-endian host) */
/* float16 to float64; and the types that hold values below zero, floats included. */
bool ims_dtype_is_float(enum ims_dtype dtype);
bool ims_dtype_is_signed(enum ims_dtype dtype);
/* Reads NumPy's type string ("<u2", ">f4", "|b1", "=i8", "u1") or name ("uint16"). `swapped` says that
 * the items are in the other byte order than the machine's. Fails: UNSUPPORTED with the text. */
IMS_NODISCARD enum ims_result ims_dtype_parse(const char *text, enum ims_dtype *dtype,
                                              bool *swapped, struct ims_error *err);

/* Bytes of a C-ordered array; false when that overflows or ndim is out of 0..IMS_MAX_DIMS. */
bool ims_shape_bytes(enum ims_dtype dtype, int ndim, const size_t *shape, size_t *out);

/* A C-ordered array, unset. Fails: LIMIT (ndim, overflow), NOMEM. */
IMS_NODISCARD enum ims_result ims_array_create(enum ims_dtype dtype, int ndim,
                                               const size_t *shape, struct ims_array *out,
                                               struct ims_error *err);
/* A C-ordered array over `buffer` from byte `offset` on; takes a reference of its own. Fails: LIMIT,
 * TRUNCATED when the buffer is too small. */
IMS_NODISCARD enum ims_result ims_array_over(struct ims_buffer *buffer, size_t offset,
                                             enum ims_dtype dtype, int ndim,
                                             const size_t *shape, struct ims_array *out,
                                             struct ims_error *err);
/* Another holder of the same memory and labels. */
struct ims_array ims_array_ref(const struct ims_array *array);
/* Drops the references and zeroes the struct; a zeroed struct is fine. */
void ims_array_finish(struct ims_array *array);

size_t ims_array_count(const struct ims_array *array); /* items */
/* The items lie one after the other, the last axis running fastest. */
bool ims_array_is_c_ordered(const struct ims_array *array);
/* A C-ordered array of the same items: a reference where it already is one, else a copy. Fails: NOMEM. */
IMS_NODISCARD enum ims_result ims_array_c_ordered(const struct ims_array *array,
                                                  struct ims_array *out,
                                                  struct ims_error *err);
/* Item `index` along `axis` (negative axes count from the end): one dimension less, labels follow.
 * Fails: INVALID when out of range. */
IMS_NODISCARD enum ims_result ims_array_slice(const struct ims_array *array, int axis,
                                              size_t index, struct ims_array *out,
                                              struct ims_error *err);
/* Reverses the bytes of `count` items of `size` bytes in place. */
void ims_swap_bytes(void *data, size_t count, size_t size);

/* One item as a double (i64 and u64 round) or as an exact value (bool, integer or real). */
double ims_item_f64(enum ims_dtype dtype, const void *item);
struct ims_value ims_item_value(enum ims_dtype dtype, const void *item);
/* The address of the item at `index` (ndim entries, in range). */
const uint8_t *ims_array_at(const struct ims_array *array, const size_t *index);

/* Exact; NaN and infinities stay what they are. `half` holds the bits of an IEEE 754 binary16. */
float ims_f16_to_f32(uint16_t half);

/* ---- names, coordinates, units ---- */

/* Units of NumPy's datetime64; the counts since 1970 are i64, the least one is not a time. */
enum ims_date_unit {
    IMS_DATE_NONE,
    IMS_DATE_Y,
    IMS_DATE_M,
    IMS_DATE_D,
    IMS_DATE_H,
    IMS_DATE_MIN,
    IMS_DATE_S,
    IMS_DATE_MS,
    IMS_DATE_US,
    IMS_DATE_NS,
};

/* A moment as µs since 1970 UTC: such a count, or ISO text ("2026-01-31T06:00:00.5", a Z behind it or none). False
 * when it is neither. */
bool ims_time_parse(const char *text, int64_t *out_us);
enum { IMS_TIME_SIZE = 32 };
/* "2026-01-31T06:00:00.500000Z" */
void ims_time_format(int64_t time_us, char out[IMS_TIME_SIZE]);

struct ims_dim {
    char *name;               /* NULL: none */
    char *units;              /* NULL: none */
    struct ims_array coords;  /* one dimension, as long as the axis; ndim 0: none */
    enum ims_date_unit dates; /* of coords, when they are dates; else IMS_DATE_NONE */
    char **texts; /* text coordinates instead, as many as the axis is long; NULL: none */
};

/* Shared by reference between frames of a stream: immutable once an array holds it. */
struct ims_labels {
    char *name, *long_name, *units; /* of the values; NULL: none */
    int ndim;
    struct ims_dim dims[IMS_MAX_DIMS];
    bool is_table; /* a data frame: rows and columns, no name and units of the values */
};

/* Reads the form of xarray's DataArray.to_dict(): {"dims": [...], "coords": {NAME: {"data": [...],
 * "attrs": {"units": ...}}}, "attrs": {"units", "long_name"}, "name"}; only the label part is read. A
 * "dtype" beside a coordinate's "data" ("float32", "datetime64[ns]", data then ISO texts or counts)
 * states its type, else it is told from the items: i64, f64, bool or text. Without "dims" it is a
 * table in the form of pandas' to_dict("tight"): {"index": [...], "columns": [...], "index_names":
 * [...], "column_names": [...]}, where index and columns may also be {"dtype", "data"}. Shapes are checked by ims_labels_fit. Fails: INVALID with the place, LIMIT, NOMEM. */
IMS_NODISCARD enum ims_result ims_labels_parse(const struct ims_value *labelled,
                                               struct ims_labels **out,
                                               struct ims_error *err);
/* INVALID, saying which, unless dimensions and lengths of coordinates match the shape. */
IMS_NODISCARD enum ims_result ims_labels_fit(const struct ims_labels *labels, int ndim,
                                             const size_t *shape, struct ims_error *err);
/* The labels of a stack of arrays that all have these: one dimension more before the others, `name`, whose
 * coordinates are moments, i64 counts of µs since 1970 UTC. A new reference. Fails: LIMIT (dimensions), NOMEM. */
IMS_NODISCARD enum ims_result ims_labels_stack(const struct ims_labels *labels,
                                               const char *name,
                                               const struct ims_array *times_us,
                                               struct ims_labels **out);
struct ims_labels *ims_labels_ref(struct ims_labels *labels);
void ims_labels_unref(struct ims_labels **labels);

#ifdef __cplusplus
}
#endif
#endif
