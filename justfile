# Shortens lines of plain cargo; nothing here that cannot be typed.

# Serve the demo province
demo *args:
    cargo run --release -- demo {{args}}

# The documented tests, on SQLite
test *args:
    cargo test --workspace {{args}}

# The same on a PostgreSQL: just test-postgres postgres://postgres@127.0.0.1:5432/postgres
test-postgres url:
    LIANJIE_TEST_DATABASE={{url}} cargo test --workspace

# What CI looks at before it tests
lint:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps

# The properties of matching, plan, allocation, duplicates and the loop, each on a million made-up cases; some hours
properties cases="1000000":
    LIANJIE_PROPERTY_CASES={{cases}} cargo test --release --workspace -- properties:: lottery:: meeting:: rates::tests learn::tests whatever_happens

# Search and match
bench:
    cargo bench --workspace

# The program as it is shipped, and how large it is: 60 MB at most
release:
    cargo build --release
    test $(stat -c %s target/release/lianjie) -lt 60000000

# Throw what nobody wrote on purpose at query, hsds or sheet for half an hour (cargo-fuzz, a nightly toolchain)
fuzz target seconds="1800":
    cargo +nightly fuzz run {{target}} -- -max_total_time={{seconds}} -rss_limit_mb=4096

# Licences, bans, sources of every crate
deny:
    cargo deny check bans licenses sources
