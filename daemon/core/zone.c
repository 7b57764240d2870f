#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/str.h"
#include "core/limits.h"
#include "core/zone.h"
#include "core/zone_rule.h"

#define ZONE_DIR  "/usr/share/zoneinfo"
#define HEAD_LEN  44u
#define DAY_S	  86400
#define OFFSET_MAX (26 * 3600)

struct transition {
	int64_t at_s;
	int32_t offset_s; /* from then on */
};

struct nw_zone {
	int32_t first_s; /* before the first transition */
	uint32_t n, has_rule;
	struct nw_zone_rule rule; /* after the last one */
	struct transition at[];
};

/* --- the file (RFC 8536, 3) --------------------------------------------------------------------------------------- */

struct head {
	uint32_t version, isut, isstd, leap, time, type, chars;
};

static uint64_t
big_endian(const uint8_t *p, size_t n)
{
	uint64_t v = 0;

	while (n-- > 0)
		v = v << 8 | *p++;
	return v;
}

static int
read_head(struct nw_bytes b, struct head *h)
{
	if (b.len < HEAD_LEN || memcmp(b.p, "TZif", 4) != 0)
		return -1;
	h->version = b.p[4];
	h->isut = (uint32_t)big_endian(b.p + 20, 4);
	h->isstd = (uint32_t)big_endian(b.p + 24, 4);
	h->leap = (uint32_t)big_endian(b.p + 28, 4);
	h->time = (uint32_t)big_endian(b.p + 32, 4);
	h->type = (uint32_t)big_endian(b.p + 36, 4);
	h->chars = (uint32_t)big_endian(b.p + 40, 4);
	return h->time > NW_ZONE_CHANGES_MAX || h->type == 0 || h->type > 256 || h->chars > 4096 || h->leap > 4096 ||
		       h->isut > 256 || h->isstd > 256
		   ? -1
		   : 0;
}

static size_t
block_len(const struct head *h, size_t time_len)
{
	return (size_t)h->time * (time_len + 1) + (size_t)h->type * 6 + h->chars +
	       (size_t)h->leap * (time_len + 4) + h->isstd + h->isut;
}

/* The offset of a type; -1 if it is out of range. */
static int
offset_of(const uint8_t *types, const struct head *h, uint32_t type, int32_t *offset_r)
{
	int32_t offset;

	if (type >= h->type)
		return -1;
	offset = (int32_t)(uint32_t)big_endian(types + (size_t)type * 6, 4);
	if (offset < -OFFSET_MAX || offset > OFFSET_MAX)
		return -1;
	*offset_r = offset;
	return 0;
}

static int
read_block(const uint8_t *p, const struct head *h, size_t time_len, struct nw_zone *z)
{
	const uint8_t *index = p + (size_t)h->time * time_len, *types = index + h->time;

	if (offset_of(types, h, 0, &z->first_s) == -1)
		return -1;
	for (z->n = 0; z->n < h->time; z->n++) {
		struct transition *t = &z->at[z->n];
		const uint8_t *at = p + (size_t)z->n * time_len;

		t->at_s = time_len == 8 ? (int64_t)big_endian(at, 8) : (int32_t)(uint32_t)big_endian(at, 4);
		if ((z->n > 0 && t->at_s <= t[-1].at_s) || offset_of(types, h, index[z->n], &t->offset_s) == -1)
			return -1;
	}
	return 0;
}

/* "\nRULE\n"; an empty rule is none. */
static int
read_rule(struct nw_bytes b, struct nw_zone *z)
{
	const uint8_t *end;

	if (b.len < 2 || b.p[0] != '\n' || (end = memchr(b.p + 1, '\n', b.len - 1)) == NULL)
		return -1;
	if (end == b.p + 1)
		return 0;
	z->has_rule = 1;
	return nw_zone_rule_parse((struct nw_str){(const char *)b.p + 1, (size_t)(end - b.p) - 1}, &z->rule);
}

/* Version 1 has 32-bit times; later ones repeat all with 64 bits behind it, and end with the rule. */
static int
parse(struct nw_bytes b, struct nw_zone **zone_r)
{
	struct head h;
	struct nw_zone *z;
	size_t time_len = 4, len;

	if (read_head(b, &h) == -1)
		return -1;
	if (h.version >= '2') {
		len = HEAD_LEN + block_len(&h, 4);
		if (len > b.len)
			return -1;
		b = (struct nw_bytes){b.p + len, b.len - len};
		if (read_head(b, &h) == -1)
			return -1;
		time_len = 8;
	}
	len = HEAD_LEN + block_len(&h, time_len);
	if (len > b.len || (z = calloc(1, sizeof(*z) + h.time * sizeof(z->at[0]))) == NULL)
		return -1;
	if (read_block(b.p + HEAD_LEN, &h, time_len, z) == 0 &&
	    (time_len == 4 || read_rule((struct nw_bytes){b.p + len, b.len - len}, z) == 0)) {
		*zone_r = z;
		return 0;
	}
	nw_zone_free(z);
	return -1;
}

