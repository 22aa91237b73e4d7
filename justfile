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

# Search and match
bench:
    cargo bench --workspace

# Licences, bans, sources of every crate
deny:
    cargo deny check bans licenses sources
