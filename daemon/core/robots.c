#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/str.h"
#include "core/limits.h"
#include "core/robots.h"

/* What the lines so far mean.  Two sets of rules grow: of groups that name us, and of "*". */
struct reading {
	struct nw_str agent;
	struct nw_buf text;
	struct nw_robots_rule *rule; /* pattern.p is an offset until the end */
	size_t *at;
	uint32_t nrule, *group; /* [rule]: 1 ours, 0 the star's */
	uint32_t in_agents;	/* the last line named an agent: the next one adds to the group */
	uint32_t ours, star;	/* what the group speaks to */
	uint32_t found_ours;
};

static int
is_unreserved(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       strchr("-._~", c) != NULL;
}

static int
hex(int c)
{
	return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

/* One spelling of each octet: unreserved ones plain, what is not ASCII encoded, encoded ones in upper case.
 */
static void
add_equal(struct nw_buf *b, struct nw_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		int c = (unsigned char)s.p[i], high, low;

		if (c == '%' && i + 2 < s.len && (high = hex(s.p[i + 1])) >= 0 &&
		    (low = hex(s.p[i + 2])) >= 0) {
			c = high * 16 + low;
			i += 2;
			if (c != 0 && is_unreserved(c))
				nw_buf_addc(b, (char)c);
			else
				nw_buf_addf(b, "%%%02X", (unsigned)c);
		} else if (c >= 0x80 || c <= 0x20 || c == 0x7f) {
			nw_buf_addf(b, "%%%02X", (unsigned)c);
		} else {
			nw_buf_addc(b, (char)c);
		}
	}
}

static struct nw_str
trim(struct nw_str s)
{
	while (s.len > 0 && (s.p[0] == ' ' || s.p[0] == '\t')) {
		s.p++;
		s.len--;
	}
	while (s.len > 0 && (s.p[s.len - 1] == ' ' || s.p[s.len - 1] == '\t'))
		s.len--;
	return s;
}

/* A pattern within its bounds: 1 cut, 0 whole. */
static int
bound(struct nw_str *pattern)
{
	uint32_t stars = 0;

	for (size_t i = 0; i < pattern->len; i++) {
		stars += pattern->p[i] == '*';
		if (stars > NW_ROBOTS_STARS || i == NW_ROBOTS_PATTERN) {
			pattern->len = i;
			return 1;
		}
	}
	return 0;
}

static void
on_rule(struct reading *r, struct nw_str pattern, int allow)
{
	int cut = bound(&pattern);
	size_t from = r->text.len;

	r->in_agents = 0;
	if (pattern.len == 0 || (!r->ours && !r->star) || r->nrule == NW_ROBOTS_RULES || (cut && allow))
		return;
	add_equal(&r->text, pattern);
	r->at[r->nrule] = from;
	r->group[r->nrule] = r->ours;
	r->rule[r->nrule++] = (struct nw_robots_rule){{NULL, r->text.len - from}, (uint32_t)allow};
}

static void
on_agent(struct reading *r, struct nw_str name)
{
	if (!r->in_agents)
		r->ours = r->star = 0;
	r->in_agents = 1;
	if (nw_str_is(name, "*")) {
		r->star = 1;
		return;
	}
	name = nw_robots_token(name);
	if (name.len == r->agent.len && strncasecmp(name.p, r->agent.p, name.len) == 0)
		r->ours = r->found_ours = 1;
}

static void
on_line(struct reading *r, struct nw_str line)
{
	const char *hash = memchr(line.p, '#', line.len), *colon;
	struct nw_str name, value;

	if (hash != NULL)
		line.len = (size_t)(hash - line.p);
	if ((colon = memchr(line.p, ':', line.len)) == NULL)
		return;
	name = trim((struct nw_str){line.p, (size_t)(colon - line.p)});
	value = trim((struct nw_str){colon + 1, (size_t)(line.p + line.len - colon - 1)});
	if (name.len == 10 && strncasecmp(name.p, "user-agent", 10) == 0)
		on_agent(r, value);
	else if (name.len == 5 && strncasecmp(name.p, "allow", 5) == 0)
		on_rule(r, value, 1);
	else if (name.len == 8 && strncasecmp(name.p, "disallow", 8) == 0)
		on_rule(r, value, 0);
}

