/* A request to stop. Loops ask for the flag; a statement that the engine runs does not return until it is interrupted, so
 * the connections at work are known here. */
#include <pthread.h>
#include <stdlib.h>

#include "app/app.h"

enum { MOST_CONNECTIONS = 256 };

struct pt_cancel {
    atomic_bool fired;
    pthread_mutex_t lock; /* guards conns */
    pt_conn *conns[MOST_CONNECTIONS];
};

pt_cancel *pt_cancel_new(void)
{
    pt_cancel *c = calloc(1, sizeof *c);

    if (c && pthread_mutex_init(&c->lock, NULL) != 0) {
        free(c);
        return NULL;
    }
    return c;
}

void pt_cancel_free(pt_cancel *c)
{
    if (!c)
        return;
    pthread_mutex_destroy(&c->lock);
    free(c);
}

void pt_cancel_fire(pt_cancel *c)
{
    atomic_store(&c->fired, true);
    pthread_mutex_lock(&c->lock);
    for (size_t i = 0; i < MOST_CONNECTIONS; i++)
        if (c->conns[i])
            pt_conn_interrupt(c->conns[i]);
    pthread_mutex_unlock(&c->lock);
}

bool pt_cancel_fired(const pt_cancel *c)
{
    return c && atomic_load(&c->fired);
}

pt_rc pt_cancel_check(const pt_cancel *c, pt_err *err)
{
    return pt_cancel_fired(c) ? pt_fail(err, PT_ECANCELED, "stopped; the last good state is untouched") : PT_OK;
}

/* Puts `to` where `from` is. A connection past the last place is not watched: its statement then runs to its end. */
static void replace(pt_cancel *c, pt_conn *from, pt_conn *to)
{
    if (!c)
        return;
    pthread_mutex_lock(&c->lock);
    for (size_t i = 0; i < MOST_CONNECTIONS; i++)
        if (c->conns[i] == from) {
            c->conns[i] = to;
            break;
        }
    pthread_mutex_unlock(&c->lock);
}

void pt_cancel_watch(pt_cancel *c, pt_conn *conn)
{
    replace(c, NULL, conn);
}

void pt_cancel_unwatch(pt_cancel *c, pt_conn *conn)
{
    replace(c, conn, NULL);
}
