/* SPDX-License-Identifier: MIT */
#include "errand.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

/* Shared by the loop and the thread; the last one to leave frees it. The handle is the loop's alone, but for
 * uv_async_send, which the thread calls under the mutex and only while the loop waits. */
struct errand {
    void (*run)(void *user);
    void (*on_done)(void *user);
    void (*forget)(void *user);
    void *user;
    uv_async_t *async;
    pthread_mutex_t mutex;
    bool has_run, is_abandoned; /* guarded by the mutex */
};

static void errand_free(struct errand *errand)
{
    pthread_mutex_destroy(&errand->mutex);
    free(errand);
}

static void *thread_main(void *user)
{
    struct errand *errand = user;
    errand->run(errand->user);
    pthread_mutex_lock(&errand->mutex);
    bool is_abandoned = errand->is_abandoned;
    errand->has_run = true;
    if (!is_abandoned)
        uv_async_send(errand->async);
    pthread_mutex_unlock(&errand->mutex);
    if (is_abandoned) {
        errand->forget(errand->user);
        errand_free(errand);
    }
    return NULL;
}

static void on_async_closed(uv_handle_t *handle)
{
    free(handle);
}

static void on_returned_closed(uv_handle_t *handle)
{
    struct errand *errand = handle->data;
    void (*on_done)(void *) = errand->on_done;
    void *user = errand->user;
    free(handle);
    errand_free(errand);
    on_done(user);
}

/* The lock is taken once, so that the thread has let go of it before the errand is freed. */
static void on_async(uv_async_t *async)
{
    struct errand *errand = async->data;
    pthread_mutex_lock(&errand->mutex);
    bool has_run = errand->has_run;
    pthread_mutex_unlock(&errand->mutex);
    if (has_run && !uv_is_closing((uv_handle_t *)async))
        uv_close((uv_handle_t *)async, on_returned_closed);
}

static int start_thread(struct errand *errand)
{
    pthread_attr_t attr;
    pthread_t thread;
    if (pthread_attr_init(&attr))
        return -1;
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    int error = pthread_create(&thread, &attr, thread_main, errand);
    pthread_attr_destroy(&attr);
    return error;
}

enum ims_result errand_start(uv_loop_t *loop, void (*run)(void *user),
                             void (*on_done)(void *user), void (*forget)(void *user),
                             void *user, struct errand **out)
{
    struct errand *errand = calloc(1, sizeof *errand);
    uv_async_t *async = calloc(1, sizeof *async);
    if (!errand || !async || uv_async_init(loop, async, on_async)) {
        free(errand);
        free(async);
        return IMS_ERR_NOMEM;
    }
    *errand = (struct errand){run, on_done, forget, user, async, {{0}}, false, false};
    pthread_mutex_init(&errand->mutex, NULL);
    async->data = errand;
    *out = errand; /* before the thread: what it runs may be over at once */
    if (start_thread(errand) == 0)
        return IMS_OK;
    *out = NULL;
    uv_close((uv_handle_t *)async, on_async_closed);
    errand_free(errand);
    return IMS_ERR_NOMEM;
}

void errand_abandon(struct errand **at)
{
    struct errand *errand = *at;
    *at = NULL;
    pthread_mutex_lock(&errand->mutex);
    bool has_run = errand->has_run;
    errand->is_abandoned = true;
    uv_async_t *async = errand->async;
    pthread_mutex_unlock(&errand->mutex);
    /* the thread looks at nothing of ours but under the mutex, so that the handle may go now; one that is
     * closing already has its on_done cut off */
    if (has_run) {
        errand->on_done = errand->forget;
        if (!uv_is_closing((uv_handle_t *)async))
            uv_close((uv_handle_t *)async, on_returned_closed);
        return;
    }
    uv_close((uv_handle_t *)async, on_async_closed);
}
