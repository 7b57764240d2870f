/*
 * io.h - whole reads and writes on blocking descriptors, and small files.
 * Floor 0.
 */
#ifndef NW_BASE_IO_H
#define NW_BASE_IO_H

#include <newswatch/plugin.h>

struct nw_buf;
struct nw_err;

/* All n bytes: 1 done, 0 end of file before the first byte, -1 error or cut in the middle (errno). */
int nw_io_read_full(int fd, void *, size_t n);
int nw_io_write_full(int fd, const void *, size_t n); /* 0 or -1 */
/*
 * nw_io_read_file(path, max_bytes, buf, err):
 * Append the file's bytes to ${buf}.  "-" reads standard input.
 * errors  NW_ELIMIT past ${max_bytes}, NW_ERES otherwise; the message names the path.
 */
int nw_io_read_file(const char *path, size_t max_bytes, struct nw_buf *, struct nw_err *);
/* Write to PATH.tmp, fsync, rename, fsync the folder: afterwards the old or the new content is there, whole. */
int nw_io_write_file(const char *path, const void *, size_t n, unsigned mode, struct nw_err *);
#endif
