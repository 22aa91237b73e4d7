//! Journeys through the product, over HTTP and by command, in one binary.

mod support;

mod accounts;
mod architecture;
mod permissions;
