/*
 * Every tests/replay/NNN-story.scn, played on the whole newswatchd: clock, web and senders are the scenario's, workers
 * run in this process.
 *
 *   EXPECT FETCHED n | CONDITIONAL n              requests since the last AT, those with validators
 *   EXPECT ARTICLES n | REVISIONS n | ALERTS n | MUTED n    rows since the last AT (ALERTS: not muted)
 *   EXPECT TRIED channel n | SENT channel n       deliveries since the last AT
 *   EXPECT SAME-ID channel | TEXT channel "t" | NO-TEXT channel "t"   of the last deliveries
 *   EXPECT NOTHING                                no row and no delivery since the last AT
 *   EXPECT SQL "select ..." value                 one value from the store
 *   EXPECT ANSWER "t"                             in the last COMMAND's answer
 *   EXPECT REFUSED | ACCEPTED                     the last configuration
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <dirent.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/str.h"
#include "core/time.h"
#include "drive.h"
#include "fault_vfs.h"
#include "main/reload.h"
#include "play.h"
#include "scenario.h"

#define DOC_MAX (1u << 20)

enum row { ARTICLES, REVISIONS, ALERTS, MUTED, NROWS };
static const struct {
	const char *name, *sql;
} rows[NROWS] = {
    [ARTICLES] = {"ARTICLES", "select count(*) from article"},
    [REVISIONS] = {"REVISIONS", "select count(*) from revision"},
    [ALERTS] = {"ALERTS", "select count(*) from alert where state <> 'muted'"},
    [MUTED] = {"MUTED", "select count(*) from alert where state = 'muted'"},
};

struct play {
	const char *path;
	const struct scenario_line *line;
	struct drive v;
	struct nw_buf answer;
	/* at the last AT */
	int64_t row[NROWS];
};

static void differ(const struct play *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void
differ(const struct play *p, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	fail_msg("%s:%d: %s", p->path, p->line != NULL ? p->line->number : 0, text);
}

static void
wrong(void *cookie, const char *what)
{
	differ(cookie, "%s", what);
}

static int64_t
count(const struct play *p, enum row r)
{
	char value[64];

	drive_ask(&p->v, rows[r].sql, value, sizeof(value));
	return strtoll(value, NULL, 10);
}

/* --- the lines of a scenario --------------------------------------------------------------------------------------------- */

static const char *
word(const struct play *p, int i)
{
	if (i >= p->line->n)
		differ(p, "a word is missing after '%s'", p->line->word[p->line->n - 1]);
	return p->line->word[i];
}

static int64_t
duration_ms(const struct play *p, const char *text)
{
	int64_t s;

	if (nw_time_parse_duration(nw_str(text), &s) == -1)
		differ(p, "'%s' is no duration", text);
	return s * 1000;
}

static void
write_file(const struct play *p, const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (f == NULL || fputs(text, f) == EOF || fclose(f) != 0)
		differ(p, "'%s' cannot be written", path);
}

static void
do_config(struct play *p)
{
	drive_config(&p->v, p->line->text);
}

static void
do_doc(struct play *p)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/%s", p->v.dir, word(p, 1));
	write_file(p, path, p->line->text);
}

static void
remember(struct play *p)
{
	for (int i = 0; i < NROWS; i++)
		p->row[i] = count(p, (enum row)i);
	play_net.fetched = play_net.conditional = 0;
	play_senders_mark();
}

static void
do_at(struct play *p)
{
	int64_t ms = p->v.start_ms + duration_ms(p, word(p, 1));

	if (ms < p->v.now_ms)
		differ(p, "time does not run backwards");
	if (!p->v.is_up)
		drive_start(&p->v);
	remember(p);
	drive_go_to(&p->v, ms);
}

static void
do_away(struct play *p)
{
	drive_away(&p->v, duration_ms(p, word(p, 1)));
	drive_settle(&p->v);
}

static void
do_disk(struct play *p)
{
	if (strcmp(word(p, 1), "FULL") == 0)
		fault_vfs_arm(FAULT_WRITE_FULL, 1, 1);
	else
		(void)fault_vfs_disarm();
}

static void
do_start(struct play *p)
{
	struct nw_time t;

	if (p->v.is_up || nw_time_parse_rfc3339(nw_str(word(p, 1)), &t) == -1)
		differ(p, "'%s' is no instant to begin at", word(p, 1));
	drive_begin(&p->v, t.at_ms);
}

