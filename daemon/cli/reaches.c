#include <limits.h>
#include <stdio.h>

#include "base/err.h"
#include "base/str.h"
#include "core/conf.h"
#include "core/limits.h"
#include "index/index.h"
#include "index/reached.h"
#include "query/need.h"
#include "query/query.h"
#include "cli/cli.h"
#include "cli/reaches.h"
#include "cli/show.h"

struct reaches {
	struct nw_index *index;
	json_t *words; /* of the pattern; NULL: text */
	uint32_t n;
	int failed;
	struct nw_err err;
};

static int
add_word(struct reaches *r, struct nw_str word, int64_t revisions)
{
	json_t *o = json_object();

	if (nw_show_set(o, "word", nw_show_text(word)) |
	    nw_show_set(o, "revisions", json_integer(revisions))) {
		json_decref(o);
		return -1;
	}
	return json_array_append_new(r->words, o);
}

static int
on_word(void *cookie, struct nw_str word)
{
	struct reaches *r = cookie;
	int64_t revisions = 0;

	if (r->n == NW_INDEX_REACH_MAX) {
		(void)fprintf(
		    stderr, "note: it reaches more; the first %u words are shown\n", NW_INDEX_REACH_MAX);
		return 1;
	}
	if (nw_reached_count(r->index, word, &revisions, &r->err) == -1) {
		r->failed = 1;
		return 1;
	}
	if (revisions == 0)
		return 0; /* of an address or an author */
	r->n++;
	if (r->words == NULL)
		(void)printf("  %8lld  %.*s\n", (long long)revisions, (int)word.len, word.p);
	else if (add_word(r, word, revisions) == -1)
		r->failed = nw_fail(&r->err, NW_ERES, "out of memory") == -1;
	return r->failed;
}

/* {"pattern", "words"} */
static json_t *
new_pattern(struct reaches *r, struct nw_str pattern)
{
	json_t *o = json_object();

	r->words = json_array();
	if (nw_show_set(o, "pattern", nw_show_text(pattern)) == 0 && nw_show_set(o, "words", r->words) == 0)
		return o;
	json_decref(o);
	return NULL;
}

static int
show_pattern(struct reaches *r, struct nw_str pattern, json_t *reaches)
{
	struct nw_need_word w = {.text = pattern, .like = NW_NEED_GLOB};

	r->n = 0;
	r->words = NULL;
	if (reaches == NULL)
		(void)printf("%.*s reaches\n", (int)pattern.len, pattern.p);
	else if (json_array_append_new(reaches, new_pattern(r, pattern)) == -1)
		return nw_fail(&r->err, NW_ERES, "out of memory");
	if (nw_reached_walk(r->index, &w, on_word, r) == -1)
		return nw_fail(&r->err, NW_ERES, "the index cannot be read");
	if (r->n == 0 && reaches == NULL && !r->failed)
		(void)printf("  no word of the archive\n");
	return r->failed ? -1 : 0;
}

static int
open_index(const struct nw_config *conf, struct nw_index **index_r)
{
	char path[PATH_MAX];
	struct nw_err err;

	if (nw_conf_index_path(&conf->daemon, path, sizeof(path), &err) == 0 &&
	    nw_index_open(path, NW_INDEX_READ, index_r, NULL, &err) == 0)
		return 0;
	(void)fprintf(stderr, "note: %s; what the patterns reach is not known\n", err.msg);
	return -1;
}

int
nw_reaches_show(
    const struct nw_cli *cli, const struct nw_config *conf, const struct nw_query_set *set, json_t *object)
{
	struct reaches r = {0};
	struct nw_str pattern;
	json_t *all = NULL;
	int rc = 0;

	if (!nw_query_pattern(set, 0, &pattern) || open_index(conf, &r.index) == -1)
		return 0;
	if (object != NULL && nw_show_set(object, "reaches", all = json_array()) == -1)
		rc = nw_fail(&r.err, NW_ERES, "out of memory");
	for (uint32_t i = 0; rc == 0 && nw_query_pattern(set, i, &pattern); i++)
		rc = show_pattern(&r, pattern, all);
	nw_index_close(r.index);
	return rc == 0 ? 0 : nw_cli_fail(cli, NW_EXIT_BROKEN, "%s", r.err.msg);
}
