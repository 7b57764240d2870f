/*
 * drive.h - a whole newswatchd in a folder of its own, its clock in the caller's hand.
 * Life: drive_open() -> drive_start() -> (drive_go_to() ... drive_stop() drive_start())* -> drive_close().
 * What cannot be ends the test through drive->wrong().
 */
#ifndef NW_REPLAY_DRIVE_H
#define NW_REPLAY_DRIVE_H

#include "main/daemon.h"

#define DRIVE_START_MS INT64_C(1772438400000) /* Monday 2026-03-02 08:00 UTC */

struct drive {
	char dir[64], conf[96], store[96], control[96];
	struct nw_options options;
	struct nw_daemon d;
	int is_up;
	int64_t start_ms, now_ms;
	void (*wrong)(void *cookie, const char *what);
	void *cookie;
};

void drive_open(struct drive *); /* a fresh folder, the clock at DRIVE_START_MS */
void drive_begin(struct drive *, int64_t ms); /* before the first start: the clock at ${ms} */
/* Writes the configuration; `store:` and `control:` are added. */
void drive_config(const struct drive *, const char *text);
void drive_start(struct drive *);
void drive_stop(struct drive *); /* nothing if it is not up */
void drive_away(struct drive *, int64_t ms); /* stops, and starts when ${ms} have passed */
void drive_close(struct drive *); /* removes the folder */
/* Everything that is due now. */
void drive_settle(struct drive *);
/* Moves the clock to ${ms}, stopping wherever something falls due. */
void drive_go_to(struct drive *, int64_t ms);
/* Changes the store from beside; newswatchd must be down. */
void drive_change(const struct drive *, const char *sql);
/* The first value of a query, from beside; "nothing" for NULL or no row. */
void drive_ask(const struct drive *, const char *sql, char *value, size_t size);
#endif
