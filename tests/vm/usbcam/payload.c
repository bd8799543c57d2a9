/* SPDX-License-Identifier: MIT */
/* Payloads of a bulk endpoint (UVC 1.0, 2.4.3.2): two bytes of head, then a piece of the frame. */
#include "usbcam.h"

#include <stdlib.h>
#include <string.h>

enum { HEAD = 2, END_OF_FRAME = 0x02, ERROR = 0x40, END_OF_HEAD = 0x80 };

void payload_restart(struct payload *p)
{
    p->busy = false;
    p->number = 0;
}

void payload_begin(struct payload *p, uint8_t format)
{
    if (fault_holds(p->faults, "unplug", p->number))
        exit(0);
    p->size = format == YUYV_FORMAT ? footage_draw_yuyv(p->number, p->frame)
                                    : footage_next(&p->footage, p->frame);
    if (fault_holds(p->faults, "short", p->number))
        p->size /= 2;
    p->at = 0;
    p->busy = true;
    p->parity ^= 1;
}

uint32_t payload_fill(struct payload *p, uint8_t *out, uint32_t room)
{
    size_t size = p->size - p->at;
    if (size > room - HEAD)
        size = room - HEAD;
    bool end = p->at + size == p->size;
    out[0] = HEAD;
    out[1] = (uint8_t)(END_OF_HEAD | p->parity | (end ? END_OF_FRAME : 0) |
                       (fault_holds(p->faults, "err", p->number) ? ERROR : 0));
    memcpy(out + HEAD, p->frame + p->at, size);
    p->at += size;
    p->busy = !end;
    p->number += end;
    return (uint32_t)(HEAD + size);
}
