# The house commands. `make demo` and `make test` set up what they need.

SWIFT ?= swift
JOBS ?= 2
BUILD = $(SWIFT) build -j $(JOBS)

.PHONY: help demo test setup build format lint bench fuzz mutants soak clean record

help:
	@echo "make demo     set up, build and run a first ledger"
	@echo "make test     set up and run the tests"
	@echo "make format   lay out the Swift sources"
	@echo "make lint     check their layout"
	@echo "make record   record the snapshots anew (the run fails on purpose; read the changes)"
	@echo "make bench    build in release mode and measure"
	@echo "make fuzz     fuzz parser, checker, formatter, machine and kept code, half an hour each (SECONDS_EACH=1800)"
	@echo "make mutants  change each rule of the contracts in turn and see whether their scenarios notice"
	@echo "make soak     run the full counts of the long tests, resumable; results in .build-soak"
	@echo "make clean    remove what was built"

setup:
	@bash scripts/setup.sh

build: setup
	$(BUILD) --product remit

demo: setup
	@bash scripts/demo.sh

test: setup
	$(SWIFT) test -j $(JOBS)

record: setup
	REMIT_RECORD=1 $(SWIFT) test -j $(JOBS)

format:
	$(SWIFT) format --in-place --recursive --parallel Sources Tests Package.swift

lint:
	$(SWIFT) format lint --strict --recursive --parallel Sources Tests Package.swift

bench: setup
	$(BUILD) -c release --product remit
	@bash scripts/bench.sh
	@bash scripts/bench-ledger.sh
	@python3 scripts/bench-check.py --page Docs/performance.md
	@python3 scripts/bench-compare.py --page Docs/performance.md
	@python3 scripts/bench-replay.py --claims $${CLAIMS:-20000}

fuzz: setup
	@for part in parser checker formatter machine kept; do bash scripts/fuzz.sh $$part $${SECONDS_EACH:-1800} || exit 1; done

mutants: build
	@for contract in insurance-claim emergency-disbursement referral medical-record online-care herb-lots equipment \
			materials commercial-claim; do \
		"$$($(SWIFT) build --show-bin-path)/remit" mutate Contracts/$$contract.remit --at-least 95 \
			--known Docs/mutants.md || exit 1; \
	done

soak: setup
	@bash scripts/soak.sh

clean:
	rm -rf .build demo
