/* SPDX-License-Identifier: MIT */
/* Logging in and out of the page: a form, a session, a cookie; and what those get who may not have what they ask for. */
#include "authorize.h"
#include "route_wait.h"
#include "server.h"

#include <imshow/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE_BYTES_MAX = 8192 };

/* ---- the form ---- */

static const char style[] =
    "body{font:16px "
    "system-ui,sans-serif;display:grid;place-items:center;min-height:90vh;margin:0;"
    "background:#fafafa;color:#222}"
    "form{display:grid;gap:.75rem;width:18rem;padding:1.5rem;background:#fff;border:1px "
    "solid #ddd;"
    "border-radius:8px}"
    "h1{font-size:1.1rem;margin:0}p{margin:0;color:#b00020}"
    "input,button{font:inherit;padding:.5rem;border:1px solid #bbb;border-radius:4px}"
    "@media(prefers-color-scheme:dark){body{background:#111;color:#eee}form{background:#"
    "1c1c1c;"
    "border-color:#444}input,button{background:#222;color:#eee;border-color:#555}p{color:"
    "#ff8a80}}";

static void put_escaped(struct ims_bytes *out, const char *text)
{
    for (; *text; text++) {
        if (strchr("&<>\"'", *text))
            ims_bytes_printf(out, "&#%d;", *text);
        else
            ims_bytes_append(out, text, 1);
    }
}

/* A path of ours, and nothing that a browser takes for an address elsewhere ("//host", "/\host"). */
static bool is_own_path(const char *text)
{
    return text[0] == '/' && text[1] != '/' && text[1] != '\\' && !strpbrk(text, "\r\n");
}

static void put_page(struct ims_bytes *out, const char *next, const char *why)
{
    ims_bytes_printf(out,
                     "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">"
                     "<meta name=\"viewport\" content=\"width=device-width\">"
                     "<title>imshow: log in</title><style>%s</style>"
                     "<form method=\"post\" action=\"/login\"><h1>imshow</h1>",
                     style);
    if (*why) {
        ims_bytes_printf(out, "<p role=\"alert\">");
        put_escaped(out, why);
        ims_bytes_printf(out, "</p>");
    }
    ims_bytes_printf(
        out, "<input name=\"name\" aria-label=\"name\" placeholder=\"name\" required "
             "autofocus autocomplete=\"username\">"
             "<input name=\"password\" aria-label=\"password\" placeholder=\"password\" "
             "type=\"password\" required autocomplete=\"current-password\">"
             "<input name=\"next\" type=\"hidden\" value=\"");
    put_escaped(out, is_own_path(next) ? next : "/");
    ims_bytes_printf(out, "\"><button>Log in</button></form></html>\n");
}

/* The style is allowed by its hash: nothing else may stand in the page. */
static void print_policy(char *out, size_t room)
{
    char hash[SECRET_TEXT_ROOM + 1];
    secret_hash_base64(style, sizeof style - 1, hash);
    snprintf(
        out, room,
        "Cache-Control: no-store\r\nContent-Security-Policy: default-src 'none'; "
        "style-src 'sha256-%s'; form-action 'self'; base-uri 'none'; frame-ancestors "
        "'none'\r\nWWW-Authenticate: Bearer realm=\"imshowd\"\r\n",
        hash);
}

static void reply_form(struct exchange *x, int status, const char *next, const char *why)
{
    char headers[512];
    struct ims_buffer *body = NULL;
    struct ims_bytes page = {.limit = PAGE_BYTES_MAX};
    put_page(&page, next, why);
    print_policy(headers, sizeof headers);
    if (page.result || ims_buffer_wrap(page.data, page.size, free, page.data, &body)) {
        ims_bytes_finish(&page);
        exchange_error(x, 503, "no memory for the page");
        return;
    }
    exchange_reply(x, status, "text/html; charset=utf-8", body, headers);
}

void route_login_form(struct exchange *x)
{
    reply_form(x, 200, "/", "");
}

/* A browser's own window for passwords, which Basic asks for, is for clients that know nothing better. */
void route_refuse(struct exchange *x, int status, const char *why)
{
    if (status == 401 && x->accepts_html && x->method == METHOD_GET)
        reply_form(x, 401, x->path, x->who.is_wrong ? why : "");
    else
        exchange_error_with(x, status, why,
                            status != 401 ? NULL
                            : x->is_browser
                                ? "Cache-Control: no-store\r\nWWW-Authenticate: Bearer "
                                  "realm=\"imshowd\"\r\n"
                                : "Cache-Control: no-store\r\nWWW-Authenticate: Basic "
                                  "realm=\"imshowd\", charset=\"UTF-8\"\r\n");
}

/* ---- a form that was sent ---- */

