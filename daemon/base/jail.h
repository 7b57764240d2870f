/*
 * jail.h - give up, for good, what a program needs no more: system calls, files, network, new code.
 * Floor 0, for the programs that read foreign bytes.  What is named nowhere ends the process that asks for
 * it.
 */
#ifndef NW_BASE_JAIL_H
#define NW_BASE_JAIL_H

#include <stddef.h>

/* System calls by number (SCMP_SYS): allowed as they are, or answered EACCES; mmap and mprotect are always
 * allowed, but never with PROT_EXEC. */
struct nw_jail_calls {
	const int *allowed, *refused;
	size_t nallowed, nrefused;
};
int nw_jail_seccomp(const struct nw_jail_calls *); /* 0, or -1 with errno */

/*
 * nw_jail_landlock(readable, n):
 * No file may be opened but these, for reading; no network where the kernel can forbid it.  What is open
 * stays open. errors  -1 with errno: a kernel, or a unit's SystemCallFilter, without Landlock.  A file that
 * is not there is left out.
 */
int nw_jail_landlock(const char *const *readable, size_t n);

/* No core, no new descriptors, no new processes, and ${as_bytes} of address space; -1 with errno. */
int nw_jail_limits(size_t as_bytes);
/* Bytes of address space in use now; 0 if that cannot be told. */
size_t nw_jail_address_space(void);
/* 1 in a build with sanitizers, which cannot live in a jail. */
int nw_jail_sanitized(void);
#endif
