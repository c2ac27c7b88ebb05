# Caisson: what a person and CI type. `make help` lists it.

SWIFT      ?= swift
PREFIX     ?= /usr/local
DESTDIR    ?=
TEST_ROOTS ?= $(CURDIR)/.build/test-roots
MITMPROXY  ?= $(CURDIR)/.build/mitmproxy

FUZZ_SECONDS   ?= 60
FUZZ_TARGETS   ?=
SANITIZERS     ?= address thread
SANITIZE_FLAGS ?=

.PHONY: help build test test-roots install demo bench sweep fuzz sanitize format lint clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## build for debugging
	Scripts/install-test-tools.sh build
	$(SWIFT) build

test: test-roots ## install what the tests need (as root on Debian), build, run everything
	$(SWIFT) build --build-tests
	CAISSON_TEST_ROOTS="$(TEST_ROOTS)" CAISSON_MITMPROXY="$(MITMPROXY)" $(SWIFT) test --skip-build

# Exit code 77: not root, or no apt-get. Locally the tests that need it are then skipped, with a message each.
test-roots:
	Scripts/install-test-tools.sh || { [ $$? = 77 ] && [ -z "$$CI" ]; }
	Scripts/install-mitmproxy.sh "$(MITMPROXY)" || { [ $$? = 77 ] && [ -z "$$CI" ]; }
	Scripts/test-roots.sh "$(TEST_ROOTS)" || { [ $$? = 77 ] && [ -z "$$CI" ]; }

install: ## build for release and install under PREFIX (/usr/local)
	Scripts/install-test-tools.sh build
	PREFIX="$(PREFIX)" DESTDIR="$(DESTDIR)" SWIFT="$(SWIFT)" Scripts/install.sh

demo: ## show what caisson does, on a scratch root
	Scripts/install-test-tools.sh demo
	$(SWIFT) build --product caisson
	@"$$($(SWIFT) build --show-bin-path)/caisson" demo

bench: test-roots ## measure a release build beside the tools it replaces
	$(SWIFT) build -c release --static-swift-stdlib --product caisson
	Scripts/bench.py --roots "$(TEST_ROOTS)" --caisson "$$($(SWIFT) build -c release --show-bin-path)/caisson"
	Scripts/bench-containers.py --roots "$(TEST_ROOTS)" --caisson "$$($(SWIFT) build -c release --show-bin-path)/caisson"

sweep: ## stop and fail a release build at every system call that changes the disk (an hour or more)
	Scripts/install-test-tools.sh
	$(SWIFT) build -c release --static-swift-stdlib --product caisson
	Scripts/sweep.py --caisson "$$($(SWIFT) build -c release --show-bin-path)/caisson"

# The optimiser stays on, so that millions of inputs are tried; overflow and bounds still trap.
FUZZ_BUILD = CAISSON_FUZZ=1 $(SWIFT) build -c release --scratch-path .build/fuzz --product caisson-fuzz

fuzz: ## fuzz each parser for FUZZ_SECONDS (60), or only FUZZ_TARGETS; docs/fuzzing.md
	$(FUZZ_BUILD) -Xswiftc -sanitize=fuzzer -Xswiftc -enable-testing -Xswiftc -use-ld=lld
	Scripts/fuzz.py --fuzzer "$$($(FUZZ_BUILD) --show-bin-path)/caisson-fuzz" --work .build/fuzz/work \
		--seconds $(FUZZ_SECONDS) $(FUZZ_TARGETS)

# Each builds everything anew, so CI doesn't. Leaks aren't looked for: the Swift runtime keeps what it allocates once.
sanitize: ## run the tests under the address and the thread sanitizer (by hand: it takes long)
	for sanitizer in $(SANITIZERS); do \
		ASAN_OPTIONS=detect_leaks=0 \
		CAISSON_TEST_ROOTS="$(TEST_ROOTS)" CAISSON_MITMPROXY="$(MITMPROXY)" \
			$(SWIFT) test --sanitize=$$sanitizer --scratch-path .build/sanitize-$$sanitizer $(SANITIZE_FLAGS) || exit 1; \
	done

format: ## format the sources in place
	$(SWIFT) format --in-place --parallel --recursive Package.swift Sources Tests

lint: ## complain about what `make format` would change, and more
	$(SWIFT) format lint --strict --parallel --recursive Package.swift Sources Tests

clean: ## forget the build and the test roots
	rm -rf .build