static int hex_of(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static bool is_field(const char *at, size_t size, const char *name)
{
    return size > strlen(name) && memcmp(at, name, strlen(name)) == 0 &&
           at[strlen(name)] == '=';
}

/* One value of application/x-www-form-urlencoded; false: it is missing, malformed or too long. */
static bool form_value(const struct ims_buffer *form, const char *name, char *out,
                       size_t room)
{
    const char *at = (const char *)form->data, *end = at + form->size;
    for (const char *stop; at < end; at = stop + 1) {
        stop = memchr(at, '&', (size_t)(end - at));
        stop = stop ? stop : end;
        if (!is_field(at, (size_t)(stop - at), name))
            continue;
        size_t size = 0;
        for (at += strlen(name) + 1; at < stop && size + 1 < room; at++) {
            int high = *at == '%' && stop - at > 2 ? hex_of(at[1]) : -1;
            int low = high >= 0 ? hex_of(at[2]) : -1;
            out[size++] = (char)(low >= 0 ? high << 4 | low : *at == '+' ? ' ' : *at);
            at += low >= 0 ? 2 : 0;
            if (!out[size - 1])
                return false;
        }
        out[size] = 0;
        return at == stop;
    }
    return false;
}

struct login {
    struct exchange *x;
    struct gate_login *pending;
    char next[EXCHANGE_URI_MAX];
};

/* Strict: a page elsewhere cannot make a browser send it; HttpOnly: no script can read it. */
static void print_cookie(const struct exchange *x, const char *id, char *out, size_t room)
{
    snprintf(out, room, "Set-Cookie: %s=%s; Path=/; HttpOnly; SameSite=Strict%s%s\r\n",
             x->server->cookie_name, id, x->server->is_tls ? "; Secure" : "",
             *id ? "" : "; Max-Age=0");
}

void route_begin_session(struct exchange *x, char *out, size_t room)
{
    char id[SECRET_TEXT_ROOM];
    out[0] = 0;
    if (x->who.kind == CALLER_LINK && !x->who.session && !x->who.link.has_region &&
        gate_session_begin(x->server->parts.gate, &x->who, id, NULL) == IMS_OK)
        print_cookie(x, id, out, room);
}

static void reply_moved(struct exchange *x, const char *to, const char *id)
{
    char cookie[256], headers[EXCHANGE_URI_MAX + 512];
    print_cookie(x, id, cookie, sizeof cookie);
    snprintf(headers, sizeof headers, "Cache-Control: no-store\r\nLocation: %s\r\n%s", to,
             cookie);
    exchange_reply_static(x, 303, "text/plain", "", 0, headers);
}

static void on_password(void *user, const struct access_caller *who)
{
    struct login *login = user;
    struct exchange *x = login->x;
    struct ims_error err = {0};
    char id[SECRET_TEXT_ROOM];
    login->pending = NULL;
    if (!who)
        reply_form(x, 401, login->next, "name or password is wrong");
    else if (gate_session_begin(x->server->parts.gate, who, id, &err))
        exchange_error(x, 503, err.text);
    else
        reply_moved(x, login->next, id);
    free(login);
}

static void on_close(struct exchange *x)
{
    struct login *login = x->state;
    gate_login_abandon(&login->pending);
    free(login);
}

static void start(struct exchange *x, struct login *login, const char *name,
                  const char *password)
{
    struct gate *gate = x->server->parts.gate;
    x->state = login;
    x->on_close = on_close;
    if (gate_login(gate, &x->who.address, name, password, on_password, login,
                   &login->pending) == IMS_OK)
        return;
    reply_form(x, gate_wait_s(gate, &x->who.address) ? 429 : 503, login->next,
               "too many wrong passwords came from here: wait a minute");
    free(login);
}

void route_login(struct exchange *x)
{
    char name[ACCESS_NAME_MAX + 1], password[PASSWORD_BYTES_MAX + 1];
    struct login *login = calloc(1, sizeof *login);
    if (!login) {
        exchange_error(x, 503, "no memory to log in");
        return;
    }
    login->x = x;
    if (!form_value(x->body, "next", login->next, sizeof login->next) ||
        !is_own_path(login->next))
        snprintf(login->next, sizeof login->next, "/");
    if (form_value(x->body, "name", name, sizeof name) &&
        form_value(x->body, "password", password, sizeof password)) {
        start(x, login, name, password);
    } else {
        reply_form(x, 400, login->next, "give a name and a password");
        free(login);
    }
    explicit_bzero(password, sizeof password);
}

void route_logout(struct exchange *x)
{
    if (x->session[0])
        gate_session_end(x->server->parts.gate, x->session);
    reply_moved(x, "/", "");
}

/* For the page, which cannot see why its WebSocket is refused. A secret that is wrong has nothing to be told. */
void route_session(struct exchange *x)
{
    const struct gate *gate = x->server->parts.gate;
    struct ims_bytes out = {.limit = 1024};
    struct ims_sink sink = ims_json_sink(&out);
    bool is_somebody = gate_is_somebody(gate, &x->who) && x->who.kind == CALLER_PRINCIPAL;
    ims_put_map(&sink, 3);
    ims_put_key(&sink, "name");
    ims_put_text(&sink, is_somebody ? x->who.name : "");
    ims_put_key(&sink, "is_session");
    ims_put_bool(&sink, is_somebody && x->who.session);
    ims_put_key(&sink, "may_view");
    ims_put_bool(&sink, gate_may_any(gate, &x->who, RIGHT_VIEW));
    ims_put_end(&sink);
    route_reply_json(x, &out);
}
