/*
 * fault_vfs.h - a file layer for SQLite whose n-th write, sync or allocation fails, for tests.
 * Life: fault_vfs_install() once, before any database is opened -> (fault_vfs_arm() -> work -> fault_vfs_disarm())*.
 */
#ifndef FAULT_VFS_H
#define FAULT_VFS_H

enum fault { FAULT_WRITE_FULL, FAULT_WRITE_IO, FAULT_SYNC, FAULT_OPEN, FAULT_MEMORY, FAULT_N };

void fault_vfs_install(void);
/* The n-th operation of this kind fails, and with ${for_ever} all after it. */
void fault_vfs_arm(enum fault, unsigned n, int for_ever);
/* How many operations of the kind there were since arming; nothing fails afterwards. */
unsigned fault_vfs_disarm(void);
#endif
