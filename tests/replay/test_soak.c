/*
 * A day of faults in a minute: sources that fail, lie and cut their documents and get other names, channels that refuse,
 * die and lose their answers, a disk that is full for a while, restarts at any moment, the clock that jumps; by seed.  Then all is well for a week, and every act
 * published must have arrived at both channels, a second copy only under the id of the first.
 *
 *   test_soak                    a short day of few sources
 *   test_soak HOURS SOURCES SEED [debug]
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/str.h"
#include "drive.h"
#include "fault_vfs.h"
#include "main/reload.h"
#include "play.h"

#define MINUTE_MS  INT64_C(60000)
#define HOUR_MS	   (60 * MINUTE_MS)
#define HEAL_MS	   (7 * 24 * HOUR_MS)
#define ITEMS_MAX  600 /* of a feed; none slides out of it */
#define ACTS_MAX   20000
#define SOURCES_MAX 48
#define COPIES_EXCUSED 10

enum { DESK, HUB, NCHANNELS };

struct act { /* an item that must alert, once at each channel */
	uint32_t arrived[NCHANNELS];
	char id[NCHANNELS][96];
};

struct soak {
	struct drive v;
	uint64_t seed;
	int hours, sources;
	struct {
		uint32_t item[ITEMS_MAX], n; /* numbers of its acts */
		uint32_t renamed;	     /* times */
	} feed[SOURCES_MAX];
	struct act *act; /* by number */
	uint32_t nact;
	uint32_t faults, restarts, copies, renames, full;
	int64_t full_until_ms;
};

static struct {
	int hours, sources;
	uint64_t seed;
} plan = {6, 4, 1};

static uint32_t
roll(struct soak *s, uint32_t sides)
{
	s->seed = s->seed * 6364136223846793005ull + 1442695040888963407ull;
	return (uint32_t)(s->seed >> 33) % sides;
}

static void
wrong(void *cookie, const char *what)
{
	struct soak *s = cookie;

	fail_msg("seed %llu, after %lld minutes: %s", (unsigned long long)plan.seed,
	    (long long)((s->v.now_ms - DRIVE_START_MS) / MINUTE_MS), what);
}

/* --- what arrives --------------------------------------------------------------------------------------------------------- */

struct ear {
	struct soak *soak;
	int channel;
};

/* Each act names itself in its sentence; a mail has it in its text and its HTML, which is one arrival. */
static void
on_accepted(void *cookie, const char *id, const char *text)
{
	struct ear *e = cookie;
	char last[16] = "";

	for (const char *at = text; (at = strstr(at, "act no. ")) != NULL; at++) {
		struct act *a;
		char number[16];
		uint32_t n = (uint32_t)strtoul(at + 8, NULL, 10);

		(void)snprintf(number, sizeof(number), "%u", n); /* fits */
		if (strcmp(number, last) == 0)
			continue;
		(void)snprintf(last, sizeof(last), "%s", number);
		if (n >= e->soak->nact)
			wrong(e->soak, "an act arrived that nobody published");
		a = &e->soak->act[n];
		if (a->id[e->channel][0] == '\0')
			(void)snprintf(a->id[e->channel], sizeof(a->id[e->channel]), "%s", id);
		if (strcmp(a->id[e->channel], id) != 0)
			wrong(e->soak, "a second copy under another id");
		e->soak->copies += a->arrived[e->channel] > 0;
		a->arrived[e->channel] = 1;
	}
}

/* --- the web ---------------------------------------------------------------------------------------------------------------- */

static void
add_items(struct soak *s, int source, struct nw_buf *b)
{
	for (uint32_t i = s->feed[source].n; i-- > 0;) {
		uint32_t n = s->feed[source].item[i];

		nw_buf_addf(b,
		    "<item><guid>%u</guid><link>https://s%d.example/%u</link><title>Notice %u</title>"
		    "<description>On that day the two sides signed the treaty on cooperation, act no. %u of theirs.</description></item>\n",
		    n, source, n, n, n);
	}
}

