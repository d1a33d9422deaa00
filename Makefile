# Everything starts here: `make run` opens the studio, `make test` tests it. Both install what they need.

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
WINDOW := $(VENV)/.libraries-for-window
SCREEN := $(VENV)/.libraries-for-virtual-screen
GLTF_VALIDATOR := tools/gltf_validator
VALIDATOR := $(GLTF_VALIDATOR)/node_modules/.package-lock.json
# The tests run on two processors at once: libraries that each took both would be in each other's way.
ONE_THREAD := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 LP_NUM_THREADS=1

# The first Python of version 3.11 or later; a name that is found but does not start is passed over.
FIND_PYTHON = for name in python3 python3.13 python3.12 python3.11 python3.14; do \
	if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$name; break; fi; done
PYTHON ?= $(shell $(FIND_PYTHON))
NEEDS_PYTHON = @test -n "$(PYTHON)" || { echo "No Python 3.11 or later was found: install one, or name it with make PYTHON=…" >&2; exit 1; }

ifeq ($(shell uname),Darwin)
HAS_DISPLAY := yes
else
HAS_DISPLAY := $(DISPLAY)$(WAYLAND_DISPLAY)
endif

.PHONY: help run pictures test lint bench tour clean

help:
	@echo "make run      open the studio; FILES=\"clip.npz …\" opens files with it"
	@echo "make test     run the tests; ARGS=\"-k window\" passes options to pytest"
	@echo "make lint     style, types and import rules"
	@echo "make bench    what starting, drawing and the forward pass cost on this machine"
	@echo "make tour     make the pictures of the README anew"
	@echo "make clean    remove the environment and everything made"

ifneq ($(HAS_DISPLAY),)
run: $(INSTALLED) $(WINDOW)
	$(BIN)/python run_studio.py $(FILES)
else
run: pictures
endif

pictures: $(INSTALLED) $(WINDOW) $(SCREEN)
	@echo "There is no display here: the studio opens on a virtual screen, and its pictures are left in out/."
	@mkdir -p out
	$(BIN)/python -m tools.virtual_screen $(BIN)/python run_studio.py $(FILES) --snapshot out/window.png
	$(BIN)/python run_studio.py turntable -o out/turntable.mp4
	@echo "out/window.png     the window as it opened"
	@echo "out/turntable.mp4  the head, turned once"

test: $(INSTALLED) $(WINDOW) $(SCREEN) $(if $(shell command -v npm),$(VALIDATOR))
	env -u DISPLAY -u WAYLAND_DISPLAY $(ONE_THREAD) $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: $(INSTALLED) $(WINDOW) $(SCREEN)
	$(BIN)/python -m benchmarks $(ARGS)

tour: $(INSTALLED) $(WINDOW) $(SCREEN)
	env -u DISPLAY -u WAYLAND_DISPLAY $(BIN)/python -m docs.make_tour

clean:
	rm -rf $(VENV) $(GLTF_VALIDATOR)/node_modules out .pytest_cache .mypy_cache .ruff_cache .import_linter_cache

$(INSTALLED): pyproject.toml tools/setup/environment.py
	$(NEEDS_PYTHON)
	$(PYTHON) -m tools.setup environment $(VENV)
	@touch $@

$(WINDOW): tools/setup/libraries.py | $(INSTALLED)
	$(BIN)/python -m tools.setup window
	@touch $@

$(SCREEN): tools/setup/libraries.py | $(INSTALLED)
	$(BIN)/python -m tools.setup virtual-screen
	@touch $@

# npm leaves this file when it is done, with the time of the package and not of the installation.
$(VALIDATOR): $(GLTF_VALIDATOR)/package-lock.json
	npm ci --prefix $(GLTF_VALIDATOR) --no-audit --no-fund --loglevel=error
	@touch $@
