/*
 * A parser that does what its document says, once it is inside the worker's lock: the enemy of the containment tests.
 * Not part of newswatchd; built by tests/integration/test_containment.py with nothing but the ABI's header.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <newswatch/plugin.h>

static const struct nw_host *host;

static int
hostile_open(const struct nw_host *h, const struct nw_instance *inst, const struct nw_conf *conf, void **state_r)
{
	(void)inst;
	(void)conf;
	host = h;
	*state_r = NULL;
	return NW_OK;
}

static void
hostile_close(void *state)
{
	(void)state;
}

static int
hostile_probe(void *state, const struct nw_doc *doc)
{
	(void)state;
	return doc->body.len > 8 && memcmp(doc->body.p, "HOSTILE ", 8) == 0 ? 100 : 0;
}

static int
is(const struct nw_doc *doc, const char *word)
{
	size_t n = strlen(word);

	return doc->body.len >= 8 + n && memcmp(doc->body.p + 8, word, n) == 0;
}

static void
loop(void)
{
	for (volatile unsigned i = 0;; i++)
		;
}

/* 10 GB in pieces of 64 MiB, each of them touched at its ends: the bound is on addresses, and no deadline comes first. */
static int
eat(struct nw_sink *out)
{
	for (int i = 0; i < 160; i++) {
		volatile char *p = malloc(64u << 20);

		if (p == NULL)
			return host->fail(out, NW_ERES, "no memory after %d pieces of 64 MiB", i);
		p[0] = p[(64u << 20) - 1] = (char)i;
	}
	return NW_OK;
}

static int
probe_file(struct nw_sink *out, const char *path)
{
	int fd = open(path, O_RDONLY);

	return fd == -1 ? host->fail(out, NW_EINPUT, "open: %s", strerror(errno))
			: host->fail(out, NW_EPLUGIN, "%s was opened", path);
}

static int
article(struct nw_sink *out, const char *title)
{
	struct nw_article a = {.size = sizeof(a)};

	a.published.at_ms = a.updated.at_ms = NW_TIME_NONE;
	a.url = (struct nw_str)NW_STR("https://example.org/1");
	a.title = (struct nw_str){title, strlen(title)};
	return host->add_article(out, &a);
}

/* What a careless or hostile plugin hands over: the host has to repair or refuse it. */
static int
garbage(struct nw_sink *out)
{
	static const struct nw_tag tag = {.size = sizeof(tag), .name = {"x", 1}};
	struct nw_article a = {.size = sizeof(a)};

	a.title = (struct nw_str){"a\xff\0b", 4};
	a.url = (struct nw_str)NW_STR("javascript:alert(1)");
	a.published = (struct nw_time){INT64_MAX, 77, 99};
	(void)host->add_article(out, &a);
	(void)host->add_tag(out, &tag); /* not in parse() */
	return NW_OK;
}

static int
hostile_parse(void *state, void *source, const struct nw_doc *doc, struct nw_sink *out)
{
	(void)state;
	(void)source;
	if (is(doc, "crash"))
		*(volatile int *)8 = 0;
	else if (is(doc, "loop"))
		loop();
	else if (is(doc, "exit"))
		_exit(0);
	else if (is(doc, "socket"))
		return socket(AF_INET, SOCK_STREAM, 0) == -1 ? NW_EPLUGIN : NW_OK;
	else if (is(doc, "fork"))
		return fork() == -1 ? NW_EPLUGIN : NW_OK;
	else if (is(doc, "exec"))
		return execl("/bin/true", "true", (char *)NULL);
	else if (is(doc, "kill"))
		return kill(getppid(), SIGKILL);
	else if (is(doc, "code"))
		return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED
		    ? host->fail(out, NW_EINPUT, "mmap: %s", strerror(errno))
		    : host->fail(out, NW_EPLUGIN, "executable memory was mapped");
	else if (is(doc, "file"))
		return probe_file(out, "/etc/passwd");
	else if (is(doc, "environ"))
		return probe_file(out, "/proc/1/environ");
	else if (is(doc, "eat"))
		return eat(out);
	else if (is(doc, "lie")) /* straight onto the socket: a frame of 4 GB */
		return write(3, "\xff\xff\xff\xff", 4) == 4 ? NW_OK : NW_EPLUGIN;
	else if (is(doc, "garbage"))
		return garbage(out);
	return article(out, "a quiet one");
}

static const struct nw_parser_ops ops = {.probe = hostile_probe, .parse = hostile_parse};

NW_PLUGIN(parser_hostile) = {
    NW_PLUGIN_HEAD(NW_KIND_PARSER),
    .name = "parser-hostile",
    .version = "1.0",
    .summary = "does what its document says",
    .open = hostile_open,
    .close = hostile_close,
    .ops = {.parser = &ops},
};
