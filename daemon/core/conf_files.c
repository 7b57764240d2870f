#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "base/str.h"
#include "core/conf_files.h"
#include "core/digest.h"
#include "core/limits.h"

/* The folders beside the main file; those that a package ships stand in its data folder too. */
static const struct folder {
	const char *name;
	int shipped;
} folders[] = {{"sources.d", 1}, {"lists.d", 1}, {"topics.d", 1}, {"watches.d", 0}, {"channels.d", 0}};

/* Names of a folder's files, each with the folder it comes from. */
struct listing {
	struct found {
		char *name;
		const char *dir;
	} * item;
	size_t n, cap;
};

struct nw_conf_files *
nw_conf_files_new(void)
{
	return calloc(1, sizeof(struct nw_conf_files));
}

static void
file_free(struct nw_conf_file *f)
{
	if (f == NULL)
		return;
	free((char *)(uintptr_t)f->path.p);
	free((char *)(uintptr_t)f->text.p);
	free(f);
}

void
nw_conf_files_free(struct nw_conf_files *files)
{
	uint32_t i;

	if (files == NULL)
		return;
	for (i = 0; i < files->n; i++)
		file_free(files->file[i]);
	free(files->file);
	free(files);
}

static struct nw_str
copy(struct nw_str s)
{
	char *p = malloc(s.len + 1);

	if (p != NULL) {
		memcpy(p, s.p, s.len);
		p[s.len] = '\0';
	}
	return (struct nw_str){p, s.len};
}

/* Takes text, which is malloc'ed. */
static int
add(struct nw_conf_files *files, struct nw_str path, struct nw_str text, uint32_t yaml)
{
	struct nw_conf_file *f = calloc(1, sizeof(*f));
	struct nw_conf_file **file = files->file;

	if (files->n == files->cap)
		file = realloc(files->file, (files->cap + 32) * sizeof(*file));
	if (file != NULL && files->n == files->cap) {
		files->file = file;
		files->cap += 32;
	}
	if (f != NULL) {
		f->path = copy(path);
		f->text = text;
		f->yaml = yaml;
	}
	if (file == NULL || f == NULL || f->path.p == NULL || text.p == NULL) {
		if (f == NULL)
			free((char *)(uintptr_t)text.p);
		file_free(f);
		return -1;
	}
	files->file[files->n++] = f;
	return 0;
}

int
nw_conf_files_put(struct nw_conf_files *files, struct nw_str path, struct nw_str text, uint32_t yaml)
{
	return add(files, path, copy(text), yaml);
}

int
nw_conf_files_get(struct nw_conf_files *files, const char *path, uint32_t yaml,
    const struct nw_conf_file **file_r, struct nw_err *err)
{
	struct nw_buf b = {.max = NW_CONF_FILE_MAX + 65536u * 2};
	struct nw_str text;
	uint32_t i;

	for (i = 0; i < files->n; i++) {
		if (nw_str_is(files->file[i]->path, path)) {
			*file_r = files->file[i];
			return 0;
		}
	}
	if (files->bundled)
		return nw_fail(err, NW_ECONF, "'%s' is not in the stored configuration", path);
	if (nw_io_read_file(path, NW_CONF_FILE_MAX, &b, err) == -1) {
		nw_buf_done(&b);
		err->code = NW_ECONF;
		return -1;
	}
	text.len = 0;
	text.p = nw_buf_take(&b, &text.len);
	if (add(files, nw_str(path), text, yaml) == -1)
		return nw_fail(err, NW_ERES, "out of memory");
	*file_r = files->file[files->n - 1];
	return 0;
}

static int
is_yaml(const char *name)
{
	size_t n = strlen(name);

	return name[0] != '.' && ((n > 5 && strcmp(name + n - 5, ".yaml") == 0) ||
				     (n > 4 && strcmp(name + n - 4, ".yml") == 0));
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct found *)a)->name, ((const struct found *)b)->name);
}

static void
listing_done(struct listing *l)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		free(l->item[i].name);
	free(l->item);
}

static int
listing_add(struct listing *l, const char *name, const char *dir)
{
	size_t i;

	for (i = 0; i < l->n; i++) { /* the folder listed first has the say */
		if (strcmp(l->item[i].name, name) == 0)
			return 0;
	}
	if (l->n == l->cap) {
		struct found *item = realloc(l->item, (2 * l->cap + 16) * sizeof(*item));

		if (item == NULL)
			return -1;
		l->item = item;
		l->cap = 2 * l->cap + 16;
	}
	l->item[l->n].dir = dir;
	l->item[l->n].name = strdup(name);
	return l->item[l->n].name != NULL ? (l->n++, 0) : -1;
}

