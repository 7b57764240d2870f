/* A list of sources of any bytes: refused, or it becomes entries that a configuration takes without an error. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "cli/opml.h"
#include "core/conf.h"
#include "core/conf_files.h"
#include "core/conf_load.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
left(void *cookie, const char *why, struct nw_str title, struct nw_str url)
{
	(void)cookie;
	if (why[0] == '\0' || title.p == NULL || url.p == NULL)
		abort();
}

static struct nw_config *
load(struct nw_str yaml, uint32_t *errors_r)
{
	struct nw_conf_files *files = nw_conf_files_new();
	struct nw_conf_diags d = {0};
	struct nw_config *c;

	if (files == NULL || nw_conf_files_put(files, nw_str("/fuzz/n.yaml"), yaml, 1) == -1)
		abort();
	files->bundled = 1;
	if (nw_conf_load_files(files, NW_CONF_ALONE, &c, &d, NULL) == -1)
		abort();
	*errors_r = d.nerror;
	nw_conf_diags_done(&d);
	return c;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint32_t n = 0, errors;
	struct nw_config *known = load(nw_str("sources: []\n"), &errors), *made;
	struct nw_buf yaml = {0};
	struct nw_err err;

	if (nw_opml_import(known, (struct nw_bytes){data, size}, &yaml, &n, left, NULL, &err) == 0 && n > 0) {
		made = load(nw_buf_str(&yaml), &errors);
		if (made->nsource != n || errors != 0)
			abort();
		nw_conf_free(made);
	}
	nw_buf_done(&yaml);
	nw_conf_free(known);
	return 0;
}