/* A document of the source as it stands now; ${fault}: how it goes wrong. */
static void
serve(struct soak *s, int source, uint32_t fault)
{
	static const int status[] = {200, 0, 500, 503, 404, 403};
	struct nw_buf b = {0};
	char url[64], etag[32];
	struct play_reply r = {.url = url, .type = "application/rss+xml", .etag = etag};

	(void)snprintf(url, sizeof(url), "https://s%d.example/feed.xml", source);
	(void)snprintf(etag, sizeof(etag), "\"%u\"", s->feed[source].n);
	nw_buf_addf(&b, "<rss version=\"2.0\"><channel><title>Ministry %d</title>\n", source);
	add_items(s, source, &b);
	nw_buf_adds(&b, "</channel></rss>\n");
	r.status = fault < 6 ? status[fault] : 200;
	if (fault == 6) /* cut somewhere */
		b.len = roll(s, (uint32_t)b.len);
	if (fault == 7) {
		nw_buf_reset(&b);
		nw_buf_adds(&b, "<html><body>We are working on our site</body></html>");
	}
	if (fault == 8)
		nw_buf_reset(&b);
	r.retry_after_ms = fault == 3 ? 10 * MINUTE_MS : 0;
	r.body = nw_buf_str(&b).p;
	play_net_reply(&r);
	nw_buf_done(&b);
}

static void
publish(struct soak *s, int source)
{
	if (s->nact < ACTS_MAX && s->feed[source].n < ITEMS_MAX)
		s->feed[source].item[s->feed[source].n++] = s->nact++;
}

/* --- a minute ------------------------------------------------------------------------------------------------------------------ */

static void
disturb_channel(struct soak *s)
{
	struct play_channel *c = play_channel(roll(s, 2) == 0 ? "desk" : "hub");
	static const int code[] = {250, 250, 250, 451, 421, 0, 250, 429};
	uint32_t how = roll(s, 8);

	c->code = code[how];
	c->ambiguous = how == 6;
	c->retry_after_ms = how == 7 ? 5 * MINUTE_MS : 0;
	s->faults++;
}

static void configure(const struct soak *);

static void
room(struct soak *s)
{
	(void)fault_vfs_disarm();
	s->full_until_ms = 0;
}

static void
fill_disk(struct soak *s)
{
	fault_vfs_arm(FAULT_WRITE_FULL, 1 + roll(s, 3), 1);
	s->full_until_ms = s->v.now_ms + (1 + roll(s, 20)) * MINUTE_MS;
	s->full++;
}

static void
rename_one(struct soak *s)
{
	s->feed[roll(s, (uint32_t)s->sources)].renamed++;
	s->renames++;
	configure(s);
	(void)nw_reload_start(s->v.d.reload);
	drive_settle(&s->v);
}

static void
restart(struct soak *s)
{
	room(s); /* without it none would start */
	drive_stop(&s->v);
	drive_start(&s->v);
	drive_settle(&s->v);
	s->restarts++;
}

static void
one_minute(struct soak *s)
{
	int source = (int)roll(s, (uint32_t)s->sources);

	if (roll(s, 6) == 0)
		publish(s, source);
	serve(s, source, roll(s, 3) == 0 ? 1 + roll(s, 8) : 0);
	if (roll(s, 10) == 0)
		disturb_channel(s);
	if (roll(s, 40) == 0)
		restart(s);
	if (roll(s, 60) == 0)
		fill_disk(s);
	if (roll(s, 90) == 0)
		rename_one(s);
	drive_go_to(&s->v, s->v.now_ms + (roll(s, 200) == 0 ? HOUR_MS : MINUTE_MS));
	if (s->full_until_ms != 0 && s->v.now_ms >= s->full_until_ms)
		room(s);
}

