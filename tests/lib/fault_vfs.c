#include <string.h>

#include <sqlite3.h>

#include "fault_vfs.h"

/* A file of the real layer with ours in front; the real one's memory follows. */
struct file {
	sqlite3_file base;
	sqlite3_io_methods methods;
	sqlite3_file *real;
};

static sqlite3_vfs *real_vfs;
static sqlite3_vfs our_vfs;
static sqlite3_mem_methods real_mem;
static enum fault kind;
static unsigned fail_at, seen; /* fail_at 0: nothing fails */
static int for_ever;

static int
fails(enum fault what)
{
	if (fail_at == 0 || what != kind)
		return 0;
	seen++;
	return seen == fail_at || (for_ever && seen > fail_at);
}

static sqlite3_file *
real_of(sqlite3_file *f)
{
	return ((struct file *)f)->real;
}

static int
fault_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
	if (fails(FAULT_WRITE_FULL))
		return SQLITE_FULL;
	if (fails(FAULT_WRITE_IO))
		return SQLITE_IOERR_WRITE;
	return real_of(f)->pMethods->xWrite(real_of(f), p, n, at);
}

/* What was written before may be durable or not: the real sync is done, and called a failure. */
static int
fault_sync(sqlite3_file *f, int flags)
{
	int rc = real_of(f)->pMethods->xSync(real_of(f), flags);

	return fails(FAULT_SYNC) ? SQLITE_IOERR_FSYNC : rc;
}

/* --- everything else goes through ------------------------------------------------------------------------------- */

static int
pass_close(sqlite3_file *f)
{
	return real_of(f)->pMethods->xClose(real_of(f));
}
static int
pass_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at)
{
	return real_of(f)->pMethods->xRead(real_of(f), p, n, at);
}
static int
pass_truncate(sqlite3_file *f, sqlite3_int64 n)
{
	return real_of(f)->pMethods->xTruncate(real_of(f), n);
}
static int
pass_size(sqlite3_file *f, sqlite3_int64 *n)
{
	return real_of(f)->pMethods->xFileSize(real_of(f), n);
}
static int
pass_lock(sqlite3_file *f, int level)
{
	return real_of(f)->pMethods->xLock(real_of(f), level);
}
static int
pass_unlock(sqlite3_file *f, int level)
{
	return real_of(f)->pMethods->xUnlock(real_of(f), level);
}
static int
pass_check(sqlite3_file *f, int *out)
{
	return real_of(f)->pMethods->xCheckReservedLock(real_of(f), out);
}
static int
pass_control(sqlite3_file *f, int op, void *arg)
{
	return real_of(f)->pMethods->xFileControl(real_of(f), op, arg);
}
static int
pass_sector(sqlite3_file *f)
{
	return real_of(f)->pMethods->xSectorSize(real_of(f));
}
static int
pass_traits(sqlite3_file *f)
{
	return real_of(f)->pMethods->xDeviceCharacteristics(real_of(f));
}
static int
pass_shm_map(sqlite3_file *f, int region, int size, int extend, void volatile **out)
{
	return real_of(f)->pMethods->xShmMap(real_of(f), region, size, extend, out);
}
static int
pass_shm_lock(sqlite3_file *f, int at, int n, int flags)
{
	return real_of(f)->pMethods->xShmLock(real_of(f), at, n, flags);
}
static void
pass_shm_barrier(sqlite3_file *f)
{
	real_of(f)->pMethods->xShmBarrier(real_of(f));
}
static int
pass_shm_unmap(sqlite3_file *f, int del)
{
	return real_of(f)->pMethods->xShmUnmap(real_of(f), del);
}

static int
fault_open(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags, int *flags_r)
{
	struct file *file = (struct file *)f;
	int rc;

	(void)v;
	memset(file, 0, sizeof(*file));
	if (fails(FAULT_OPEN))
		return SQLITE_CANTOPEN;
	file->real = (sqlite3_file *)(file + 1);
	if ((rc = real_vfs->xOpen(real_vfs, name, file->real, flags, flags_r)) != SQLITE_OK)
		return rc;
	file->methods = (sqlite3_io_methods){
	    .iVersion = 2,
	    .xClose = pass_close,
	    .xRead = pass_read,
	    .xWrite = fault_write,
	    .xTruncate = pass_truncate,
	    .xSync = fault_sync,
	    .xFileSize = pass_size,
	    .xLock = pass_lock,
	    .xUnlock = pass_unlock,
	    .xCheckReservedLock = pass_check,
	    .xFileControl = pass_control,
	    .xSectorSize = pass_sector,
	    .xDeviceCharacteristics = pass_traits,
	    .xShmMap = pass_shm_map,
	    .xShmLock = pass_shm_lock,
	    .xShmBarrier = pass_shm_barrier,
	    .xShmUnmap = pass_shm_unmap,
	};
	f->pMethods = &file->methods;
	return SQLITE_OK;
}

static void *
fault_malloc(int n)
{
	return fails(FAULT_MEMORY) ? NULL : real_mem.xMalloc(n);
}

static void *
fault_realloc(void *p, int n)
{
	return fails(FAULT_MEMORY) ? NULL : real_mem.xRealloc(p, n);
}

void
fault_vfs_install(void)
{
	sqlite3_mem_methods mem;

	sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real_mem);
	mem = real_mem;
	mem.xMalloc = fault_malloc;
	mem.xRealloc = fault_realloc;
	sqlite3_config(SQLITE_CONFIG_MALLOC, &mem);
	sqlite3_initialize();
	real_vfs = sqlite3_vfs_find(NULL);
	our_vfs = *real_vfs;
	our_vfs.zName = "fault";
	our_vfs.pNext = NULL;
	our_vfs.szOsFile = (int)sizeof(struct file) + real_vfs->szOsFile;
	our_vfs.xOpen = fault_open;
	sqlite3_vfs_register(&our_vfs, 1);
}

void
fault_vfs_arm(enum fault what, unsigned n, int always)
{
	kind = what;
	fail_at = n;
	for_ever = always;
	seen = 0;
}

unsigned
fault_vfs_disarm(void)
{
	fail_at = 0;
	return seen;
}
