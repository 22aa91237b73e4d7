//! Journeys through the product, over HTTP and by command, in one binary.