static void
heal(struct soak *s)
{
	room(s);
	for (int i = 0; i < s->sources; i++)
		serve(s, i, 0);
	play_channel("desk")->code = play_channel("hub")->code = 250;
	play_channel("desk")->ambiguous = play_channel("hub")->ambiguous = 0;
	play_channel("desk")->retry_after_ms = play_channel("hub")->retry_after_ms = 0;
	drive_go_to(&s->v, s->v.now_ms + HEAL_MS);
}

/* --- the whole --------------------------------------------------------------------------------------------------------------- */

static void
configure(const struct soak *s)
{
	struct nw_buf b = {0};

	nw_buf_adds(&b, "sources:\n");
	for (int i = 0; i < s->sources; i++)
		nw_buf_addf(&b,
		    "  - { name: s%d-%u, url: \"https://s%d.example/feed.xml\", parser: feed, every: 5m, every_max: 15m, "
		    "full_text: never, backfill: alert }\n",
		    i, s->feed[i].renamed, i);
	nw_buf_adds(&b, "watches:\n  - name: treaty-news\n    notify: [desk, hub]\n    severity: critical\n    match: |\n"
			"      treaty NEAR/8 sign*\n"
			"channels:\n"
			"  - { name: desk, type: email, to: [desk@example.org], server: \"smtp://127.0.0.1:25\", "
			"from: newswatch@example.org }\n"
			"  - { name: hub, type: webhook, url: \"https://hub.example/in\" }\n"
			"delivery: { flood: 0 }\n");
	drive_config(&s->v, nw_buf_str(&b).p);
	nw_buf_done(&b);
}

static void
judge(struct soak *s)
{
	uint32_t lost = 0;
	char value[64];

	for (uint32_t i = 0; i < s->nact; i++)
		for (int c = 0; c < NCHANNELS; c++)
			if (!s->act[i].arrived[c]) {
				if (lost++ < 5)
					printf("act %u did not arrive at channel %d\n", i, c);
			}
	drive_ask(&s->v, "select group_concat(integrity_check) from pragma_integrity_check", value, sizeof(value));
	printf("seed %llu: %d hours, %d sources, %u acts, %u faults of channels, %u restarts, %u full disks, %u new names: lost %u, second copies %u, "
	       "integrity %s\n",
	    (unsigned long long)plan.seed, s->hours, s->sources, s->nact, s->faults, s->restarts, s->full, s->renames, lost, s->copies, value);
	assert_int_equal(lost, 0);
	/* an answer that was lost, a crash or a full disk excuses a few each */
	assert_true(s->copies <= COPIES_EXCUSED * (s->faults + s->restarts + s->full));
	assert_string_equal(value, "ok");
	assert_true(s->nact > 0 && s->restarts > 0 && s->faults > 0);
}

static void
nothing_is_lost_in_a_day_of_faults(void **state)
{
	struct soak s = {.seed = plan.seed, .hours = plan.hours, .sources = plan.sources,
	    .act = calloc(ACTS_MAX, sizeof(*s.act))};
	struct ear desk = {&s, DESK}, hub = {&s, HUB};

	(void)state;
	s.v.wrong = wrong;
	s.v.cookie = &s;
	drive_open(&s.v);
	configure(&s);
	play_channel("desk")->accepted = play_channel("hub")->accepted = on_accepted;
	play_channel("desk")->cookie = &desk;
	play_channel("hub")->cookie = &hub;
	for (int i = 0; i < s.sources; i++)
		serve(&s, i, 0);
	drive_start(&s.v);
	while (s.v.now_ms < DRIVE_START_MS + s.hours * HOUR_MS)
		one_minute(&s);
	heal(&s);
	judge(&s);
	drive_close(&s.v);
	free(s.act);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_is_lost_in_a_day_of_faults)};

	if (argc > 3) {
		plan.hours = atoi(argv[1]);
		plan.sources = atoi(argv[2]);
		plan.seed = strtoull(argv[3], NULL, 10);
	}
	if (plan.sources < 1 || plan.sources > SOURCES_MAX)
		return 2;
	fault_vfs_install();
	nw_log_open("soak", argc > 4 ? NW_LOG_DEBUG : NW_LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
