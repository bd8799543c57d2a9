/* SPDX-License-Identifier: MIT */
#include "fakecam.h"
#include "real.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

static int query_capabilities(struct cam *cam, void *arg)
{
    struct v4l2_capability *cap = arg;
    const uint32_t caps =
        V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING | V4L2_CAP_EXT_PIX_FORMAT;
    *cap = (struct v4l2_capability){
        .driver = "fakecam",
        .version = 0x60100,
        .capabilities = caps | V4L2_CAP_DEVICE_CAPS,
        .device_caps = caps,
    };
    snprintf((char *)cap->card, sizeof cap->card, "Fake Camera %d", cam->index);
    snprintf((char *)cap->bus_info, sizeof cap->bus_info, "platform:fakecam-%d",
             cam->index);
    return 0;
}

static int enum_formats(struct cam *cam, void *arg)
{
    struct v4l2_fmtdesc *d = arg;
    uint32_t i = d->index;
    if (d->type != V4L2_BUF_TYPE_VIDEO_CAPTURE || i >= (uint32_t)cam->format_count)
        return EINVAL;
    *d = (struct v4l2_fmtdesc){
        .index = i,
        .type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
        .flags = cam->offered[i]->group_pixels ? 0 : V4L2_FMT_FLAG_COMPRESSED,
        .pixelformat = cam->offered[i]->fourcc,
    };
    snprintf((char *)d->description, sizeof d->description, "%s",
             cam->offered[i]->description);
    return 0;
}

static int enum_range(const struct cam *cam, struct v4l2_frmsizeenum *e)
{
    const struct size *from = &cam->sizes[0], *to = &cam->sizes[1];
    if (e->index)
        return EINVAL;
    *e = (struct v4l2_frmsizeenum){
        .pixel_format = e->pixel_format,
        .type = V4L2_FRMSIZE_TYPE_STEPWISE,
        .stepwise = {.min_width = (uint32_t)from->width,
                     .max_width = (uint32_t)to->width,
                     .step_width = (uint32_t)cam->step.width,
                     .min_height = (uint32_t)from->height,
                     .max_height = (uint32_t)to->height,
                     .step_height = (uint32_t)cam->step.height},
    };
    return 0;
}

static int enum_sizes(struct cam *cam, void *arg)
{
    struct v4l2_frmsizeenum *e = arg;
    uint32_t i = e->index;
    if (!offer_has(cam, e->pixel_format, (struct size){0}) ||
        i >= (uint32_t)cam->size_count)
        return EINVAL;
    if (cam->step.width)
        return enum_range(cam, e);
    *e = (struct v4l2_frmsizeenum){
        .index = i,
        .pixel_format = e->pixel_format,
        .type = V4L2_FRMSIZE_TYPE_DISCRETE,
        .discrete = {(uint32_t)cam->sizes[i].width, (uint32_t)cam->sizes[i].height},
    };
    return 0;
}

static int enum_intervals(struct cam *cam, void *arg)
{
    struct v4l2_frmivalenum *e = arg;
    uint32_t i = e->index;
    struct size size = {(int)e->width, (int)e->height};
    if (!offer_has(cam, e->pixel_format, size) || i >= (uint32_t)cam->rate_count)
        return EINVAL;
    *e = (struct v4l2_frmivalenum){
        .index = i,
        .pixel_format = e->pixel_format,
        .width = e->width,
        .height = e->height,
        .type = V4L2_FRMIVAL_TYPE_DISCRETE,
        .discrete = {1, (uint32_t)cam->rates[i]},
    };
    return 0;
}

static int get_format(struct cam *cam, void *arg)
{
    struct v4l2_format *f = arg;
    if (f->type != V4L2_BUF_TYPE_VIDEO_CAPTURE)
        return EINVAL;
    f->fmt.pix = (struct v4l2_pix_format){
        .width = (uint32_t)cam->size.width,
        .height = (uint32_t)cam->size.height,
        .pixelformat = cam->format->fourcc,
    };
    offer_settle(cam, &f->fmt.pix, false);
    return 0;
}

static int try_format(struct cam *cam, void *arg)
{
    struct v4l2_format *f = arg;
    if (f->type != V4L2_BUF_TYPE_VIDEO_CAPTURE)
        return EINVAL;
    offer_settle(cam, &f->fmt.pix, false);
    return 0;
}

static int set_format(struct cam *cam, void *arg)
{
    struct v4l2_format *f = arg;
    if (f->type != V4L2_BUF_TYPE_VIDEO_CAPTURE)
        return EINVAL;
    if (cam->buffer_count)
        return EBUSY;
    offer_settle(cam, &f->fmt.pix, true);
    return 0;
}

