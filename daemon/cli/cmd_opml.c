#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/str.h"
#include "cli/ask.h"
#include "cli/cli.h"
#include "cli/opml.h"
#include "cli/out.h"
#include "cli/show.h"

static void
left_out(void *cookie, const char *why, struct nw_str title, struct nw_str url)
{
	struct nw_buf b = {0};

	(void)cookie;
	nw_log_escape(&b, title.p, title.len, 80);
	nw_buf_adds(&b, " ");
	nw_log_escape(&b, url.p, url.len, 200);
	(void)fprintf(stderr, "newswatch opml: left out, %s: %s\n", why, nw_buf_str(&b).p);
	nw_buf_done(&b);
}

static int
print(const struct nw_cli *cli, const char *key, struct nw_buf *b)
{
	json_t *o;

	if (b->failed)
		return nw_cli_fail(cli, NW_EXIT_BROKEN, "out of memory");
	if (!cli->json) {
		(void)fwrite(b->p, 1, b->len, stdout); /* nw_out_done() sees a failure */
		return nw_out_done(cli, NW_EXIT_OK);
	}
	o = json_object();
	if (nw_show_set(o, key, nw_show_text(nw_buf_str(b))) == 0)
		return nw_show_line(o) == 0 ? nw_out_done(cli, NW_EXIT_OK) :
		    nw_cli_fail(cli, NW_EXIT_BROKEN, "cannot write the answer");
	json_decref(o);
	return nw_cli_fail(cli, NW_EXIT_BROKEN, "out of memory");
}

static int
import_file(const struct nw_cli *cli, const struct nw_config *conf, const char *file)
{
	struct nw_buf xml = {0}, yaml = {0};
	struct nw_err err;
	uint32_t n = 0;
	int rc;

	if (nw_io_read_file(file, NW_OPML_BYTES_MAX, &xml, &err) == -1 ||
	    nw_opml_import(conf, (struct nw_bytes){(const uint8_t *)xml.p, xml.len}, &yaml, &n, left_out, NULL, &err) == -1)
		rc = nw_cli_fail(cli, err.code == NW_EINPUT ? NW_EXIT_NO : NW_EXIT_BROKEN, "%s: %s", file, err.msg);
	else if (n == 0)
		rc = nw_cli_fail(cli, NW_EXIT_NO, "%s: it has no source that is not known", file);
	else
		rc = print(cli, "sources", &yaml);
	nw_buf_done(&xml);
	nw_buf_done(&yaml);
	return rc;
}

static int
export_all(const struct nw_cli *cli, const struct nw_config *conf)
{
	struct nw_buf xml = {0};
	int rc;

	nw_opml_export(conf, &xml);
	rc = print(cli, "opml", &xml);
	nw_buf_done(&xml);
	return rc;
}

int
nw_cmd_opml(struct nw_cli *cli, int argc, char **argv)
{
	const char *config = NULL;
	const struct nw_cli_option table[] = {
	    {"config", 'c', NW_CLI_TEXT, &config, "FILE", "configuration whose sources are written, or are known already"},
	    {0},
	};
	int first, rc = nw_options_read(cli, table, argc, argv, &first), n = argc - first;
	int in = n == 2 && strcmp(argv[first], "import") == 0, out = n == 1 && strcmp(argv[first], "export") == 0;
	struct nw_ask a;

	if (rc != 0)
		return rc - 1;
	if (!in && !out)
		return nw_cli_fail(cli, NW_EXIT_USAGE, "say 'opml export', or 'opml import FILE'");
	if ((rc = nw_ask_open(cli, config, &a)) != 0)
		return rc;
	rc = in ? import_file(cli, a.conf, argv[first + 1]) : export_all(cli, a.conf);
	nw_ask_close(&a);
	return rc;
}
