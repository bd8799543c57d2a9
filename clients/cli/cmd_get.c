/* SPDX-License-Identifier: MIT */
#include "command.h"
#include "file.h"
#include "http.h"
#include "options.h"
#include "pace.h"
#include "server.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { GET_MAX = 1 << 30, QUERY_COUNT = 8 };

struct get_options {
    const char *server, *token_file, *out;
    const char *query[QUERY_COUNT];
};

#define AT(member) offsetof(struct get_options, member)

static const struct option_row rows[] = {
    {0, OPTION_TEXT, "width", "PX", AT(query[0]), 0, 0, "png, jpg: at most this wide"},
    {0, OPTION_TEXT, "height", "PX", AT(query[1]), 0, 0, "png, jpg: at most this high"},
    {0, OPTION_TEXT, "region", "[X0,Y0,X1,Y1]", AT(query[2]), 0, 0,
     "png, jpg: this part, in pixels of the frame"},
    {0, OPTION_TEXT, "quality", "N", AT(query[3]), 0, 0, "jpg: 1 to 100"},
    {0, OPTION_TEXT, "level", "N", AT(query[4]), 0, 0, "png: 0 to 9"},
    {0, OPTION_TEXT, "zmin", "V", AT(query[5]), 0, 0, "png, jpg: lower limit"},
    {0, OPTION_TEXT, "zmax", "V", AT(query[6]), 0, 0, "png, jpg: upper limit"},
    {0, OPTION_TEXT, "color-continuous-scale", "NAME", AT(query[7]), 0, 0,
     "png, jpg: a colour scale's name"},
    {'o', OPTION_TEXT, "output", "OUT", AT(out), 0, 0,
     "file to write: .npy .png .jpg .json"},
    {'S', OPTION_TEXT, "server", "URL", AT(server), 0, 0,
     "http://HOST:PORT (IMSHOW_SERVER, " SERVER_DEFAULT ")"},
    {0, OPTION_TEXT, "token-file", "FILE", AT(token_file), 0, 0, TOKEN_FILE_HELP},
    {0},
};

static const struct {
    const char *extension, *route;
} forms[] = {
    {".npy", "frame.npy"},     {".png", "snapshot.png"}, {".jpg", "snapshot.jpg"},
    {".jpeg", "snapshot.jpg"}, {".json", "figure.json"},
};

static void print_options(FILE *file)
{
    options_print(rows, file);
}

static enum ims_result find_route(const char *out, const char **route,
                                  struct ims_error *err)
{
    const char *extension = out ? strrchr(out, '.') : NULL;
    for (size_t i = 0; extension && i < sizeof forms / sizeof *forms; i++)
        if (strcasecmp(extension, forms[i].extension) == 0) {
            *route = forms[i].route;
            return IMS_OK;
        }
    return ims_fail(err, IMS_ERR_INVALID,
                    "give -o OUT that ends in .npy, .png, .jpg or .json");
}

/* Underscores stand where an option has dashes. */
static void put_key(const char *name, struct ims_bytes *url)
{
    for (; *name; name++)
        ims_bytes_append(url, *name == '-' ? "_" : name, 1);
}

static void build_url(const struct get_options *o, const struct server *server,
                      const char *name, const char *route, struct ims_bytes *url)
{
    ims_bytes_printf(url, "%s/streams/", server->base);
    http_escape(name, url);
    ims_bytes_printf(url, "/%s", route);
    char separator = '?';
    for (size_t i = 0; i < QUERY_COUNT; i++) {
        if (!o->query[i])
            continue;
        ims_bytes_append(url, &separator, 1);
        put_key(rows[i].name, url);
        ims_bytes_append(url, "=", 1);
        http_escape(o->query[i], url);
        separator = '&';
    }
    ims_bytes_append(url, "", 1);
}

static enum ims_result fetch(const struct server *server, const char *url,
                             const char *path, struct ims_error *err)
{
    struct http *http;
    struct ims_bytes body = {.limit = GET_MAX};
    enum ims_result r = http_create(server, &http);
    if (r)
        return ims_fail(err, r, "out of memory");
    r = http_get(http, url, &body, err);
    if (!r)
        r = file_write(path, body.data, body.size, err);
    ims_bytes_finish(&body);
    http_destroy(http);
    return r;
}

static enum ims_result run(int argc, char **argv, bool *is_usage, struct ims_error *err)
{
    struct get_options o = {0};
    struct option_args args;
    struct server server;
    const char *route = NULL;
    enum ims_result r = options_parse(rows, argc, argv, &o, &args, err);
    if (!r && args.count != 1)
        r = ims_fail(err, IMS_ERR_INVALID, "give one stream's name");
    if (!r)
        r = find_route(o.out, &route, err);
    if (!r)
        r = server_resolve(o.server, getenv("IMSHOW_SERVER"), &server, err);
    if (!r)
        r = server_token(o.token_file, getenv("IMSHOW_TOKEN"), &server, err);
    if (!r && server.unix_path)
        r = ims_fail(err, IMS_ERR_INVALID,
                     "--server unix: is for push only; give http://HOST:PORT");
    if (r) {
        *is_usage = true;
        return r;
    }
    struct ims_bytes url = {0};
    pace_catch_interrupt();
    build_url(&o, &server, args.values[0], route, &url);
    r = url.result ? ims_fail(err, url.result, "out of memory")
                   : fetch(&server, (const char *)url.data, o.out, err);
    ims_bytes_finish(&url);
    return r;
}

const struct command command_get = {
    .name = "get",
    .usage = "NAME -o OUT",
    .summary = "saves a stream's newest frame, as it is, as a picture or as a figure",
    .print_options = print_options,
    .run = run,
};
