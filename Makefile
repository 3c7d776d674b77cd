# The front door. `make demo` and `make test` install what is missing (deps/install), everything else expects it.
BUILD   ?= build
CMAKE   ?= cmake
JOBS    ?= $(shell nproc 2>/dev/null || echo 2)
GENERATOR := $(shell command -v ninja >/dev/null 2>&1 && echo -G Ninja)
DEPS    ?= $(CURDIR)/.deps
SET     := -DPORTRAIT_DEPS=$(DEPS)

.PHONY: all deps demo test test-full bench asan tsan fuzz lint fmt docs install clean

all: $(BUILD)/configured
	@$(CMAKE) --build $(BUILD) -j $(JOBS) --target portrait

$(BUILD)/configured: CMakeLists.txt
	@$(CMAKE) $(GENERATOR) -S . -B $(BUILD) $(SET) >/dev/null
	@touch $@

deps:
	@deps/install

demo: deps
	@$(MAKE) --no-print-directory all
	@tools/demo.sh $(BUILD)/demo

# make test T="eval window" runs only the tests whose name contains a word.
test: deps
	@tests/run.sh $(BUILD) $(T)

test-full: deps
	@FULL=1 tests/run.sh $(BUILD) $(T)

asan: deps
	@$(CMAKE) $(GENERATOR) -S . -B $(BUILD)-asan $(SET) -DSANITIZE=address >/dev/null
	@UNDER=asan tests/run.sh $(BUILD)-asan $(T)

tsan: deps
	@$(CMAKE) $(GENERATOR) -S . -B $(BUILD)-tsan $(SET) -DSANITIZE=thread >/dev/null
	@UNDER=tsan tests/run.sh $(BUILD)-tsan $(T)

# make bench B=eval runs one benchmark.
bench: deps
	@bench/run.sh $(BUILD) $(B)

# make fuzz F=lang SECONDS_EACH=60 runs one target.
fuzz: deps
	@tests/fuzz/run.sh $(BUILD)-fuzz "$(F)" $(or $(SECONDS_EACH),30)

lint: deps
	@tools/lint.sh $(BUILD)

fmt:
	@git ls-files '*.c' '*.h' | xargs clang-format -i

docs: all
	@tools/docs.sh $(BUILD)

install: all
	@$(CMAKE) --install $(BUILD) $(if $(PREFIX),--prefix $(PREFIX))

clean:
	@rm -rf $(BUILD) $(BUILD)-asan $(BUILD)-tsan $(BUILD)-fuzz