/* Adds the YAML files of BASE/FOLDER; a folder that is not there holds none. */
static int
listing_scan(struct listing *l, const char *base, const char *folder, struct nw_err *err)
{
	char path[PATH_MAX];
	struct dirent *e;
	DIR *d;
	int rc = 0;

	if (snprintf(path, sizeof(path), "%s/%s", base, folder) >= (int)sizeof(path))
		return nw_fail(err, NW_ECONF, "path '%s/%s' is too long", base, folder);
	d = opendir(path);
	if (d == NULL && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (d == NULL)
		return nw_fail(err, NW_ECONF, "cannot read the folder '%s': %s", path, strerror(errno));
	while (rc == 0 && (e = readdir(d)) != NULL) {
		if (is_yaml(e->d_name) && listing_add(l, e->d_name, base) == -1)
			rc = nw_fail(err, NW_ERES, "out of memory");
	}
	(void)closedir(d); /* nothing was written */
	return rc;
}

static void
report(struct nw_conf_diags *diags, const char *path, const struct nw_err *err)
{
	struct nw_conf_place at = {.file = nw_str(path), .entry = {"", 0}};

	nw_conf_diag(diags, NW_CONF_ERROR, &at, "%s", err->msg);
}

static int
read_folder(struct nw_conf_files *files, const struct folder *folder, const char *base, const char *data_dir,
    struct nw_conf_diags *diags, struct nw_err *err)
{
	const struct nw_conf_file *f;
	struct listing l = {0};
	char path[PATH_MAX];
	size_t i;
	int rc = 0;

	if (listing_scan(&l, base, folder->name, err) == -1 ||
	    (data_dir != NULL && folder->shipped && listing_scan(&l, data_dir, folder->name, err) == -1)) {
		report(diags, folder->name, err);
		rc = err->code == NW_ERES ? -1 : 0;
	}
	if (l.n > 0)
		qsort(l.item, l.n, sizeof(*l.item), by_name);
	for (i = 0; i < l.n && rc == 0; i++) {
		if (snprintf(path, sizeof(path), "%s/%s/%s", l.item[i].dir, folder->name, l.item[i].name) >=
		    (int)sizeof(path))
			rc = nw_fail(err, NW_ECONF, "the path of '%s' is too long", l.item[i].name);
		else if (nw_conf_files_get(files, path, 1, &f, err) == -1)
			report(diags, path, err);
	}
	listing_done(&l);
	return rc;
}

static void
folder_of(const char *path, char out[PATH_MAX])
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		(void)snprintf(out, PATH_MAX, ".");
	else if (slash == path)
		(void)snprintf(out, PATH_MAX, "/");
	else
		(void)snprintf(out, PATH_MAX, "%.*s", (int)(slash - path), path);
}

int
nw_conf_files_collect(struct nw_conf_files *files, const struct nw_conf_from *from,
    struct nw_conf_diags *diags, struct nw_err *err)
{
	const char *data_dir = from->data_dir != NULL ? from->data_dir : NW_DATA_DIR;
	const char *conf_dir = from->conf_dir != NULL ? from->conf_dir : NW_CONF_DIR;
	char path[PATH_MAX], base[PATH_MAX];
	const struct nw_conf_file *main_file;
	size_t i;
	int n;

	n = from->path != NULL ? snprintf(path, sizeof(path), "%s", from->path)
			       : snprintf(path, sizeof(path), "%s/newswatchd.yaml", conf_dir);
	if (n >= (int)sizeof(path))
		return nw_fail(err, NW_ECONF, "the path of the configuration is too long");
	if (nw_conf_files_get(files, path, 1, &main_file, err) == -1)
		return -1;
	folder_of(path, base);
	for (i = 0; i < sizeof(folders) / sizeof(folders[0]) && !(from->flags & NW_CONF_ALONE); i++) {
		if (read_folder(files, &folders[i], base, from->path == NULL ? data_dir : NULL, diags, err) ==
		    -1)
			return -1;
	}
	return 0;
}

void
nw_conf_files_hash(const struct nw_conf_files *files, uint8_t out[32])
{
	struct nw_str *part = calloc(2 * (size_t)files->n + 1, sizeof(*part));
	uint32_t i;

	if (part == NULL)
		abort(); /* without it nobody knows what was accepted */
	for (i = 0; i < files->n; i++) {
		part[2 * i] = files->file[i]->path;
		part[2 * i + 1] = files->file[i]->text;
	}
	nw_sha256_parts(part, 2 * (size_t)files->n, out);
	free(part);
}
