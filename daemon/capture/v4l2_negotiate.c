/* SPDX-License-Identifier: MIT */
/* What a camera and we agree on before there are buffers: signal, crop, format, size, rate. */
#include "v4l2_choose.h"
#include "v4l2_device.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { ENUMERATED_MAX = 256 }; /* sizes or rates that are looked at */

/* ---- the signal ---- */

/* Devices that follow no signal answer that they cannot be asked. */
static enum ims_result follow_signal(struct v4l2_device *device, struct ims_error *err)
{
    struct v4l2_dv_timings now = {0}, set = {0};
    int error = v4l2_ioctl(device->fd, VIDIOC_QUERY_DV_TIMINGS, &now);
    device->has_timings = error != ENOTTY && error != ENODATA && error != EINVAL;
    if (!device->has_timings)
        return IMS_OK;
    struct v4l2_event_subscription sub = {.type = V4L2_EVENT_SOURCE_CHANGE};
    (void)v4l2_ioctl(device->fd, VIDIOC_SUBSCRIBE_EVENT, &sub);
    if (error == ERANGE)
        return ims_fail(err, IMS_ERR_IO,
                        "%.160s: the signal is beyond what the device takes: lower the "
                        "sender's resolution or rate",
                        device->path);
    if (error)
        return v4l2_fail(err, device, "", error);
    /* setting what is set already would make some drivers begin anew */
    if (v4l2_ioctl(device->fd, VIDIOC_G_DV_TIMINGS, &set) == 0 &&
        memcmp(&set, &now, sizeof now) == 0)
        return IMS_OK;
    error = v4l2_ioctl(device->fd, VIDIOC_S_DV_TIMINGS, &now);
    return error ? v4l2_fail(err, device, "set timings: ", error) : IMS_OK;
}

/* ---- crop ---- */

static enum ims_result settle_crop(struct v4l2_device *device,
                                   const struct v4l2_address *address,
                                   struct ims_error *err)
{
    const struct v4l2_part *c = &address->crop;
    /* the selection API speaks of single-planar buffers for both kinds of device */
    struct v4l2_selection s = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
                               .target = V4L2_SEL_TGT_CROP,
                               .r = {c->x, c->y, c->width, c->height}};
    device->crop = (struct v4l2_part){0};
    if (!address->has_crop)
        return IMS_OK;
    int error = v4l2_ioctl(device->fd, VIDIOC_S_SELECTION, &s);
    if (error == ENOTTY || error == EINVAL)
        return ims_fail(err, IMS_ERR_UNSUPPORTED,
                        "%.160s: the driver cannot crop: leave crop= out", device->path);
    if (error)
        return v4l2_fail(err, device, "set crop: ", error);
    device->crop = (struct v4l2_part){s.r.left, s.r.top, s.r.width, s.r.height};
    return IMS_OK;
}

/* ---- format and size ---- */

static size_t list_formats(const struct v4l2_device *device, uint32_t *out, size_t room)
{
    size_t count = 0;
    struct v4l2_fmtdesc d = {.type = device->type};
    while (count < room && !v4l2_ioctl(device->fd, VIDIOC_ENUM_FMT, &d)) {
        out[count] = d.pixelformat;
        d = (struct v4l2_fmtdesc){.type = device->type, .index = (uint32_t)++count};
    }
    return count;
}

static enum ims_result fail_format(const char *path, uint32_t wanted,
                                   const uint32_t *offered, size_t count,
                                   struct ims_error *err)
{
    char names[100] = "";
    for (size_t i = 0, used = 0; i < count && used + 7 < sizeof names; i++)
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", i ? ", " : "",
                                 v4l2_fourcc_name(offered[i]).text);
    if (!wanted)
        return ims_fail(err, IMS_ERR_UNSUPPORTED,
                        "%.120s: no format to show: the camera offers %s; imshowd --help "
                        "lists those that can be shown, such as YUYV",
                        path, count ? names : "none");
    return ims_fail(
        err, IMS_ERR_UNSUPPORTED,
        "%.120s: no format %s: the camera offers %s; ask for one of these with "
        "-m, or for none",
        path, v4l2_fourcc_name(wanted).text, count ? names : "none");
}

/* The nearest size that the driver lists; the wanted one where it lists none. */
static struct v4l2_size nearest_size(const struct v4l2_device *device, uint32_t fourcc,
                                     struct v4l2_size wanted)
{
    bool has = false;
    struct v4l2_size best = wanted;
    for (uint32_t i = 0; i < ENUMERATED_MAX; i++) {
        struct v4l2_frmsizeenum e = {.index = i, .pixel_format = fourcc};
        if (v4l2_ioctl(device->fd, VIDIOC_ENUM_FRAMESIZES, &e))
            break;
        v4l2_size_nearer(&e, wanted, &best, &has);
        if (e.type != V4L2_FRMSIZE_TYPE_DISCRETE)
            break;
    }
    return best;
}

static bool is_multiplanar(const struct v4l2_device *device)
{
    return device->type == V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE;
}

