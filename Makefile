# studentdir: build, install, test.  "make help" lists the targets.

EXTENSION = studentdir
MODULE_big = studentdir
DATA = $(wildcard sql/studentdir--*.sql)
OBJS = $(patsubst %.c,%.o,$(wildcard src/*.c src/*/*.c))
SD_HEADERS = $(wildcard src/*.h src/*/*.h)

PG_CPPFLAGS = -I$(srcdir)/src
PG_CFLAGS = -fvisibility=hidden -Wextra -Wno-unused-parameter -Wno-sign-compare \
	-Wno-missing-field-initializers $(if $(WERROR),-Werror)

# bitcode would only let the JIT inline our entry points, and needs clang
override with_llvm = no

PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

# Debian's PostgreSQL is built without automatic dependencies
$(OBJS): $(SD_HEADERS)
