#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "base/str.h"
#include "core/conf_files.h"
#include "core/conf_load.h"
#include "core/digest.h"
#include "core/limits.h"

/*
 * The bundle: a first line, then for each file "y|t PATH-LENGTH TEXT-LENGTH\n" and the two, then "." and the
 * SHA-256 of everything before it in hex.  Order is that of reading; the first file is the main one.
 */
#define HEAD	   "newswatch configuration 1\n"
#define BUNDLE_MAX ((size_t)NW_CONF_FILE_MAX * 8)
#define TAIL_LEN   (2 + 2 * NW_SHA256_LEN) /* ".", hex, line feed */

int
nw_conf_bundle_write(const struct nw_config *c, const char *path, struct nw_err *err)
{
	struct nw_buf b = {0};
	uint8_t sum[NW_SHA256_LEN];
	char hex[2 * NW_SHA256_LEN + 1];
	uint32_t i;
	int rc;

	if (c->files == NULL)
		return nw_fail(err, NW_ECONF, "the configuration's files were given back already");
	nw_buf_adds(&b, HEAD);
	for (i = 0; i < c->files->n; i++) {
		const struct nw_conf_file *f = c->files->file[i];

		nw_buf_addf(&b, "%c %zu %zu\n", f->yaml ? 'y' : 't', f->path.len, f->text.len);
		nw_buf_addstr(&b, f->path);
		nw_buf_addstr(&b, f->text);
	}
	nw_sha256(nw_buf_str(&b).p, b.len, sum);
	nw_buf_addf(&b, ".%s\n", nw_hex(sum, sizeof(sum), hex));
	if (b.failed)
		rc = nw_fail(err, NW_ERES, "out of memory");
	else
		rc = nw_io_write_file(path, b.p, b.len, 0600, err);
	nw_buf_done(&b);
	return rc;
}

/* One file at *s; -1 if it is not whole. */
static int
take_file(struct nw_conf_files *files, struct nw_str *s)
{
	const char *nl = memchr(s->p, '\n', s->len);
	struct nw_str path, text;
	char head[64], kind;
	size_t n = nl != NULL ? (size_t)(nl - s->p) : sizeof(head);

	if (n >= sizeof(head))
		return -1;
	memcpy(head, s->p, n);
	head[n] = '\0';
	if (sscanf(head, "%c %zu %zu", &kind, &path.len, &text.len) != 3 || (kind != 'y' && kind != 't'))
		return -1;
	s->p += n + 1;
	s->len -= n + 1;
	if (path.len > s->len || text.len > s->len - path.len)
		return -1;
	path.p = s->p;
	text.p = s->p + path.len;
	s->p += path.len + text.len;
	s->len -= path.len + text.len;
	return nw_conf_files_put(files, path, text, kind == 'y');
}

static int
unpack(struct nw_conf_files *files, struct nw_str s)
{
	uint8_t sum[NW_SHA256_LEN], want[NW_SHA256_LEN];
	struct nw_str hex;

	if (s.len < strlen(HEAD) + TAIL_LEN || !nw_str_starts(s, HEAD) || s.p[s.len - TAIL_LEN] != '.' ||
	    s.p[s.len - 1] != '\n')
		return -1;
	hex = (struct nw_str){s.p + s.len - TAIL_LEN + 1, 2 * NW_SHA256_LEN};
	nw_sha256(s.p, s.len - TAIL_LEN, sum);
	if (nw_unhex(hex, want, sizeof(want)) == -1 || memcmp(sum, want, sizeof(sum)) != 0)
		return -1;
	s.len -= TAIL_LEN + strlen(HEAD);
	s.p += strlen(HEAD);
	while (s.len > 0) {
		if (take_file(files, &s) == -1)
			return -1;
	}
	return files->n > 0 ? 0 : -1;
}

int
nw_conf_bundle_read(
    const char *path, struct nw_config **config_r, struct nw_conf_diags *diags, struct nw_err *err)
{
	struct nw_conf_files *files = nw_conf_files_new();
	struct nw_buf b = {0};
	int rc;

	if (files == NULL)
		return nw_fail(err, NW_ERES, "out of memory");
	rc = nw_io_read_file(path, BUNDLE_MAX, &b, err);
	if (rc == 0 && unpack(files, nw_buf_str(&b)) == -1)
		rc = nw_fail(err, NW_ECONF, "'%s' is no stored configuration, or not whole", path);
	nw_buf_done(&b);
	if (rc == -1) {
		nw_conf_files_free(files);
		return -1;
	}
	files->bundled = 1;
	return nw_conf_load_files(files, 0, config_r, diags, err);
}