static void
do_store(struct play *p)
{
	drive_stop(&p->v);
	drive_change(&p->v, word(p, 1));
}

static char *
document(const struct play *p, const char *name)
{
	struct nw_buf b = {0};
	struct nw_err err;
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/%s", p->v.dir, name);
	if (nw_io_read_file(path, DOC_MAX, &b, &err) == -1)
		differ(p, "no DOC '%s': %s", name, err.msg);
	return nw_buf_take(&b, NULL);
}

static void
do_reply(struct play *p)
{
	struct play_reply r = {.url = word(p, 1), .status = atoi(word(p, 2))};
	char *body = NULL;

	for (int i = 3; i < p->line->n; i++) {
		const char *w = p->line->word[i];

		if (strcmp(w, "TYPE") == 0)
			r.type = word(p, ++i);
		else if (strcmp(w, "ETAG") == 0)
			r.etag = word(p, ++i);
		else if (strcmp(w, "MODIFIED") == 0)
			r.modified = word(p, ++i);
		else if (strcmp(w, "MOVED") == 0)
			r.location = word(p, ++i);
		else if (strcmp(w, "RETRY") == 0)
			r.retry_after_ms = duration_ms(p, word(p, ++i));
		else if (body == NULL)
			r.body = body = document(p, w);
		else
			differ(p, "what is '%s'?", w);
	}
	play_net_reply(&r);
	free(body);
}

static void
do_sender(struct play *p)
{
	struct play_channel *c = play_channel(word(p, 1));

	c->ambiguous = strcmp(word(p, 2), "LOST") == 0;
	c->code = strcmp(word(p, 2), "DIES") == 0 ? 0 : c->ambiguous ? 250 : atoi(word(p, 2));
	c->retry_after_ms = p->line->n > 4 && strcmp(word(p, 3), "RETRY") == 0 ? duration_ms(p, word(p, 4)) : 0;
}

static void
do_reload(struct play *p)
{
	nw_reload_start(p->v.d.reload);
	drive_settle(&p->v);
}

static void
do_restart(struct play *p)
{
	drive_stop(&p->v);
	drive_start(&p->v);
	drive_settle(&p->v);
}

static void
do_command(struct play *p)
{
	struct nw_err err;

	nw_buf_reset(&p->answer);
	if (nw_daemon_command(&p->v.d, p->line->n - 1, (char **)(uintptr_t)&p->line->word[1], "desk (1000)", &p->answer, &err) == -1)
		nw_buf_addf(&p->answer, "error: %s", err.msg);
	drive_settle(&p->v);
}

/* --- EXPECT ------------------------------------------------------------------------------------------------------------------ */

static void
expect_count(const struct play *p, const char *what, int64_t got)
{
	int64_t want = strtoll(p->line->word[p->line->n - 1], NULL, 10);

	if (got != want)
		differ(p, "%s is %lld, not %lld", what, (long long)got, (long long)want);
}

static void
expect_text(const struct play *p, const char *text, const char *part, int is_there)
{
	if (text == NULL || (strstr(text, part) != NULL) != is_there)
		differ(p, "%s '%s' in:\n%s", is_there ? "no" : "there is", part, text != NULL ? text : "nothing sent");
}

static void
expect_sql(const struct play *p)
{
	char value[256];

	drive_ask(&p->v, word(p, 2), value, sizeof(value));
	if (strcmp(value, word(p, 3)) != 0)
		differ(p, "'%s', not '%s'", value, word(p, 3));
}

static void
expect_channel(const struct play *p, const char *what)
{
	const struct play_channel *c = play_channel(word(p, 2));

	if (strcmp(what, "TRIED") == 0)
		expect_count(p, what, c->tried);
	else if (strcmp(what, "SENT") == 0)
		expect_count(p, what, c->sent);
	else if (strcmp(what, "TEXT") == 0)
		expect_text(p, c->text, word(p, 3), 1);
	else if (strcmp(what, "NO-TEXT") == 0)
		expect_text(p, c->text, word(p, 3), 0);
	else if (strcmp(what, "SAME-ID") != 0)
		differ(p, "what is '%s'?", what);
	else if (c->id[1][0] == '\0' || strcmp(c->id[0], c->id[1]) != 0)
		differ(p, "the ids are '%s' and '%s'", c->id[0], c->id[1]);
}

