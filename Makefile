# Two commands: `make serve` and `make test`. Needs Python 3.11 and nothing else; everything stays in this folder.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
export BASIS_DATA ?= $(CURDIR)/.data

.PHONY: help serve test install index eval ablation baseline train calibrate answerability classifier conversations leaveout figures pictures clean
.DEFAULT_GOAL := help

help: ## list the commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 12

serve: index ## set up, build the index, try once for the official texts, open the page
	@$(BIN)/basis fetch --once 2>/dev/null
	$(BIN)/basis serve --open

test: $(VENV)/dev index ## set up and run every test that needs no network
	$(BIN)/ruff check . && $(BIN)/mypy && $(BIN)/lint-imports --no-cache
	$(BIN)/python -m pytest

install: $(VENV)/ready ## set up the virtual environment; then .venv/bin/basis works

index: $(VENV)/ready ## build the index, embedding only what changed
	@$(BIN)/basis index

eval: index ## measure the answers on the gold questions
	$(BIN)/basis eval

train: $(VENV)/ready ## train the model's adapter anew (an hour on two cores), then all that is learnt after it
	$(BIN)/python -m retriever.learning.adapter retriever/embedders/adapter.safetensors
	$(BIN)/python -m eval.adapter retriever/embedders/adapter.safetensors
	@$(MAKE) classifier conversations
	@$(MAKE) answerability calibrate

ablation: index ## measure what each searcher is worth, on the tuning questions
	@$(BIN)/python -m eval.ablation $(BASIS_DATA)

leaveout: index ## measure the treaties as if they had no lead-in questions, on the tuning questions
	@$(BIN)/python -m eval.leaving_out $(BASIS_DATA)

figures: eval ## keep the figures of `make eval` as those that the page shows out of the box
	cp $(BASIS_DATA)/quality.json eval/quality.json

baseline: index ## measure a fixed part of the tuning questions as what later changes are held against
	$(BIN)/basis eval run --set tuning --sample 200 --out eval/baseline.json

classifier: index ## learn from the lead-in questions which place answers a question (half a minute)
	$(BIN)/python -m retriever.learning.classifier $(BASIS_DATA)

conversations: $(VENV)/ready ## learn from conversations what a question means that follows others (18 minutes)
	$(BIN)/python -m retriever.learning.conversations retriever/embedders/conversation.safetensors

answerability: index ## learn from the training documents when a passage answers a question
	$(BIN)/python -m eval.answerability $(BASIS_DATA)

calibrate: index ## fit the confidence to the tuning questions
	$(BIN)/python -m eval.calibrate $(BASIS_DATA)

pictures: $(VENV)/dev index ## take the pictures of the page in docs/views anew
	PYTHONPATH=.:tests $(BIN)/python tests/pictures.py $(BASIS_DATA)

clean: ## remove what was installed and built
	rm -rf $(VENV) .data

$(VENV)/ready: pyproject.toml constraints.txt
	@command -v $(PYTHON) >/dev/null || { echo "Basis needs Python 3.11: wanted the command $(PYTHON). Name yours with make PYTHON=…"; exit 2; }
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	@echo "Installing (a few minutes, once) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check torch==2.13.0
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/dev: $(VENV)/ready
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@
