# newswatchd - GNU make, no recursion, no configure step.  Local settings go into config.mk.
#
#   make            programs and plugins under build/
#   make demo       the whole chain on this machine, in a minute (installs what is missing)
#   make check      all tests (installs what they need)
#   make install    DESTDIR= PREFIX=/usr/local

-include config.mk

CC        ?= gcc
PREFIX    ?= /usr/local
DESTDIR   ?=
SBINDIR   ?= $(PREFIX)/sbin
BINDIR    ?= $(PREFIX)/bin
LIBEXECDIR ?= $(PREFIX)/libexec
LIBDIR    ?= $(PREFIX)/lib
DATADIR   ?= $(PREFIX)/share
MANDIR    ?= $(PREFIX)/share/man
SYSCONFDIR ?= /etc
UNITDIR   ?= /lib/systemd/system
INCLUDEDIR ?= $(PREFIX)/include
# address,undefined or nothing; with it, fuzzer-no-link or nothing
SAN       ?=
COVER     ?=
WERROR    ?=
V         ?=
comma     := ,
O         ?= build$(if $(SAN),/san-$(subst $(comma),-,$(SAN)))
Q         := $(if $(V),,@)
say        = $(if $(V),,@printf '  %-7s %s\n' '$(1)' '$(patsubst $(O)/%,%,$@)';)

VERSION   := 0.1.0
WARN      := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2 \
             -Wno-format-nonliteral $(if $(WERROR),-Werror)