int
nw_zone_parse(struct nw_bytes b, struct nw_zone **zone_r, struct nw_err *err)
{
	if (b.p == NULL)
		return (*zone_r = calloc(1, sizeof(**zone_r))) != NULL ? 0 : nw_fail(err, NW_ERES, "out of memory");
	if (parse(b, zone_r) == -1)
		return nw_fail(err, NW_ECONF, "it is no time zone file (RFC 8536)");
	return 0;
}

static int
read_file(const char *path, uint8_t *buf, size_t *len_r, struct nw_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t got = 1;

	if (fd == -1)
		return nw_fail(err, NW_ECONF, "there is no time zone file '%s': %s; install tzdata", path, strerror(errno));
	while (len < NW_ZONE_FILE_MAX && (got = read(fd, buf + len, NW_ZONE_FILE_MAX - len)) > 0)
		len += (size_t)got;
	(void)close(fd); /* read */
	if (got != 0)
		return nw_fail(err, NW_ECONF, "the time zone file '%s' cannot be read, or is too large", path);
	*len_r = len;
	return 0;
}

int
nw_zone_open(struct nw_str name, struct nw_zone **zone_r, struct nw_err *err)
{
	char path[256];
	uint8_t *buf;
	size_t len = 0;
	int rc;

	if (nw_str_is(name, "UTC"))
		return nw_zone_parse((struct nw_bytes){NULL, 0}, zone_r, err);
	if (name.len == 0 || name.p[0] == '/' || memmem(name.p, name.len, "..", 2) != NULL ||
	    (size_t)snprintf(path, sizeof(path), ZONE_DIR "/%.*s", (int)name.len, name.p) >= sizeof(path))
		return nw_fail(err, NW_ECONF, "'%.*s' is no time zone", (int)(name.len < 64 ? name.len : 64), name.p);
	if ((buf = malloc(NW_ZONE_FILE_MAX)) == NULL)
		return nw_fail(err, NW_ERES, "out of memory");
	rc = read_file(path, buf, &len, err);
	if (rc == 0 && parse((struct nw_bytes){buf, len}, zone_r) == -1)
		rc = nw_fail(err, NW_ECONF, "'%s' is no time zone file (RFC 8536)", path);
	free(buf);
	return rc;
}

void
nw_zone_free(struct nw_zone *z)
{
	free(z);
}

/* --- questions ------------------------------------------------------------------------------------------------------ */

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a >= 0 ? a / b : -((b - 1 - a) / b);
}

static int32_t
offset_at(const struct nw_zone *z, int64_t at_s)
{
	uint32_t low = 0, high = z->n; /* the number of transitions not after at_s */

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (z->at[mid].at_s <= at_s)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == z->n && z->has_rule)
		return nw_zone_rule_offset(&z->rule, at_s);
	return low == 0 ? z->first_s : z->at[low - 1].offset_s;
}

int32_t
nw_zone_offset_s(const struct nw_zone *z, int64_t at_ms)
{
	return offset_at(z, floor_div(at_ms, 1000));
}

static int64_t
local_s(const struct nw_zone *z, int64_t at_ms)
{
	int64_t at_s = floor_div(at_ms, 1000);

	return at_s + offset_at(z, at_s);
}

uint32_t
nw_zone_minute(const struct nw_zone *z, int64_t at_ms)
{
	int64_t s = local_s(z, at_ms);

	return (uint32_t)((s - floor_div(s, DAY_S) * DAY_S) / 60);
}

int64_t
nw_zone_day(const struct nw_zone *z, int64_t at_ms)
{
	return floor_div(local_s(z, at_ms), DAY_S);
}

/* The instant of a local clock time: the first of two, or past the gap by as much as was skipped. */
static int64_t
instant_s(const struct nw_zone *z, int64_t local)
{
	int32_t before = offset_at(z, local - DAY_S), after = offset_at(z, local + DAY_S);
	int64_t first = local - (before > after ? before : after), second = local - (before > after ? after : before);

	if (first + offset_at(z, first) == local)
		return first;
	return second + offset_at(z, second) == local ? second : local - before;
}

int64_t
nw_zone_next(const struct nw_zone *z, int64_t after_ms, uint32_t minute)
{
	int64_t day = nw_zone_day(z, after_ms) - 1, at_ms;

	do /* from the day before, since the instant of a skipped time may lie on the next one */
		at_ms = instant_s(z, day++ * DAY_S + (int64_t)minute * 60) * 1000;
	while (at_ms <= after_ms);
	return at_ms;
}

int64_t
nw_zone_last(const struct nw_zone *z, int64_t at_ms, uint32_t minute)
{
	int64_t day = nw_zone_day(z, at_ms) + 1, last_ms;

	do
		last_ms = instant_s(z, day-- * DAY_S + (int64_t)minute * 60) * 1000;
	while (last_ms > at_ms);
	return last_ms;
}