static void
read_lines(struct reading *r, struct nw_bytes file)
{
	const char *p = (const char *)file.p,
		   *end = p + (file.len < NW_ROBOTS_MAX ? file.len : NW_ROBOTS_MAX), *from;

	if (end - p >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
		p += 3;
	while (p < end) {
		for (from = p; p < end && *p != '\n' && *p != '\r'; p++)
			continue;
		on_line(r, (struct nw_str){from, (size_t)(p - from)});
		if (p < end)
			p++;
	}
}

/* Keep the rules of the groups that count. */
static void
settle(struct reading *r, struct nw_robots *out)
{
	size_t len;

	*out = (struct nw_robots){.rule = r->rule, .text = nw_buf_take(&r->text, &len)};
	for (uint32_t i = 0; i < r->nrule; i++) {
		if (r->group[i] != r->found_ours)
			continue;
		out->rule[out->nrule] = r->rule[i];
		out->rule[out->nrule++].pattern.p = out->text + r->at[i];
	}
}

int
nw_robots_parse(struct nw_bytes file, struct nw_str agent, struct nw_robots *robots_r)
{
	struct reading r = {.agent = agent};
	int rc = -1;

	r.rule = calloc(NW_ROBOTS_RULES, sizeof(*r.rule));
	r.at = calloc(NW_ROBOTS_RULES, sizeof(*r.at));
	r.group = calloc(NW_ROBOTS_RULES, sizeof(*r.group));
	*robots_r = (struct nw_robots){0};
	if (r.rule != NULL && r.at != NULL && r.group != NULL) {
		if (file.len > 0)
			read_lines(&r, file);
		rc = r.text.failed ? -1 : 0;
	}
	if (rc == 0 && r.nrule > 0) {
		settle(&r, robots_r);
		r.rule = realloc(r.rule, (robots_r->nrule + 1) * sizeof(*r.rule));
		if (r.rule != NULL)
			robots_r->rule = r.rule;
	} else {
		free(r.rule);
		nw_buf_done(&r.text);
	}
	free(r.at);
	free(r.group);
	return rc;
}

void
nw_robots_done(struct nw_robots *r)
{
	free(r->rule);
	free(r->text);
	*r = (struct nw_robots){0};
}

/* The path begins with what the pattern says; each piece between stars is found at its first place. */
static int
matches(struct nw_str pattern, struct nw_str path)
{
	int whole = pattern.len > 0 && pattern.p[pattern.len - 1] == '$', first = 1;
	const char *p = pattern.p, *end = p + pattern.len - whole, *s = path.p, *path_end = s + path.len;

	while (p <= end) {
		const char *star = memchr(p, '*', (size_t)(end - p)), *piece_end = star != NULL ? star : end,
			   *at;
		size_t n = (size_t)(piece_end - p), left = (size_t)(path_end - s);

		if (n > left)
			return 0;
		if (first) {
			if (memcmp(s, p, n) != 0)
				return 0;
			at = s;
		} else if (star == NULL && whole) {
			return memcmp(path_end - n, p, n) == 0;
		} else if ((at = n == 0 ? s : memmem(s, left, p, n)) == NULL) {
			return 0;
		}
		s = at + n;
		first = 0;
		if (star == NULL)
			return !whole || s == path_end;
		p = star + 1;
	}
	return 1;
}

int
nw_robots_allows(const struct nw_robots *r, struct nw_str path, const struct nw_robots_rule **rule_r)
{
	const struct nw_robots_rule *best = NULL;
	struct nw_buf equal = {0};

	*rule_r = NULL;
	if (r->nrule == 0 || nw_str_is(path, "/robots.txt"))
		return 1;
	add_equal(&equal, path);
	for (uint32_t i = 0; i < r->nrule && !equal.failed; i++) {
		const struct nw_robots_rule *rule = &r->rule[i];

		if (best != NULL &&
		    (rule->pattern.len < best->pattern.len ||
			(rule->pattern.len == best->pattern.len && (best->allow || !rule->allow))))
			continue;
		if (matches(rule->pattern, nw_buf_str(&equal)))
			best = rule;
	}
	nw_buf_done(&equal);
	*rule_r = best;
	return best == NULL || best->allow;
}

struct nw_str
nw_robots_token(struct nw_str agent)
{
	size_t n = 0;

	while (n < agent.len && ((agent.p[n] | 32) >= 'a' && (agent.p[n] | 32) <= 'z'
					? 1
					: agent.p[n] == '-' || agent.p[n] == '_'))
		n++;
	return (struct nw_str){agent.p, n};
}