OPT       ?= $(if $(SAN),-O1 -g -fno-omit-frame-pointer,-O2 -g)
HARDEN    := -fstack-protector-strong $(if $(SAN),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
SANFLAGS  := $(if $(SAN),-fsanitize=$(SAN)$(if $(COVER),$(comma)$(COVER)) -fno-sanitize-recover=undefined)
ALL_CPPFLAGS := -D_GNU_SOURCE -Idaemon -Iinclude -I$(O)/gen -I$(O)/gen/core $(CPPFLAGS)
ALL_CFLAGS := -std=c17 -fvisibility=hidden -fPIC $(OPT) $(WARN) $(HARDEN) $(SANFLAGS) $(CFLAGS)
ALL_LDFLAGS := -pie -Wl,-z,relro,-z,now -Wl,--as-needed -Wl,--gc-sections $(SANFLAGS) $(LDFLAGS)
PATHS     := -DNW_VERSION='"$(VERSION)"' -DNW_HELPER_DIR='"$(LIBEXECDIR)/newswatch"' -DNW_SBIN_DIR='"$(SBINDIR)"' \
             -DNW_PLUGIN_DIR='"$(LIBDIR)/newswatch/plugins"' -DNW_DATA_DIR='"$(DATADIR)/newswatch"' \
             -DNW_CONF_DIR='"$(SYSCONFDIR)/newswatch"'

# --- the architecture: which rooms stand in which program, and what each may link ------------------------------
ROOMS                  := base core text query store index pool main worker sender indexer cli
PROGRAMS               := newswatchd newswatch-worker newswatch-sender newswatch-indexer newswatch
newswatchd_DIRS        := main pool store core base
newswatch-worker_DIRS  := worker query text core base
newswatch-sender_DIRS  := sender core base
newswatch-indexer_DIRS := indexer index store query text core base
newswatch_DIRS         := cli pool index store query text core base

newswatchd_PKGS        := libcurl libevent_core sqlite3 yaml-0.1 libprotobuf-c libssl libcrypto zlib
newswatch-worker_PKGS  := libxml-2.0 icu-i18n icu-uc libprotobuf-c libcrypto libseccomp zlib
newswatch-worker_LIBS  := -lstemmer -ldl -lm
newswatch-sender_PKGS  := libcurl libprotobuf-c libcrypto
newswatch-indexer_PKGS := sqlite3 libxml-2.0 icu-i18n icu-uc libprotobuf-c libcrypto libseccomp
newswatch-indexer_LIBS := -lstemmer -lm
newswatch_PKGS         := sqlite3 libxml-2.0 icu-i18n icu-uc libevent_core yaml-0.1 libprotobuf-c libcrypto jansson zlib
newswatch_LIBS         := -lstemmer -lm
# what a program cannot do without; while a file of these is missing it is not built
newswatch-worker_NEEDS := daemon/query/set.c
newswatch_NEEDS        := daemon/query/set.c
newswatchd_NEEDS       := daemon/store/sqlite/delivery.c daemon/store/sqlite/tell.c
is_whole   = $(and $(wildcard daemon/$(firstword $($(1)_DIRS))/*.c),$(if $(filter-out $(wildcard $($(1)_NEEDS)),$($(1)_NEEDS)),,whole))
PROGRAMS_NOW := $(strip $(foreach p,$(PROGRAMS),$(if $(call is_whole,$(p)),$(p))))

DEPS_BUILD := gcc g++ make pkg-config protobuf-c-compiler libprotobuf-c-dev libcurl4-openssl-dev libevent-dev libxml2-dev \
              libsqlite3-dev libicu-dev libyaml-dev libjansson-dev libstemmer-dev libseccomp-dev libssl-dev \
              uthash-dev libxxhash-dev zlib1g-dev libcld2-dev
DEPS_RUN   := ca-certificates python3 python3-aiosmtpd
DEPS_TEST  := clang libclang-rt-14-dev libcmocka-dev python3-pytest python3-yaml mandoc sqlite3 strace systemd libxml2-utils \
              prometheus faketime procps iproute2 openssl

# --- objects ----------------------------------------------------------------------------------------------------
# daemon/ROOM/mk_NAME.c is a generator: it is built and run, its output is gen/ROOM/NAME.c
gens_of    = $(patsubst daemon/$(1)/mk_%.c,$(O)/gen/$(1)/%.c,$(wildcard daemon/$(1)/mk_*.c))
srcs_of    = $(filter-out $(wildcard daemon/$(1)/mk_*.c),$(wildcard daemon/$(1)/*.c daemon/$(1)/*/*.c))
objs_of    = $(patsubst %.c,$(O)/obj/%.o,$(call srcs_of,$(1))) $(patsubst $(O)/gen/%.c,$(O)/obj/gen/%.o,$(call gens_of,$(1)) $(GEN_$(1)))
GEN_core  := $(O)/gen/core/batch.pb-c.c $(O)/gen/core/wire.pb-c.c
GEN_store := $(if $(wildcard daemon/store/sqlite/*.sql),$(O)/gen/store/schema.c)
PROTO_H   := $(O)/gen/core/batch.pb-c.h $(O)/gen/core/wire.pb-c.h

PLUGINS   := $(patsubst plugins/%/,%,$(dir $(wildcard plugins/*/*.c)))
PLUGINS   := $(sort $(PLUGINS))
# optional: built where its library is
PLUGINS   := $(filter-out $(if $(wildcard /usr/include/cld2/public/compact_lang_det.h),,tagger-language),$(PLUGINS))
pkgs_of_plugin = $(strip $(shell cat plugins/$(1)/LIBS 2>/dev/null))

pc_cflags := $(shell pkg-config --cflags-only-I libxml-2.0 libprotobuf-c libevent_core jansson cmocka 2>/dev/null | tr ' ' '\n' | sed 's/^-I/-isystem /' | sort -u)
pc_libs    = $(shell pkg-config --libs $(1) 2>/dev/null)

.PHONY: all demo check check-deps lint bench fuzz soak deps deps-check deps-test install uninstall clean tests bench-bins help
.DELETE_ON_ERROR:
.SECONDEXPANSION:
.SUFFIXES:
.SECONDARY:

all: $(addprefix $(O)/,$(PROGRAMS_NOW)) $(PLUGINS:%=$(O)/plugins/%.so)

