/*
 * operator.h - what the operator is told: conditions raised once and cleared once, and single notices, through the
 * channels of `operator.notify`, by the same outbox as every alert; and always the log.
 * Floor 4, newswatchd.
 */
#ifndef NW_MAIN_OPERATOR_H
#define NW_MAIN_OPERATOR_H

#include "main/generation.h"
#include "store/store_commit.h"

struct nw_err;
struct nw_operator;
struct nw_store;
struct nw_store_health;

struct nw_operator *nw_operator_new(struct nw_store *, const struct nw_generations *);
void nw_operator_free(struct nw_operator *); /* NULL is fine */

/* A single notice under a key of its own; the same key tells once.  ${about}: the channel it speaks of, which is left out
 * of the channels it goes to; "" if none. */
void nw_operator_tell(struct nw_operator *, const char *key, struct nw_str about, uint32_t severity, const char *text);
/* What the first contact with a source found; the same key tells once.  0, or -1: it was not taken, and is owed. */
int nw_operator_report(
    struct nw_operator *, const char *key, struct nw_str source, struct nw_str subject, struct nw_str text);
/* A condition that stands or ends, by its key: the first raising and the first clearing are told, once each; what the
 * store does not take now when there is room (nw_operator_again()). */
void nw_operator_raise(struct nw_operator *, const char *key, struct nw_str about, uint32_t severity, const char *text);
void nw_operator_clear(struct nw_operator *, const char *key, struct nw_str about, const char *text);
/* A notice to one channel alone (its daily statement).  0, or -1: the store did not take it. */
int nw_operator_send(struct nw_operator *, const char *key, struct nw_str channel, struct nw_str subject,
    struct nw_str text);
/* A condition of a source (coverage.h), by its key. */
void nw_operator_source(struct nw_operator *, int raise, struct nw_str source, const char *key, uint32_t severity,
    const char *text);
/* What the store did not take, as on a full disk, is told when it does; each turn may ask. */
void nw_operator_again(struct nw_operator *);
/* A write failed. */
void nw_operator_store(struct nw_operator *, const struct nw_store_health *, const struct nw_err *);
#endif
