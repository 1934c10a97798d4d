# studentdir: build, install, test.  "make help" lists the targets.

EXTENSION = studentdir
MODULE_big = studentdir

# make -f /path/to/Makefile builds elsewhere than in the source; PGXS finds out in the same way
SRC = $(patsubst %/,%,$(dir $(firstword $(MAKEFILE_LIST))))
in_source = $(patsubst $(SRC)/%,%,$(wildcard $(addprefix $(SRC)/,$(1))))

DATA = $(call in_source,sql/studentdir--*.sql)
OBJS = $(patsubst %.c,%.o,$(call in_source,src/*.c src/*/*.c))
SD_HEADERS = $(wildcard $(SRC)/src/*.h $(SRC)/src/*/*.h)
ifeq ($(OBJS),)
$(error there are no sources in $(SRC)/src)
endif

# make TRUSTED=no: only superusers may CREATE EXTENSION
ifeq ($(TRUSTED),no)
DATA_built = superusers/studentdir.control
endif

PG_CPPFLAGS = -I$(SRC)/src
PG_CFLAGS = -fvisibility=hidden -Wextra -Wshadow=compatible-local -Wno-unused-parameter -Wno-sign-compare \
	-Wno-missing-field-initializers $(if $(WERROR),-Werror)

# every test runs in a database in which the extension is installed
REGRESS = $(sort $(filter-out studentdir--%,$(patsubst sql/%.sql,%,$(call in_source,sql/*.sql))))
REGRESS_OPTS = --load-extension=studentdir
ISOLATION = $(sort $(patsubst test/isolation/specs/%.spec,%,$(call in_source,test/isolation/specs/*.spec)))
ISOLATION_OPTS = --load-extension=studentdir --inputdir=$(SRC)/test/isolation

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

# Elsewhere than in the source the folders are missing; with whole paths, so that those in the source do not count.
ifneq ($(SRC),.)
sd_folders = $(patsubst %/,$(CURDIR)/%,$(sort $(dir $(OBJS))))
$(OBJS): | $(sd_folders)
$(sd_folders):
	@mkdir -p $@
endif

superusers/studentdir.control: $(SRC)/studentdir.control
	@mkdir -p superusers
	sed 's/^trusted = true/trusted = false/' $< >$@

# The program for migrations in files, with its manual page, and the documents, in folders as here.
sd_program = '$(DESTDIR)$(bindir)/studentdir-load-migrations'
sd_manual = '$(DESTDIR)$(mandir)/man1/studentdir-load-migrations.1'
sd_docs = '$(DESTDIR)$(docdir)/extension/studentdir'
SD_DOCS = $(call in_source,README.md CHANGELOG.md LICENSE docs/*.md docs/*/*.md docs/*/*.sql)

.PHONY: install-extras uninstall-extras
install: install-extras
install-extras:
	$(MKDIR_P) '$(DESTDIR)$(bindir)' '$(DESTDIR)$(mandir)/man1'
	$(INSTALL_SCRIPT) $(SRC)/src/studentdir-load-migrations $(sd_program)
	$(INSTALL_DATA) $(SRC)/src/studentdir-load-migrations.1 $(sd_manual)
	for file in $(SD_DOCS); do \
		$(MKDIR_P) $(sd_docs)/$$(dirname $$file) && $(INSTALL_DATA) $(SRC)/$$file $(sd_docs)/$$file || exit 1; \
	done

uninstall: uninstall-extras
uninstall-extras:
	rm -rf $(sd_program) $(sd_manual) $(sd_docs)

else

.PHONY: all install uninstall installcheck clean
all install uninstall installcheck clean:
	@echo "The headers of the PostgreSQL server are missing: run \"make deps\", or set PG_CONFIG." >&2; exit 1

endif

# Tests.  make test SUITES="regress tap", make test SUITES=regress REGRESS="settings"

SUITES = regress isolation tap $(if $(NODE),node)
TAP = $(sort $(wildcard test/tap/*.pl))
# squawk is asked where it is installed
NODE = $(sort $(filter-out test/bench/% $(if $(shell command -v $${SD_SQUAWK:-squawk}),,test/squawk/%),$(wildcard test/*/run.mjs)))
FUZZ = 100000
LINKS = 300
# the versions in Debian's releases, and those that experimental has
PACKAGED = 17 18
MATRIX = $(if $(SOURCE_16),16) $(PACKAGED) 19
# 32 bits, and the most significant byte first
ARCHITECTURES = i386 s390x
RELEASE = "SD_FUZZ_N=1000000 test/cluster test/run test/fuzz/run.mjs" \
	$(foreach phase,assertions discard valgrind sanitizers,"test/hardening --all $(phase)") \
	$(foreach version,$(MATRIX),"SUITES='regress isolation tap test/conformance/run.mjs' test/matrix $(version)") \
	$(foreach arch,$(ARCHITECTURES),"test/arch $(arch)") \
	$(foreach debian,bookworm trixie,"test/bare $(debian)") \
	$(foreach release,bookworm trixie sid docker,"test/package $(release)") \
	$(if $(CITUS),"test/citus '$(CITUS)'")

build = $(MAKE) --no-print-directory -s WERROR=1 all
run_suites = SD_REGRESS='$(REGRESS)' SD_ISOLATION='$(ISOLATION)' SD_TAP='$(TAP:test/%=%)' test/cluster test/run

.PHONY: deps test test-citus test-slow test-release test-matrix test-arch hardening
deps:
	@test/deps $(SUITES)

test: deps
	@$(build)
	@$(run_suites) $(patsubst node,$(NODE),$(SUITES))

test-matrix:
	@test/matrix $(MATRIX)

test-arch:
	@test/arch $(ARCHITECTURES)

# Citus is built from the source that CITUS names
test-citus:
	@test/citus '$(CITUS)'

test-slow: deps
	@$(build)
	@$(if $(CITUS),,echo 'CITUS names no source of Citus, so nothing was run on it.')
	@test/total "SD_FUZZ_N=$(FUZZ) test/cluster test/run test/fuzz/run.mjs" \
		"SD_LINKS_N=$(LINKS) test/cluster test/run test/links/run.mjs" \
		"SUITES='regress isolation test/conformance/run.mjs' test/matrix --if-possible $(PACKAGED)" \
		"test/hardening --if-possible" $(if $(CITUS),"test/citus '$(CITUS)'")

# what takes hours: before a release
test-release: deps
	@$(build)
	@test/release $(RELEASE)

hardening: deps
	@test/hardening $(HARDENING)

.PHONY: bench
bench:
	@test/deps npm
	@$(build)
	@test/packages
	@test/bench/peers/install
	@test/cluster test/bench/run $(if $(BENCH),'$(BENCH)')

.PHONY: express
express:
	@test/deps npm
	@$(build)
	@test/packages apps
	@test/cluster test/express/start

.PHONY: conduit conduit-spec
conduit:
	@test/deps npm
	@$(build)
	@test/packages apps
	@test/cluster test/conduit/start

# the public collection of requests is not in this tree: github.com/gothinkster/realworld, api/*.json
conduit-spec:
	$(if $(COLLECTION),,$(error COLLECTION=path names the Postman collection of RealWorld; nothing was tested))
	@test/deps npm
	@$(build)
	@test/packages apps
	@test/cluster test/conduit/spec '$(abspath $(COLLECTION))'

.PHONY: demo lint dist help
demo:
	@test/deps
	@echo 'Building studentdir (half a minute, the first time), then starting a server of its own for the demo.'
	@$(build)
	@test/cluster $(if $(KEEP),--keep) psql -Xq <test/demo.sql

# needs cppcheck and shellcheck, which "make deps" leaves to whoever wants them; test/indent says what PGINDENT is
lint:
	cppcheck -q --enable=warning,portability --inline-suppr --error-exitcode=1 -Isrc src
	shellcheck -S warning src/studentdir-load-migrations debian/docker-start .ci/run test/conduit/spec \
		$(addprefix test/,arch bare citus copy debian deps hardening matrix package packages release run total)
	cd test && npm exec --yes --package=eslint@9 -- eslint .
	@$(if $(PGINDENT),test/indent '$(PGINDENT)',echo 'PGINDENT names no pgindent, so the layout of C was not looked at.')

# lines that the suites reach, of all: gcov reads what the servers wrote
.PHONY: coverage
coverage:
	@test/coverage

VERSION = $(shell sed -n "s/^default_version = '\(.*\)'/\1/p" studentdir.control)
dist:
	git archive --format=zip --prefix=studentdir-$(VERSION)/ -o studentdir-$(VERSION).zip HEAD

help:
	@echo 'make               build'
	@echo 'make install       install into the server that PG_CONFIG names'
	@echo 'make installcheck  test on a running server in which it is installed'
	@echo 'make demo          a tour in psql on a throwaway server; KEEP=1 leaves it up'
	@echo 'make express       a student directory on a throwaway server, to try in a browser or with curl'
	@echo 'make conduit       RealWorld'"'"'s application on a throwaway server; make conduit-spec COLLECTION=path tests it'
	@echo 'make test          all quick suites on a throwaway server; SUITES= picks some'
	@echo 'make test-slow     the slow ones, test-matrix among them'
	@echo 'make test-matrix   PostgreSQL $(MATRIX) in a chroot each (root only)'
	@echo 'make test-arch     $(ARCHITECTURES) in a chroot each (root only)'
	@echo 'make test-citus    the vectors on Citus, built from the source in CITUS'
	@echo 'make test-release  before a release: all of make hardening, versions, architectures, bare Debians, packages'
	@echo 'make hardening     on a PostgreSQL with assertions, which it builds; caches thrown away all the time, valgrind, sanitizers'
	@echo 'make bench         what takes how long, against plain SQL and other libraries; BENCH= picks jobs, QUICK=1 runs each once'
	@echo 'make deps          install what these need (root), or name it'
	@echo 'make lint          cppcheck, shellcheck, ESLint and, with PGINDENT=path, pgindent'
	@echo 'make coverage      which lines of src/ the suites reach'
	@echo 'make dist          studentdir-$(VERSION).zip of the last commit'