define room_rules
$(O)/lib/$(1).a: $$(call objs_of,$(1))
	$$(call say,AR)rm -f $$@; mkdir -p $$(@D); $$(or $$(AR),ar) rcs $$@ $$^
endef
$(foreach r,$(ROOMS),$(eval $(call room_rules,$(r))))

$(O)/obj/%.o: %.c | $(PROTO_H)
	$(call say,CC)mkdir -p $(@D); $(CC) $(ALL_CPPFLAGS) $(pc_cflags) $(PATHS) $(ALL_CFLAGS) -ffunction-sections -MMD -MP -c -o $@ $<
$(O)/obj/gen/%.o: $(O)/gen/%.c | $(PROTO_H)
	$(call say,CC)mkdir -p $(@D); $(CC) $(ALL_CPPFLAGS) $(pc_cflags) $(ALL_CFLAGS) -Wno-missing-prototypes -ffunction-sections -MMD -MP -c -o $@ $<

$(O)/gen/core/%.pb-c.c $(O)/gen/core/%.pb-c.h: daemon/core/%.proto
	$(call say,PROTOC)mkdir -p $(O)/gen/core; protoc-c --proto_path=daemon/core --c_out=$(O)/gen/core $<
$(O)/gen/core/wire.pb-c.c: $(O)/gen/core/batch.pb-c.h

