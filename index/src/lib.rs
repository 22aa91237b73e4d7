//! Search and matching over the directory of lianjie.
