# The front door. `make demo` and `make test` install what is missing (deps/install); `make` alone expects it to be there.
BUILD   ?= build
CMAKE   ?= cmake
JOBS    ?= $(shell nproc 2>/dev/null || echo 2)
DEPS    ?= $(CURDIR)/.deps
PREFIX  ?= /usr/local
export CMAKE JOBS DEPS

.PHONY: all deps test-deps demo test test-full bench asan tsan fuzz lint fmt docs install uninstall deb clean

all: $(BUILD)/configured
	@$(CMAKE) --build $(BUILD) -j $(JOBS) --target portrait

# The generator is chosen once: CMake refuses another one in the same folder.
$(BUILD)/configured: CMakeLists.txt
	@$(CMAKE) $$([ -e $(BUILD)/CMakeCache.txt ] || ! command -v ninja >/dev/null || echo -G Ninja) \
	    -S . -B $(BUILD) -DPORTRAIT_DEPS=$(DEPS) >/dev/null
	@touch $@

deps:
	@deps/install

demo:
	@deps/install core demo
	@$(MAKE) --no-print-directory all
	@tools/demo.sh $(BUILD)/demo

# The demo's data too: tests/retail builds the example project from it.
# Where no browser can be installed, the tests of how reports look in one are skipped, with a word.
test-deps:
	@deps/install core demo
	@deps/install browser || echo "test: no browser; what needs one is skipped"

# make test T="eval window" runs only the tests whose name contains a word.
test: test-deps
	@tests/run.sh $(BUILD) $(T)

test-full: test-deps
	@FULL=1 tests/run.sh $(BUILD) $(T)

asan: test-deps
	@UNDER=asan tests/run.sh $(BUILD)-asan $(T)

tsan: test-deps
	@UNDER=tsan tests/run.sh $(BUILD)-tsan $(T)

# make bench B=eval runs one benchmark.
bench:
	@deps/install core bench demo
	@bench/run.sh $(BUILD) $(B)

# make fuzz F=lang SECONDS_EACH=60 runs one target.
fuzz:
	@deps/install core fuzz
	@tests/fuzz/run.sh $(BUILD)-fuzz "$(F)" $(or $(SECONDS_EACH),30)

lint:
	@deps/install core lint
	@tools/lint.sh $(BUILD)-lint

fmt:
	@git ls-files '*.c' '*.h' | xargs $$(command -v clang-format-14 || command -v clang-format) -i

docs: all
	@tools/docs.sh $(BUILD)

# PREFIX (/usr/local) is where it will be used from; DESTDIR goes before it, for packages.
install: $(BUILD)/configured
	@$(CMAKE) --build $(BUILD) -j $(JOBS) --target installable
	@tools/install.sh $(BUILD) $(PREFIX)

# Debian packages in build-deb/packages; docs/install.md says more.
deb:
	@deps/install
	@$(CMAKE) $$([ -e $(BUILD)-deb/CMakeCache.txt ] || ! command -v ninja >/dev/null || echo -G Ninja) \
	    -S . -B $(BUILD)-deb -DPORTRAIT_DEPS=$(DEPS) -DPACKAGE=ON >/dev/null
	@$(CMAKE) --build $(BUILD)-deb -j $(JOBS) --target installable
	@tools/deb.sh $(BUILD)-deb $(BUILD)-deb/packages

uninstall:
	@tools/uninstall.sh $(PREFIX)

clean:
	@rm -rf $(BUILD) $(BUILD)-asan $(BUILD)-tsan $(BUILD)-fuzz $(BUILD)-lint $(BUILD)-deb
