/* SPDX-License-Identifier: MIT */
#ifndef CLI_SCREEN_H
#define CLI_SCREEN_H

/*
 * A terminal that is drawn on in place, by plain escape sequences, and left as it was found.
 *
 *     pace_catch_interrupt();
 *     struct screen screen;
 *     screen_open(&screen);
 *     do {
 *         screen_size(&columns, &rows);
 *         screen_draw(text, size, rows);
 *     } while (screen_wait(&screen, until_ns) != SCREEN_QUIT);
 *     screen_close(&screen);                      // also before anything else is printed
 *
 * One a process; it takes SIGWINCH and SIGTSTP. stdout is the terminal.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <termios.h>

struct screen {
    bool is_open, has_keys; /* keys: stdin is a terminal as well */
    struct termios before;
};

enum screen_event {
    SCREEN_TIME, /* it has come */
    SCREEN_DRAW, /* the size is another, or the terminal was somebody else's: draw again */
    SCREEN_QUIT, /* the key q, Ctrl-C, SIGTERM, or the terminal is gone */
};

void screen_open(struct screen *screen);
/* Once or more often. */
void screen_close(struct screen *screen);
/* 80 by 24 where the terminal does not say it. */
void screen_size(int *columns, int *rows);
/* Lines that fit, the first `rows` of them; what stood there before is gone. False: the terminal cannot be written to. */
bool screen_draw(const char *text, size_t size, int rows);
/* Until CLOCK_MONOTONIC is there, or something happens. Ctrl-Z stops the program here, the terminal restored. */
enum screen_event screen_wait(struct screen *screen, int64_t until_ns);

#endif
