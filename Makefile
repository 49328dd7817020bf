# make demo    plan the example shop's migration and show it
# make test    everything a change must pass, as the continuous integration runs it
# make bench   how long reading, comparing, planning and writing take
#
# On Debian missing packages are installed by apt, as root or with sudo. Rust comes from rustup.

export PATH := $(HOME)/.cargo/bin:$(PATH)

# Where the demo's files go.
OUT ?= demo-migrations

.PHONY: demo test bench

demo:
	scripts/need.sh build
	cargo build --release --locked
	rm -rf "$(OUT)"
	cargo run --release --locked --quiet -- plan examples/shop/from.sql examples/shop/to.sql --out "$(OUT)"
	@find "$(OUT)" -name MIGRATION-PLAN.md -exec cat {} +
	@echo
	@echo "Written to $(OUT):"
	@find "$(OUT)" -type f | sort

# One set of features throughout, so that all is built once; only our own crate is checked without them.
test:
	scripts/need.sh build server
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	cargo test --locked --lib --bins --tests
	cargo check --locked --quiet --no-default-features

bench:
	scripts/need.sh build
	cargo bench --locked
