/* SPDX-License-Identifier: MIT */
/* The library beside a daemon that says what the test wants: on a thread, one connection. */
#include <imshow_push.h>

#include <criterion/criterion.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define READY                                                                            \
    "\x82\xa4type\xa5ready\xa7"                                                          \
    "credits\x02"
#define CREDIT                                                                           \
    "\x82\xa4type\xa6"                                                                   \
    "credit\xa6"                                                                         \
    "frames\x01"
#define TOO_HOT                                                                          \
    "\x83\xa4type\xa5"                                                                   \
    "error\xa4"                                                                          \
    "code\xa9"                                                                           \
    "bad-frame\xa4text\xa7too hot"

struct fake {
    char folder[32], server[64];
    int listener;
    const char *answer; /* to the hello */
    size_t answer_size;
    pthread_t thread;
    int fd;
};

static void *run(void *user)
{
    struct fake *fake = user;
    char hello[4096];
    fake->fd = accept(fake->listener, NULL, NULL);
    if (fake->fd >= 0 && read(fake->fd, hello, sizeof hello) > 0)
        (void)!write(fake->fd, fake->answer, fake->answer_size);
    return NULL;
}

static void fake_start(struct fake *fake, const char *answer, size_t size)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    *fake = (struct fake){
        .folder = "/tmp/push-XXXXXX", .answer = answer, .answer_size = size};
    cr_assert_not_null(mkdtemp(fake->folder));
    snprintf(fake->server, sizeof fake->server, "unix:%s/s", fake->folder);
    strcpy(address.sun_path, fake->server + 5);
    fake->listener = socket(AF_UNIX, SOCK_STREAM, 0);
    cr_assert_eq(bind(fake->listener, (struct sockaddr *)&address, sizeof address), 0);
    cr_assert_eq(listen(fake->listener, 1), 0);
    cr_assert_eq(pthread_create(&fake->thread, NULL, run, fake), 0);
}

static void fake_stop(struct fake *fake)
{
    unlink(fake->server + 5);
    rmdir(fake->folder);
    close(fake->listener);
    if (fake->fd >= 0)
        close(fake->fd);
}

static struct ims_push *open_at(struct fake *fake)
{
    struct ims_push *push = NULL;
    struct ims_push_error err = {.text = ""};
    struct ims_push_options options = {.server = fake->server, .timeout_ms = 60000};
    cr_assert_eq(ims_push_open(&options, &push, &err), 0, "%s", err.text);
    pthread_join(fake->thread, NULL);
    return push;
}

static void say(struct fake *fake, const char *text, size_t size)
{
    cr_assert_eq(write(fake->fd, text, size), (ssize_t)size);
}

static const uint8_t pixels[6];
static const struct ims_push_frame small = {
    .data = pixels, .dtype = "|u1", .ndim = 2, .shape = {2, 3}};

Test(push_talk, sends_as_many_frames_as_it_has_credits)
{
    struct fake fake;
    fake_start(&fake, READY, sizeof READY - 1);
    struct ims_push *push = open_at(&fake);
    cr_assert_eq(ims_push_try(push, &small, NULL), IMS_PUSH_OK);
    cr_assert_eq(ims_push_try(push, &small, NULL), IMS_PUSH_OK);
    cr_assert_eq(ims_push_try(push, &small, NULL), IMS_PUSH_AGAIN);
    say(&fake, CREDIT, sizeof CREDIT - 1);
    struct pollfd wait = {.fd = ims_push_fd(push), .events = ims_push_events(push)};
    cr_assert_eq(poll(&wait, 1, 60000), 1);
    cr_assert_eq(ims_push_work(push, NULL), IMS_PUSH_OK);
    cr_assert_eq(ims_push_try(push, &small, NULL), IMS_PUSH_OK);
    cr_assert_eq(ims_push_try(push, &small, NULL), IMS_PUSH_AGAIN);
    fake_stop(&fake);
    ims_push_close(&push);
    cr_assert_null(push);
}

