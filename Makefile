# Caisson: what a person and CI type. `make help` lists it.

SWIFT      ?= swift
PREFIX     ?= /usr/local
DESTDIR    ?=
TEST_ROOTS ?= $(CURDIR)/.build/test-roots
MITMPROXY  ?= $(CURDIR)/.build/mitmproxy

.PHONY: help build test test-roots install demo bench sweep format lint clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## build for debugging
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
	PREFIX="$(PREFIX)" DESTDIR="$(DESTDIR)" SWIFT="$(SWIFT)" Scripts/install.sh

demo: ## show what caisson does, on a scratch root
	Scripts/install-test-tools.sh demo
	$(SWIFT) build --product caisson
	@"$$($(SWIFT) build --show-bin-path)/caisson" demo

bench: test-roots ## measure a release build beside the tools it replaces
	$(SWIFT) build -c release --static-swift-stdlib --product caisson
	Scripts/bench.py --roots "$(TEST_ROOTS)" --caisson "$$($(SWIFT) build -c release --show-bin-path)/caisson"

sweep: ## stop and fail a release build at every system call that changes the disk (an hour or more)
	Scripts/install-test-tools.sh
	$(SWIFT) build -c release --static-swift-stdlib --product caisson
	Scripts/sweep.py --caisson "$$($(SWIFT) build -c release --show-bin-path)/caisson"

format: ## format the sources in place
	$(SWIFT) format --in-place --parallel --recursive Package.swift Sources Tests

lint: ## complain about what `make format` would change, and more
	$(SWIFT) format lint --strict --parallel --recursive Package.swift Sources Tests

clean: ## forget the build and the test roots
	rm -rf .build