# the schema's steps, in order, as one array of {name, sql}
$(O)/gen/store/schema.c: $(sort $(wildcard daemon/store/sqlite/*.sql))
	$(call say,GEN)mkdir -p $(@D); { echo '#include "store/schema.h"'; echo 'const struct nw_schema_step nw_schema[] = {'; \
	for f in $^; do printf '{"%s",\n' "$$(basename $$f .sql)"; sed 's/\\/\\\\/g; s/"/\\"/g; s/^/"/; s/$$/\\n"/' $$f; echo '},'; done; \
	echo '{0, 0}};'; } > $@

$(O)/gen/%.c: $(O)/mk/%
	$(call say,GEN)mkdir -p $(@D); $< > $@
$(O)/mk/%: daemon/$$(dir $$*)mk_$$(notdir $$*).c $$(wildcard daemon/$$(dir $$*)*.h)
	$(call say,MK)mkdir -p $(@D); $(CC) $(ALL_CPPFLAGS) -std=c17 -O1 -o $@ $< $(call pc_libs,icu-i18n icu-uc)

$(addprefix $(O)/,$(PROGRAMS)): $(O)/%: $$(call objs_of,$$(firstword $$($$*_DIRS))) $$(foreach d,$$(wordlist 2,99,$$($$*_DIRS)),$(O)/lib/$$(d).a)
	$(call say,LD)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(call pc_libs,$($*_PKGS)) $($*_LIBS)

# --- plugins: adding one is adding a folder; LIBS in it names pkg-config modules -------------------------------
plugin_objs = $(patsubst %.c,$(O)/obj/%.o,$(wildcard plugins/$(1)/*.c)) $(patsubst %.cc,$(O)/obj/%.o,$(wildcard plugins/$(1)/*.cc))
define plugin_rules
$(O)/plugins/$(1).so: $$(call plugin_objs,$(1))
	$$(call say,PLUGIN)mkdir -p $$(@D); $$(CC) -shared -Wl,-z,relro,-z,now -Wl,--as-needed -Wl,--gc-sections $$(SANFLAGS) $$(LDFLAGS) -o $$@ $$^ \
	$$(call pc_libs,$$(call pkgs_of_plugin,$(1))) $$(shell cat plugins/$(1)/LDLIBS 2>/dev/null) -lm
$(O)/static/$(1).a: $$(patsubst %.c,$(O)/static/%.o,$$(wildcard plugins/$(1)/*.c)) $$(patsubst %.cc,$(O)/obj/%.o,$$(wildcard plugins/$(1)/*.cc))
	$$(call say,AR)rm -f $$@; $$(or $$(AR),ar) rcs $$@ $$^
endef
$(foreach p,$(PLUGINS),$(eval $(call plugin_rules,$(p))))
$(O)/obj/plugins/%.o: plugins/%.cc
	$(call say,CXX)mkdir -p $(@D); $(or $(CXX),g++) $(OPT) -fPIC -fvisibility=hidden -Wall -Wextra $(SANFLAGS) -MMD -MP -c -o $@ $<
$(O)/static/%.o: %.c
	$(call say,CC)mkdir -p $(@D); $(CC) -DNW_PLUGIN_STATIC $(ALL_CPPFLAGS) $(pc_cflags) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# --- tests: each links the rooms as archives, so it takes what it names and may put its own in place -------------
TEST_SRCS  := $(wildcard tests/unit/test_*.c tests/plugin/test_*.c tests/abi/test_*.c tests/sandbox/test_*.c tests/replay/test_*.c)
TEST_BINS  := $(patsubst tests/%.c,$(O)/tests/%,$(TEST_SRCS))
BENCH_BINS := $(patsubst tests/%.c,$(O)/tests/%,$(wildcard tests/bench/bench_*.c))
FUZZ_SRCS  := $(wildcard tests/fuzz/fuzz_*.c)
SEED_BINS  := $(patsubst tests/fuzz/fuzz_%.c,$(O)/tests/fuzz/seed_%,$(FUZZ_SRCS))
FUZZ_BINS  := $(patsubst tests/fuzz/fuzz_%.c,$(O)/tests/fuzz/fuzz_%,$(FUZZ_SRCS))
TEST_LIB   := $(patsubst %.c,$(O)/obj/%.o,$(wildcard tests/lib/*.c))
ROOMS_A     = $(foreach r,$(ROOMS),$(if $(call srcs_of,$(r)),$(O)/lib/$(r).a))
STATIC_A   := $(PLUGINS:%=$(O)/static/%.a)
TEST_PKGS  := cmocka libcurl libevent_core sqlite3 yaml-0.1 libprotobuf-c libssl libcrypto libxml-2.0 icu-i18n icu-uc jansson libseccomp zlib
TEST_LIBS   = $(call pc_libs,$(TEST_PKGS)) -lstemmer -ldl -lm $(foreach p,$(PLUGINS),$(shell cat plugins/$(p)/LDLIBS 2>/dev/null))

$(O)/lib/testlib.a: $(TEST_LIB)
	$(call say,AR)rm -f $@; mkdir -p $(@D); $(or $(AR),ar) rcs $@ $^
$(O)/obj/tests/%.o: ALL_CPPFLAGS += -Itests/lib -DNW_BUILD='"$(abspath $(O))"' -DNW_TOP='"$(CURDIR)"'
# libFuzzer calls it, nobody declares it
$(O)/obj/tests/fuzz/fuzz_%.o: ALL_CFLAGS += -Wno-missing-prototypes
# what a scenario plays stands before the rooms' own
$(filter $(O)/tests/replay/%,$(TEST_BINS)): $(patsubst %.c,$(O)/obj/%.o,$(filter-out tests/replay/test_%.c,$(wildcard tests/replay/*.c)))
# a test of cost counts the blocks its plugin runs through, so it has a copy that tells them
$(O)/tests/plugin/test_parser_page_cost: $(patsubst %.c,$(O)/counted/%.o,$(wildcard plugins/parser-page/*.c))
$(O)/counted/%.o: %.c
	$(call say,CC)mkdir -p $(@D); $(CC) -DNW_PLUGIN_STATIC $(ALL_CPPFLAGS) $(pc_cflags) $(ALL_CFLAGS) -fsanitize-coverage=trace-pc -MMD -MP -c -o $@ $<
$(TEST_BINS) $(BENCH_BINS): $(O)/tests/%: $(O)/obj/tests/%.o $(O)/lib/testlib.a $$(STATIC_A) $$(ROOMS_A)
	$(call say,LD)mkdir -p $(@D); $(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) -Wl,--start-group $(O)/lib/testlib.a $(STATIC_A) $(ROOMS_A) -Wl,--end-group $(TEST_LIBS)
$(SEED_BINS): $(O)/tests/fuzz/seed_%: $(O)/obj/tests/fuzz/fuzz_%.o $(O)/obj/tests/fuzz/run_seeds.o $(O)/lib/testlib.a $$(STATIC_A) $$(ROOMS_A)
	$(call say,LD)mkdir -p $(@D); $(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) -Wl,--start-group $(O)/lib/testlib.a $(STATIC_A) $(ROOMS_A) -Wl,--end-group $(TEST_LIBS)
$(FUZZ_BINS): $(O)/tests/fuzz/fuzz_%: $(O)/obj/tests/fuzz/fuzz_%.o $(O)/lib/testlib.a $$(STATIC_A) $$(ROOMS_A)
	$(call say,LD)mkdir -p $(@D); $(CC) $(ALL_LDFLAGS) -fsanitize=fuzzer -o $@ $< -Wl,--start-group $(O)/lib/testlib.a $(STATIC_A) $(ROOMS_A) -Wl,--end-group $(TEST_LIBS)

tests: all $(TEST_BINS) $(SEED_BINS)
fuzz-bins: $(FUZZ_BINS)
bench-bins: $(BENCH_BINS)

-include $(shell find $(O) -name '*.d' 2>/dev/null)

# --- what users run -----------------------------------------------------------------------------------------------
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)
have  = $(shell dpkg-query -W -f='$${db:Status-Abbrev} $${Package}\n' $(1) 2>/dev/null | sed -n 's/^ii *//p')
define install_missing
	@missing="$(filter-out $(call have,$(1)),$(1))"; if [ -n "$$missing" ]; then \
	    echo "installing: $$missing"; $(SUDO) apt-get update -q && \
	    $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $$missing; fi
endef
deps:
	$(call install_missing,$(DEPS_BUILD) $(DEPS_RUN))
deps-test: deps
	$(call install_missing,$(DEPS_TEST))

demo: deps
	$(Q)$(MAKE) --no-print-directory all
	$(Q)/usr/bin/python3 tests/demo/demo.py --build $(O)

check: deps-test
	$(Q)$(MAKE) --no-print-directory tests
	$(Q)tests/run.sh $(O)

lint: deps-test
	$(Q)$(MAKE) --no-print-directory all
	$(Q)tests/run.sh --lint $(O)

# Each fuzz target for FUZZ_SECONDS (FUZZ_ONLY: some of them, by name); a finding becomes a seed and fails the run.
# Rooms and plugins are compiled for coverage too, in a folder of their own.
FUZZ_SECONDS ?= 60
FUZZ_ONLY    ?=
fuzz: deps-test
	$(Q)$(MAKE) --no-print-directory CC=clang CXX=clang++ SAN=address,undefined COVER=fuzzer-no-link O=build/fuzz fuzz-bins
	$(Q)tests/fuzz/run.sh build/fuzz $(FUZZ_SECONDS) $(FUZZ_ONLY)

# days of faults, each by its seed, then the long forms of the fault tests
SEEDS ?= 1 2 3 4 5 6 7 8 9 10
soak: deps-test
	$(Q)$(MAKE) --no-print-directory tests
	$(Q)for s in $(SEEDS); do $(O)/tests/replay/test_soak 24 20 $$s || exit 1; done
	$(Q)NW_LONG=1 NW_BUILD=$(O) /usr/bin/python3 -m pytest -q tests/fault tests/integration/test_kill.py

# ARTICLES in the archive that is searched; the million of the budgets takes 6 GB and some minutes
ARTICLES ?= 1000000
bench: deps
	$(Q)$(MAKE) --no-print-directory all bench-bins
	$(Q)ARTICLES=$(ARTICLES) tests/bench/run.sh $(O)

# --- install ------------------------------------------------------------------------------------------------------
MAN_PAGES  = $(wildcard daemon/*/*.[1578] conf/*.5 include/newswatch/*.7 plugins/*/*.7)
HELPERS    = $(filter newswatch-%,$(PROGRAMS_NOW))

# the configuration is readable by all: the unit's user is a dynamic one; secrets are credentials or files of their own
install: all
	install -d $(DESTDIR)$(SBINDIR) $(DESTDIR)$(BINDIR) $(DESTDIR)$(LIBEXECDIR)/newswatch $(DESTDIR)$(LIBDIR)/newswatch/plugins \
	    $(DESTDIR)$(INCLUDEDIR)/newswatch $(DESTDIR)$(UNITDIR) $(DESTDIR)$(SYSCONFDIR)/newswatch
	install -m 755 $(O)/newswatchd $(DESTDIR)$(SBINDIR)/newswatchd
	install -m 755 $(O)/newswatch $(DESTDIR)$(BINDIR)/newswatch
	install -m 755 $(addprefix $(O)/,$(HELPERS)) $(DESTDIR)$(LIBEXECDIR)/newswatch/
	install -m 755 $(O)/plugins/*.so $(DESTDIR)$(LIBDIR)/newswatch/plugins/
	install -m 644 include/newswatch/*.h $(DESTDIR)$(INCLUDEDIR)/newswatch/
	sed 's,/usr/sbin/newswatchd,$(SBINDIR)/newswatchd,' systemd/newswatchd.service > $(DESTDIR)$(UNITDIR)/newswatchd.service
	chmod 644 $(DESTDIR)$(UNITDIR)/newswatchd.service
	install -d $(DESTDIR)$(DATADIR)/newswatch
	install -m 644 systemd/alerts.rules.yml $(DESTDIR)$(DATADIR)/newswatch/
	for d in sources topics lists; do install -d $(DESTDIR)$(DATADIR)/newswatch/$$d.d $(DESTDIR)$(SYSCONFDIR)/newswatch/$$d.d; \
	    for f in conf/$$d.d/*; do [ ! -f $$f ] || install -m 644 $$f $(DESTDIR)$(DATADIR)/newswatch/$$d.d/; done; done
	for d in watches channels; do install -d $(DESTDIR)$(SYSCONFDIR)/newswatch/$$d.d; \
	    for f in conf/$$d.d/*; do t=$(DESTDIR)$(SYSCONFDIR)/newswatch/$$d.d/$$(basename $$f); \
	    [ ! -f $$f ] || [ -e $$t ] || install -m 644 $$f $$t; done; done
	[ -e $(DESTDIR)$(SYSCONFDIR)/newswatch/newswatchd.yaml ] || install -m 644 conf/newswatchd.yaml $(DESTDIR)$(SYSCONFDIR)/newswatch/
	for m in $(MAN_PAGES); do s=$${m##*.}; install -d $(DESTDIR)$(MANDIR)/man$$s; install -m 644 $$m $(DESTDIR)$(MANDIR)/man$$s/; done

# what install put there, but for the operator's configuration and the store
uninstall:
	rm -f $(DESTDIR)$(SBINDIR)/newswatchd $(DESTDIR)$(BINDIR)/newswatch $(DESTDIR)$(UNITDIR)/newswatchd.service
	rm -rf $(DESTDIR)$(LIBEXECDIR)/newswatch $(DESTDIR)$(LIBDIR)/newswatch $(DESTDIR)$(DATADIR)/newswatch $(DESTDIR)$(INCLUDEDIR)/newswatch
	for m in $(MAN_PAGES); do rm -f $(DESTDIR)$(MANDIR)/man$${m##*.}/$$(basename $$m); done

clean:
	$(Q)rm -rf build
