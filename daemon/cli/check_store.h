/*
 * check_store.h - newswatch check --store: is the database whole, and does it keep what it promises.
 * Floor 4.
 */
#ifndef NW_CLI_CHECK_STORE_H
#define NW_CLI_CHECK_STORE_H

struct nw_cli;

/* ${repair}: under the lock, so no daemon may run; mends what can be mended.  The exit code, NW_EXIT_NO with findings. */
int nw_check_store(const struct nw_cli *, const char *config, int repair);
#endif