static void
expect_nothing(const struct play *p)
{
	for (int i = 0; i < NROWS; i++)
		if (count(p, (enum row)i) != p->row[i])
			differ(p, "%s went from %lld to %lld", rows[i].name, (long long)p->row[i],
			    (long long)count(p, (enum row)i));
}

static void
do_expect(struct play *p)
{
	const char *what = word(p, 1);

	for (int i = 0; i < NROWS; i++)
		if (strcmp(what, rows[i].name) == 0) {
			expect_count(p, what, count(p, (enum row)i) - p->row[i]);
			return;
		}
	if (strcmp(what, "FETCHED") == 0)
		expect_count(p, what, play_net.fetched);
	else if (strcmp(what, "CONDITIONAL") == 0)
		expect_count(p, what, play_net.conditional);
	else if (strcmp(what, "NOTHING") == 0)
		expect_nothing(p);
	else if (strcmp(what, "SQL") == 0)
		expect_sql(p);
	else if (strcmp(what, "ANSWER") == 0)
		expect_text(p, nw_buf_str(&p->answer).p, word(p, 2), 1);
	else if (strcmp(what, "REFUSED") == 0 || strcmp(what, "ACCEPTED") == 0)
		assert_int_equal(nw_reload_refusal(p->v.d.reload)[0] != '\0', what[0] == 'R');
	else
		expect_channel(p, what);
}

static const struct {
	const char *name;
	void (*run)(struct play *);
} verbs[] = {{"CONFIG", do_config}, {"DOC", do_doc}, {"AT", do_at}, {"REPLY", do_reply}, {"SENDER", do_sender},
    {"RELOAD", do_reload}, {"RESTART", do_restart},
    {"START", do_start}, {"AWAY", do_away}, {"DISK", do_disk}, {"STORE", do_store}, {"COMMAND", do_command}, {"EXPECT", do_expect}};
#define NVERBS (sizeof(verbs) / sizeof(verbs[0]))

static void
run_line(struct play *p)
{
	for (size_t i = 0; i < NVERBS; i++)
		if (strcmp(verbs[i].name, p->line->word[0]) == 0) {
			verbs[i].run(p);
			return;
		}
	differ(p, "what is '%s'?", p->line->word[0]);
}

static void
plays(void **state)
{
	struct play p = {.path = *state};
	struct scenario s;

	scenario_read(p.path, &s);
	p.v.wrong = wrong;
	p.v.cookie = &p;
	drive_open(&p.v);
	for (size_t i = 0; i < s.n; i++) {
		p.line = &s.line[i];
		run_line(&p);
		if (play_net.unknown[0] != '\0')
			differ(&p, "nothing is said of %s", play_net.unknown);
	}
	(void)fault_vfs_disarm();
	drive_close(&p.v);
	nw_buf_done(&p.answer);
	scenario_done(&s);
}

static int
is_scenario(const struct dirent *e)
{
	size_t n = strlen(e->d_name);

	return n > 4 && strcmp(e->d_name + n - 4, ".scn") == 0;
}

int
main(int argc, char **argv)
{
	struct dirent **list = NULL;
	int n = scandir(NW_TOP "/tests/replay", &list, is_scenario, alphasort);
	struct CMUnitTest *tests = calloc((size_t)(n > 0 ? n : 1), sizeof(*tests));
	size_t ntests = 0;
	int rc;

	fault_vfs_install();
	nw_log_open("replay", argc > 2 ? NW_LOG_DEBUG : NW_LOG_ERROR);
	for (int i = 0; i < n; i++) {
		char *path = malloc(sizeof(NW_TOP "/tests/replay/") + strlen(list[i]->d_name));

		(void)sprintf(path, NW_TOP "/tests/replay/%s", list[i]->d_name); /* has the room */
		if (argc >= 2 && strstr(path, argv[1]) == NULL)
			free(path);
		else
			tests[ntests++] = (struct CMUnitTest){.name = list[i]->d_name, .test_func = plays, .initial_state = path};
	}
	rc = ntests == 0 ? 2 : _cmocka_run_group_tests("replay", tests, ntests, NULL, NULL);
	for (size_t i = 0; i < ntests; i++)
		free(tests[i].initial_state);
	for (int i = 0; i < n; i++)
		free(list[i]);
	free(list);
	free(tests);
	return rc;
}