Test(push_talk, keeps_what_the_socket_does_not_take_and_sends_it_later)
{
    enum { ROWS = 2048, COLUMNS = 4096 };
    struct fake fake;
    size_t size = (size_t)ROWS * COLUMNS, heard = 0;
    uint8_t *items = calloc(size, 1), *buffer = malloc(1 << 16), last = 0;
    struct ims_push_frame frame = {
        .data = items, .dtype = "|u1", .ndim = 2, .shape = {ROWS, COLUMNS}};
    fake_start(&fake, READY, sizeof READY - 1);
    struct ims_push *push = open_at(&fake);
    items[size - 1] = 77;
    cr_assert_eq(ims_push_try(push, &frame, NULL), IMS_PUSH_OK);
    cr_assert_eq(ims_push_events(push), POLLIN | POLLOUT);
    memset(items, 0, size); /* the caller's again */
    cr_assert_eq(ims_push_try(push, &frame, NULL), IMS_PUSH_AGAIN);
    for (;;) {
        bool is_all = ims_push_events(push) == POLLIN;
        ssize_t n = recv(fake.fd, buffer, 1 << 16, is_all ? MSG_DONTWAIT : 0);
        if (n <= 0)
            break;
        heard += (size_t)n;
        last = buffer[n - 1];
        cr_assert(ims_push_work(push, NULL) >= 0);
    }
    cr_assert_gt(heard, size, "the head and all items");
    cr_assert_eq(last, 77);
    cr_assert_eq(ims_push_events(push), POLLIN);
    fake_stop(&fake);
    ims_push_close(&push);
    free(items);
    free(buffer);
}

Test(push_talk, tells_the_daemons_words_again_and_again)
{
    struct fake fake;
    struct ims_push_error err = {.text = ""};
    fake_start(&fake, READY, sizeof READY - 1);
    struct ims_push *push = open_at(&fake);
    say(&fake, TOO_HOT, sizeof TOO_HOT - 1);
    close(fake.fd);
    fake.fd = -1;
    for (int i = 0; i < 2; i++) {
        cr_assert_eq(ims_push_flush(push, 60000, &err), IMS_PUSH_REFUSED);
        cr_assert_str_eq(err.text, "too hot");
        cr_assert_str_eq(err.code, "bad-frame");
        cr_assert_eq(ims_push_send(push, &small, &err), IMS_PUSH_REFUSED);
    }
    fake_stop(&fake);
    ims_push_close(&push);
}

Test(push_talk, fails_to_open_with_what_the_other_side_said)
{
    struct fake fake;
    struct ims_push_error err = {.text = ""};
    struct ims_push *push = NULL;
    fake_start(&fake, TOO_HOT, sizeof TOO_HOT - 1);
    struct ims_push_options options = {.server = fake.server, .timeout_ms = 60000};
    cr_assert_eq(ims_push_open(&options, &push, &err), IMS_PUSH_REFUSED);
    cr_assert_str_eq(err.text, "too hot");
    cr_assert_null(push);
    pthread_join(fake.thread, NULL);
    fake_stop(&fake);
    fake_start(&fake, "HTTP/1.1 400 Bad Request", 24);
    options.server = fake.server;
    cr_assert_eq(ims_push_open(&options, &push, &err), IMS_PUSH_LOST);
    cr_assert_not_null(strstr(err.text, "is that imshowd?"));
    pthread_join(fake.thread, NULL);
    fake_stop(&fake);
}

Test(push_talk, names_a_server_that_cannot_be_and_the_forms_there_are)
{
    struct ims_push_error err = {.text = ""};
    struct ims_push *push = NULL;
    const char *const wrong[] = {"http://127.0.0.1:8080", "tcp:localhost", "tcp:x:y",
                                 "unix:"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct ims_push_options options = {.server = wrong[i]};
        cr_assert_eq(ims_push_open(&options, &push, &err), IMS_PUSH_INVALID);
    }
    struct ims_push_options options = {.server = "unix:/nowhere/at/all"};
    cr_assert_eq(ims_push_open(&options, &push, &err), IMS_PUSH_LOST);
    cr_assert_not_null(strstr(err.text, "imshowd --push-unix /nowhere/at/all"));
    cr_assert_null(push);
}