static struct v4l2_size size_of(const struct v4l2_device *device,
                                const struct v4l2_format *f)
{
    if (is_multiplanar(device))
        return (struct v4l2_size){f->fmt.pix_mp.width, f->fmt.pix_mp.height};
    return (struct v4l2_size){f->fmt.pix.width, f->fmt.pix.height};
}

static struct v4l2_format format_of(const struct v4l2_device *device, uint32_t fourcc,
                                    struct v4l2_size size)
{
    struct v4l2_format f = {.type = device->type};
    if (is_multiplanar(device))
        f.fmt.pix_mp = (struct v4l2_pix_format_mplane){.width = size.width,
                                                       .height = size.height,
                                                       .pixelformat = fourcc,
                                                       .field = V4L2_FIELD_NONE};
    else
        f.fmt.pix = (struct v4l2_pix_format){.width = size.width,
                                             .height = size.height,
                                             .pixelformat = fourcc,
                                             .field = V4L2_FIELD_NONE};
    return f;
}

/* What was asked for, else the crop's size, else what is set now. */
static struct v4l2_size wanted_size(const struct v4l2_device *device,
                                    const struct source_settings *settings,
                                    struct v4l2_size now)
{
    struct v4l2_size wanted = now;
    if (device->crop.width)
        wanted = (struct v4l2_size){device->crop.width, device->crop.height};
    if (settings->width)
        wanted.width = settings->width;
    if (settings->height)
        wanted.height = settings->height;
    return wanted;
}

static enum ims_result set_format(struct v4l2_device *device, uint32_t fourcc,
                                  const struct source_settings *settings,
                                  struct ims_error *err)
{
    struct v4l2_format f = {.type = device->type};
    int error = v4l2_ioctl(device->fd, VIDIOC_G_FMT, &f);
    if (!error) {
        struct v4l2_size now = size_of(device, &f);
        struct v4l2_size wanted = wanted_size(device, settings, now);
        /* a signal's size, and one that is not asked for, are the driver's own */
        if (!device->has_timings && (settings->width || settings->height))
            wanted = nearest_size(device, fourcc, wanted);
        f = format_of(device, fourcc, device->has_timings ? now : wanted);
        error = v4l2_ioctl(device->fd, VIDIOC_S_FMT, &f);
    }
    if (error)
        return v4l2_fail(err, device, "set format: ", error);
    struct ims_error why = {0};
    enum ims_result result =
        is_multiplanar(device)
            ? v4l2_form_check_planes(&f.fmt.pix_mp, &device->form, &why)
            : v4l2_form_check(&f.fmt.pix, &device->form, &why);
    return result ? ims_fail(err, result, "%.120s: %s", device->path, why.text) : IMS_OK;
}

static enum ims_result settle_format(struct v4l2_device *device,
                                     const struct source_settings *settings,
                                     struct ims_error *err)
{
    uint32_t offered[V4L2_FORMATS_MAX];
    size_t count = list_formats(device, offered, V4L2_FORMATS_MAX);
    uint32_t fourcc = v4l2_format_choose(settings->pixel_format, offered, count);
    if (!fourcc)
        return fail_format(device->path, settings->pixel_format, offered, count, err);
    return set_format(device, fourcc, settings, err);
}

/* ---- rate ---- */

static struct v4l2_fract nearest_interval(const struct v4l2_device *device, uint32_t fps)
{
    bool has = false;
    struct v4l2_fract best = {1, fps};
    for (uint32_t i = 0; i < ENUMERATED_MAX; i++) {
        struct v4l2_frmivalenum e = {.index = i,
                                     .pixel_format = device->form.pixel_format,
                                     .width = device->form.width,
                                     .height = device->form.height};
        if (v4l2_ioctl(device->fd, VIDIOC_ENUM_FRAMEINTERVALS, &e))
            break;
        v4l2_interval_nearer(&e, fps, &best, &has);
        if (e.type != V4L2_FRMIVAL_TYPE_DISCRETE)
            break;
    }
    return best;
}

/* Not every driver can be asked for a rate; then it keeps its own. */
static void settle_rate(struct v4l2_device *device, uint32_t fps)
{
    struct v4l2_streamparm p = {.type = device->type};
    if (fps) {
        p.parm.capture.timeperframe = nearest_interval(device, fps);
        (void)v4l2_ioctl(device->fd, VIDIOC_S_PARM, &p);
    }
    p = (struct v4l2_streamparm){.type = device->type};
    device->interval_ms = 0;
    device->fps = 0;
    if (v4l2_ioctl(device->fd, VIDIOC_G_PARM, &p))
        return;
    struct v4l2_fract t = p.parm.capture.timeperframe;
    uint64_t ms = t.denominator ? (uint64_t)t.numerator * 1000 / t.denominator : 0;
    device->interval_ms = ms < 3600000 ? (uint32_t)ms : 0;
    device->fps = v4l2_fps_of(t);
}

enum ims_result v4l2_negotiate(struct v4l2_device *device,
                               const struct v4l2_address *address, struct ims_error *err)
{
    enum ims_result result = follow_signal(device, err);
    if (result == IMS_OK)
        result = settle_crop(device, address, err);
    if (result == IMS_OK)
        result = settle_format(device, &address->settings, err);
    if (result == IMS_OK)
        settle_rate(device, address->settings.fps);
    return result;
}
