/*
 * fake_host_calls.h - the host table of fake_host: what a plugin calls.  Part of fake_host.
 */
#ifndef NW_TESTS_FAKE_HOST_CALLS_H
#define NW_TESTS_FAKE_HOST_CALLS_H

struct fake_host;

void fake_host_calls(struct fake_host *);  /* fills the table, makes sink and instance */
void fake_host_uncall(struct fake_host *); /* frees them */
void fake_host_reset(struct fake_host *);  /* forgets the results of the last operation */
#endif
