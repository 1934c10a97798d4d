# studentdir: build, install, test.  "make help" lists the targets.

EXTENSION = studentdir
MODULE_big = studentdir
DATA = $(wildcard sql/studentdir--*.sql)
OBJS = $(patsubst %.c,%.o,$(wildcard src/*.c src/*/*.c))
SD_HEADERS = $(wildcard src/*.h src/*/*.h)

PG_CPPFLAGS = -I$(srcdir)/src
PG_CFLAGS = -fvisibility=hidden -Wextra -Wno-unused-parameter -Wno-sign-compare \
	-Wno-missing-field-initializers $(if $(WERROR),-Werror)

# every test runs in a database in which the extension is installed
REGRESS = $(sort $(filter-out studentdir--%,$(patsubst sql/%.sql,%,$(wildcard sql/*.sql))))
REGRESS_OPTS = --load-extension=studentdir
ISOLATION = $(sort $(patsubst test/isolation/specs/%.spec,%,$(wildcard test/isolation/specs/*.spec)))
ISOLATION_OPTS = --load-extension=studentdir --inputdir=test/isolation

# bitcode would only let the JIT inline our entry points, and needs clang
override with_llvm = no

PG_CONFIG ?= pg_config
export PG_CONFIG
PGXS := $(shell $(PG_CONFIG) --pgxs 2>/dev/null)
SERVER_HEADER := $(shell $(PG_CONFIG) --includedir-server 2>/dev/null)/postgres.h

# Debian has PGXS in the client's package and a pg_config in libpq-dev: the headers tell.
ifneq ($(and $(wildcard $(PGXS)),$(wildcard $(SERVER_HEADER))),)

include $(PGXS)

# Debian's PostgreSQL is built without automatic dependencies
$(OBJS): $(SD_HEADERS)

else

.PHONY: all install uninstall installcheck clean
all install uninstall installcheck clean:
	@echo "The headers of the PostgreSQL server are missing: run \"make deps\", or set PG_CONFIG." >&2; exit 1

endif

# Tests.  SUITES picks some: make test SUITES="regress isolation", REGRESS one or more tests of it.

SUITES = regress $(if $(ISOLATION),isolation) tap $(if $(NODE),node)
TAP = $(sort $(wildcard test/tap/*.pl))
SLOW_NODE = $(wildcard test/fuzz/run.mjs)
NODE = $(sort $(filter-out $(SLOW_NODE) test/bench/%,$(wildcard test/*/run.mjs)))

run_suites = SD_REGRESS='$(REGRESS)' SD_ISOLATION='$(ISOLATION)' SD_TAP='$(patsubst test/%,%,$(TAP))' \
	test/cluster test/run
build = $(MAKE) --no-print-directory -s WERROR=1 all

.PHONY: deps test
deps:
	@test/deps $(SUITES)

test: deps
	@$(build)
	@$(run_suites) $(patsubst node,$(NODE),$(SUITES))

.PHONY: help
help:
	@echo 'make                   build                make test       build and test in a throwaway cluster'
	@echo 'make install           install              make deps       install or name what these need'
	@echo 'make installcheck      test on a running server in which the extension is installed'