static int get_parm(struct cam *cam, void *arg)
{
    struct v4l2_streamparm *p = arg;
    if (p->type != V4L2_BUF_TYPE_VIDEO_CAPTURE)
        return EINVAL;
    p->parm.capture = (struct v4l2_captureparm){
        .capability = V4L2_CAP_TIMEPERFRAME,
        .timeperframe = {1, (uint32_t)cam->fps},
    };
    return 0;
}

static int set_parm(struct cam *cam, void *arg)
{
    struct v4l2_streamparm *p = arg;
    if (p->type != V4L2_BUF_TYPE_VIDEO_CAPTURE)
        return EINVAL;
    struct v4l2_fract t = p->parm.capture.timeperframe;
    cam->fps =
        offer_rate(cam, t.numerator ? (int)(t.denominator / t.numerator) : cam->rates[0]);
    return get_parm(cam, arg);
}

static int request_buffers(struct cam *cam, void *arg)
{
    struct v4l2_requestbuffers *r = arg;
    r->capabilities = V4L2_BUF_CAP_SUPPORTS_MMAP;
    r->flags = 0;
    if (r->count > BUFFER_MAX)
        r->count = BUFFER_MAX;
    if (r->type != V4L2_BUF_TYPE_VIDEO_CAPTURE || r->memory != V4L2_MEMORY_MMAP)
        return EINVAL;
    return buffers_request(cam, r->count);
}

static bool is_own_buffer(const struct cam *cam, const struct v4l2_buffer *b)
{
    return b->type == V4L2_BUF_TYPE_VIDEO_CAPTURE && b->index < cam->buffer_count;
}

static int query_buffer(struct cam *cam, void *arg)
{
    struct v4l2_buffer *b = arg;
    if (!is_own_buffer(cam, b))
        return EINVAL;
    *b = cam->buffers[b->index];
    return 0;
}

static int queue_buffer(struct cam *cam, void *arg)
{
    return is_own_buffer(cam, arg) ? buffers_queue(cam, arg) : EINVAL;
}

static int dequeue_buffer(struct cam *cam, void *arg)
{
    struct v4l2_buffer *b = arg;
    return b->type == V4L2_BUF_TYPE_VIDEO_CAPTURE ? camera_dequeue(cam, b) : EINVAL;
}

static int stream_on(struct cam *cam, void *arg)
{
    return *(int *)arg == V4L2_BUF_TYPE_VIDEO_CAPTURE ? camera_stream_on(cam) : EINVAL;
}

static int stream_off(struct cam *cam, void *arg)
{
    return *(int *)arg == V4L2_BUF_TYPE_VIDEO_CAPTURE ? camera_stream_off(cam) : EINVAL;
}

static int query_control(struct cam *cam, void *arg)
{
    (void)cam;
    return control_query(arg);
}

static int query_control_ext(struct cam *cam, void *arg)
{
    struct v4l2_query_ext_ctrl *x = arg;
    struct v4l2_queryctrl q = {.id = x->id & ~(uint32_t)V4L2_CTRL_FLAG_NEXT_COMPOUND};
    (void)cam;
    int error = control_query(&q);
    if (error)
        return error;
    *x = (struct v4l2_query_ext_ctrl){
        .id = q.id,
        .type = q.type,
        .minimum = q.minimum,
        .maximum = q.maximum,
        .step = (uint32_t)q.step,
        .default_value = q.default_value,
        .elem_size = sizeof(int32_t),
        .elems = 1,
    };
    memcpy(x->name, q.name, sizeof q.name);
    return 0;
}

static int query_menu(struct cam *cam, void *arg)
{
    (void)cam;
    return control_menu(arg);
}

static int get_control(struct cam *cam, void *arg)
{
    struct v4l2_control *c = arg;
    return control_get(cam, c->id, &c->value);
}

static int set_control(struct cam *cam, void *arg)
{
    struct v4l2_control *c = arg;
    return control_set(cam, c->id, c->value);
}

static int get_controls(struct cam *cam, void *arg)
{
    struct v4l2_ext_controls *x = arg;
    int error = 0;
    for (x->error_idx = 0; !error && x->error_idx < x->count; x->error_idx += !error) {
        int32_t value = 0;
        error = control_get(cam, x->controls[x->error_idx].id, &value);
        x->controls[x->error_idx].value = value;
    }
    return error;
}

/* Nothing is set; the first that cannot be is named, which the setting itself does not do. */
static int try_controls(struct cam *cam, void *arg)
{
    struct v4l2_ext_controls *x = arg;
    int error = 0;
    (void)cam;
    for (x->error_idx = 0; !error && x->error_idx < x->count; x->error_idx += !error) {
        const struct v4l2_ext_control *c = &x->controls[x->error_idx];
        error = control_try(c->id, c->value);
    }
    return error;
}

