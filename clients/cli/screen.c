/* SPDX-License-Identifier: MIT */
#include "screen.h"

#include "pace.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { COLUMNS_DEFAULT = 80, ROWS_DEFAULT = 24, SIDE_MAX = 4096 };
#define S_NS ((int64_t)1000000000)

/* A signal handler has nowhere else to write to. */
static volatile sig_atomic_t is_resized, is_stopped;

static void on_signal(int signal)
{
    *(signal == SIGWINCH ? &is_resized : &is_stopped) = 1;
}

static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigemptyset(&action.sa_mask);
    sigaction(SIGWINCH, &action, NULL);
    sigaction(SIGTSTP, &action, NULL);
}

static void say(const char *sequence)
{
    fputs(sequence, stdout);
    fflush(stdout);
}

/* ---- the terminal, taken and given back ---- */

static void take(struct screen *screen)
{
    struct termios own = screen->before;
    own.c_lflag &= ~(tcflag_t)(ECHO | ICANON); /* signals stay: Ctrl-C is one */
    own.c_cc[VMIN] = 0;
    own.c_cc[VTIME] = 0;
    if (screen->has_keys)
        tcsetattr(STDIN_FILENO, TCSANOW, &own);
    say("\033[?1049h\033[?25l\033[?7l"); /* another page, no cursor, no wrapping */
}

static void give_back(struct screen *screen)
{
    say("\033[?7h\033[?25h\033[?1049l");
    if (screen->has_keys)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &screen->before);
}

void screen_open(struct screen *screen)
{
    *screen = (struct screen){.is_open = true};
    screen->has_keys = isatty(STDIN_FILENO) && !tcgetattr(STDIN_FILENO, &screen->before);
    catch_signals();
    take(screen);
}

void screen_close(struct screen *screen)
{
    if (screen->is_open)
        give_back(screen);
    screen->is_open = false;
}

/* The shell has it until the program goes on. */
static void stop_here(struct screen *screen)
{
    give_back(screen);
    raise(SIGSTOP);
    take(screen);
}

/* ---- drawing ---- */

static int side(unsigned said, int otherwise)
{
    return said == 0 ? otherwise : said < SIDE_MAX ? (int)said : SIDE_MAX;
}

void screen_size(int *columns, int *rows)
{
    struct winsize size = {0};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size))
        size = (struct winsize){0};
    *columns = side(size.ws_col, COLUMNS_DEFAULT);
    *rows = side(size.ws_row, ROWS_DEFAULT);
}

/* Each line wipes what was longer before, the end what was below; a newline behind the last would scroll. */
bool screen_draw(const char *text, size_t size, int rows)
{
    const char *end = text + size;
    fputs("\033[H", stdout);
    for (int row = 0; text < end && row < rows; row++) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        size_t length = (size_t)((newline ? newline : end) - text);
        fwrite(text, 1, length, stdout);
        text += length + (newline != NULL);
        fputs(text < end && row + 1 < rows ? "\033[K\n" : "\033[K", stdout);
    }
    fputs("\033[J", stdout);
    return fflush(stdout) == 0;
}

/* ---- waiting ---- */

static struct timespec left_until(int64_t until_ns)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    int64_t left = until_ns - (int64_t)now.tv_sec * S_NS - now.tv_nsec;
    left = left > 0 ? left : 0;
    return (struct timespec){.tv_sec = left / S_NS, .tv_nsec = left % S_NS};
}

static bool wants_to_quit(struct screen *screen)
{
    char key = 0;
    ssize_t n = read(STDIN_FILENO, &key, 1);
    if (n == 0 || (n < 0 && errno != EINTR)) /* nobody types there any more */
        screen->has_keys = false;
    return n == 1 && (key == 'q' || key == 'Q');
}

/* With the signals held back, so that none comes between the look at its flag and the waiting. */
static enum screen_event wait_held(struct screen *screen, int64_t until_ns,
                                   const sigset_t *open)
{
    for (;;) {
        struct pollfd keys = {.fd = screen->has_keys ? STDIN_FILENO : -1,
                              .events = POLLIN};
        if (pace_is_interrupted())
            return SCREEN_QUIT;
        if (is_stopped || is_resized)
            return SCREEN_DRAW;
        struct timespec left = left_until(until_ns);
        int n = ppoll(&keys, 1, &left, open);
        if (n == 0)
            return SCREEN_TIME;
        if (n < 0 && errno != EINTR)
            return SCREEN_QUIT;
        if (n > 0 && (keys.revents & (POLLERR | POLLHUP | POLLNVAL)))
            return SCREEN_QUIT;
        if (n > 0 && wants_to_quit(screen))
            return SCREEN_QUIT;
    }
}

enum screen_event screen_wait(struct screen *screen, int64_t until_ns)
{
    sigset_t held, open;
    sigemptyset(&held);
    sigaddset(&held, SIGINT);
    sigaddset(&held, SIGTERM);
    sigaddset(&held, SIGWINCH);
    sigaddset(&held, SIGTSTP);
    sigprocmask(SIG_BLOCK, &held, &open);
    enum screen_event event = wait_held(screen, until_ns, &open);
    bool stops = event == SCREEN_DRAW && is_stopped;
    if (event == SCREEN_DRAW) /* while none can come in between */
        is_stopped = is_resized = 0;
    sigprocmask(SIG_SETMASK, &open, NULL);
    if (stops)
        stop_here(screen);
    return event;
}