static int set_controls(struct cam *cam, void *arg)
{
    struct v4l2_ext_controls *x = arg;
    int error = 0;
    for (x->error_idx = 0; !error && x->error_idx < x->count; x->error_idx += !error) {
        const struct v4l2_ext_control *c = &x->controls[x->error_idx];
        error = control_set(cam, c->id, c->value);
    }
    return error;
}

static int enum_inputs(struct cam *cam, void *arg)
{
    struct v4l2_input *in = arg;
    uint32_t i = in->index;
    (void)cam;
    *in = (struct v4l2_input){
        .index = i, .name = "Camera 1", .type = V4L2_INPUT_TYPE_CAMERA};
    return i ? EINVAL : 0;
}

static int get_input(struct cam *cam, void *arg)
{
    (void)cam;
    *(int *)arg = 0;
    return 0;
}

static int set_input(struct cam *cam, void *arg)
{
    (void)cam;
    return *(int *)arg ? EINVAL : 0;
}

static const struct request {
    unsigned long number;
    const char *name; /* as FAKECAM_FAIL spells it */
    int (*handle)(struct cam *cam, void *arg);
} requests[] = {
    {VIDIOC_QUERYCAP, "QUERYCAP", query_capabilities},
    {VIDIOC_ENUM_FMT, "ENUM_FMT", enum_formats},
    {VIDIOC_ENUM_FRAMESIZES, "ENUM_FRAMESIZES", enum_sizes},
    {VIDIOC_ENUM_FRAMEINTERVALS, "ENUM_FRAMEINTERVALS", enum_intervals},
    {VIDIOC_G_FMT, "G_FMT", get_format},
    {VIDIOC_TRY_FMT, "TRY_FMT", try_format},
    {VIDIOC_S_FMT, "S_FMT", set_format},
    {VIDIOC_G_PARM, "G_PARM", get_parm},
    {VIDIOC_S_PARM, "S_PARM", set_parm},
    {VIDIOC_REQBUFS, "REQBUFS", request_buffers},
    {VIDIOC_QUERYBUF, "QUERYBUF", query_buffer},
    {VIDIOC_QBUF, "QBUF", queue_buffer},
    {VIDIOC_DQBUF, "DQBUF", dequeue_buffer},
    {VIDIOC_STREAMON, "STREAMON", stream_on},
    {VIDIOC_STREAMOFF, "STREAMOFF", stream_off},
    {VIDIOC_QUERYCTRL, "QUERYCTRL", query_control},
    {VIDIOC_QUERY_EXT_CTRL, "QUERY_EXT_CTRL", query_control_ext},
    {VIDIOC_QUERYMENU, "QUERYMENU", query_menu},
    {VIDIOC_G_CTRL, "G_CTRL", get_control},
    {VIDIOC_S_CTRL, "S_CTRL", set_control},
    {VIDIOC_G_EXT_CTRLS, "G_EXT_CTRLS", get_controls},
    {VIDIOC_TRY_EXT_CTRLS, "TRY_EXT_CTRLS", try_controls},
    {VIDIOC_S_EXT_CTRLS, "S_EXT_CTRLS", set_controls},
    {VIDIOC_ENUMINPUT, "ENUMINPUT", enum_inputs},
    {VIDIOC_G_INPUT, "G_INPUT", get_input},
    {VIDIOC_S_INPUT, "S_INPUT", set_input},
};

static const struct request *find(unsigned long number)
{
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++)
        if (requests[i].number == number)
            return &requests[i];
    return NULL;
}

int ioctl_forced_error(const struct cam *cam, unsigned long number)
{
    const struct request *r = find(number);
    return r ? forced_error(cam, r->name) : 0;
}

static bool is_listed(const char *list, const char *name)
{
    size_t size = strlen(name);
    while (list && *list) {
        size_t n = strcspn(list, ",");
        if (n == size && memcmp(list, name, n) == 0)
            return true;
        list += n + (list[n] == ',');
    }
    return false;
}

void ioctl_hang(const struct cam *cam, unsigned long number)
{
    const struct request *r = find(number);
    char path[sizeof cam->path + 8];
    struct stat st;
    if (!r || !is_listed(setting(cam, "HANG"), r->name))
        return;
    snprintf(path, sizeof path, "%s.hang", cam->path);
    while (real_stat(path, &st) == 0)
        poll(NULL, 0, 10);
}

int camera_ioctl(struct cam *cam, unsigned long number, void *arg)
{
    const struct request *r = find(number);
    return r ? r->handle(cam, arg) : ENOTTY;
}
